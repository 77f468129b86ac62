package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PipeTest {
    private final Model a = new Model("A");
    private final Model b = new Model("B");

    @Test
    void connect_bothHaveWhatTheOtherHad() {
        a.set("a", 1);
        b.set("b", 2);
        Pipe pipe = Pipe.connect(a, b);

        assertThat(a.toJson()).isEqualTo(b.toJson());
        assertThat(a.keys()).containsExactlyInAnyOrder("a", "b");
        assertThat(pipe.left().state()).isEqualTo(Session.State.LIVE);
        assertThat(pipe.right().state()).isEqualTo(Session.State.LIVE);
    }

    @Test
    void change_isOnTheOtherWhenTheCallReturns() {
        Pipe.connect(a, b);
        a.set("k", 1);
        assertThat(b.get("k")).hasToString("1");
        b.set("k", 2);

        assertThat(a.get("k")).hasToString("2");
    }

    @Test
    void updates_passAsTheyAre() {
        Pipe.connect(a, b);
        a.set("k", 1);

        assertThat(b.history().get(0)).isSameAs(a.history().get(0));
    }

    @Test
    void history_ofManyBatches_passesOnce() {
        for (int i = 0; i < 1000; i++) {
            a.set("k" + i, i);
        }
        Pipe pipe = Pipe.connect(a, b);

        assertThat(pipe.right().stats().received()).isEqualTo(1000);
        assertThat(pipe.right().stats().stale()).isZero();
    }

    @Test
    void close_cutsBothSides() {
        Pipe pipe = Pipe.connect(a, b);
        pipe.close();
        a.set("k", 1);

        assertThat(b.get("k")).isNull();
        assertThat(a.sessions()).isEmpty();
        assertThat(b.sessions()).isEmpty();
    }

    @Test
    void end_ofOneSide_endsTheOther() {
        Pipe pipe = Pipe.connect(a, b);
        pipe.left().receiveEnd();

        assertThat(pipe.left().state()).isEqualTo(Session.State.CLOSED);
        assertThat(pipe.right().state()).isEqualTo(Session.State.CLOSED);
    }

    @Test
    void end_ofOneOutput_leavesTheOtherDirection() {
        Pipe pipe = Pipe.connect(a, b);
        pipe.left().end();

        assertThat(pipe.right().state()).as("the end of the peer ends it").isEqualTo(Session.State.CLOSED);
        assertThat(pipe.left().state()).isEqualTo(Session.State.CLOSED);
    }

    @Test
    void tailFalse_onBothSides_isOneExchange() {
        a.set("a", 1);
        b.set("b", 2);
        SessionOptions once = SessionOptions.twoWay().tail(false);
        Pipe.connect(a, once, b, once);
        assertThat(a.toJson()).isEqualTo(b.toJson());
        assertThat(a.sessions()).isEmpty();
        assertThat(b.sessions()).isEmpty();
        a.set("later", 1);

        assertThat(b.get("later")).isNull();
    }

    @Test
    void oneWay_goesOneWay() {
        a.set("a", 1);
        b.set("b", 2);
        Pipe.connect(a, SessionOptions.sendOnly(), b, SessionOptions.receiveOnly());
        a.set("live", 1);
        b.set("kept back", 1);

        assertThat(b.keys()).contains("a", "live");
        assertThat(a.keys()).doesNotContain("b", "kept back");
    }

    @Test
    void sendOnlySnapshot_closesBothSides() {
        a.set("a", 1);
        Pipe.connect(
                a,
                SessionOptions.sendOnly().expectClock(false).tail(false),
                b,
                SessionOptions.receiveOnly().sendClock(false));

        assertThat(b.get("a")).hasToString("1");
        assertThat(a.sessions()).isEmpty();
        assertThat(b.sessions()).isEmpty();
    }

    @Test
    void connect_insideAListener_convergesWhenTheOutermostCallReturns() {
        a.set("a", 1);
        Model trigger = new Model("T");
        trigger.on(Model.Changed.class, changed -> Pipe.connect(a, b));
        trigger.set("go", 1);

        assertThat(b.get("a")).hasToString("1");
    }

    @Test
    void connect_whileAnotherThreadWrites_losesNothing() throws InterruptedException {
        for (int round = 0; round < 500; round++) {
            Model from = new Model("F");
            Model to = new Model("T");
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 50; i++) {
                    from.set("k" + i, i);
                }
            });
            writer.start();
            Pipe.connect(from, to);
            writer.join();

            assertThat(to.keys()).hasSize(50);
        }
    }

    @Test
    void ring_ofManyReplicas_isPassedWithoutRecursion() {
        int size = 5000;
        List<Model> ring =
                IntStream.range(0, size).mapToObj(i -> new Model("r" + i)).toList();
        for (int i = 0; i < size; i++) {
            Pipe.connect(ring.get(i), ring.get((i + 1) % size));
        }
        ring.get(size / 3).set("k", "round");

        assertThat(ring).allMatch(replica -> "round".equals(replica.get("k").asString()));
    }

    @Test
    void mesh_writtenByManyThreads_converges() throws InterruptedException {
        List<Model> mesh =
                IntStream.range(0, 4).mapToObj(i -> new Model("m" + i)).toList();
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < i; j++) {
                Pipe.connect(mesh.get(i), mesh.get(j));
            }
        }
        CountDownLatch together = new CountDownLatch(1);
        List<Thread> writers = new ArrayList<>();
        for (Model model : mesh) {
            Thread writer = new Thread(() -> {
                try {
                    together.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                for (int i = 0; i < 500; i++) {
                    model.set("k" + i % 10, model.id() + i);
                }
            });
            writer.start();
            writers.add(writer);
        }
        together.countDown();
        for (Thread writer : writers) {
            writer.join();
        }

        for (Model model : mesh) {
            // Not the clock: a source whose every update was superseded on the way is news to nobody.
            assertThat(model.history()).isEqualTo(mesh.get(0).history());
        }
    }
}
