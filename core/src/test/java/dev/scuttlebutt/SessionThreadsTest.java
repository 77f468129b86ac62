package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replicas written, read, linked and cut by several threads at once. */
@Timeout(120)
class SessionThreadsTest {
    /** Moves messages one way on a thread of its own that sleeps until it is woken, as transports do. */
    private static final class Carrier implements Runnable {
        final Session from;
        final Session to;
        final Semaphore wakeups = new Semaphore(0);

        Carrier(Session from, Session to) {
            this.from = from;
            this.to = to;
            from.onReady(wakeups::release);
        }

        @Override
        public void run() {
            List<Message> batch = new ArrayList<>();
            while (true) {
                from.poll(batch, 16, 1000);
                if (!batch.isEmpty()) {
                    to.receive(batch);
                    batch.clear();
                } else if (from.outputEnded()) {
                    to.receiveEnd();
                    return;
                } else {
                    wakeups.acquireUninterruptibly();
                    wakeups.drainPermits();
                }
            }
        }
    }

    private static void startAndJoin(List<? extends Runnable> tasks) throws InterruptedException {
        CountDownLatch together = new CountDownLatch(1);
        List<Thread> threads = tasks.stream()
                .map(task -> new Thread(() -> {
                    try {
                        together.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    task.run();
                }))
                .toList();
        threads.forEach(Thread::start);
        together.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Writes, and then ends the sessions: whoever slept through a wake-up would now sleep for ever. */
    private static Runnable writer(Model model, int writes, CountDownLatch othersToo) {
        return () -> {
            for (int i = 0; i < writes; i++) {
                model.set("k" + i % 20, model.id() + i);
            }
            othersToo.countDown();
        };
    }

    @Test
    void twoReplicas_eachDirectionOnAThreadOfItsOwn_loseNothing() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            Model a = new Model("A");
            Model b = new Model("B");
            Session atA = a.open();
            Session atB = b.open();
            CountDownLatch written = new CountDownLatch(3);
            // Before the peer has said what it has, nothing is due, and an end would end everything.
            a.on(SessionEvent.HandshakeReceived.class, event -> written.countDown());
            Runnable ender = () -> {
                try {
                    written.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                // What is due is still sent, in both directions.
                atA.end();
            };
            startAndJoin(List.of(
                    writer(a, 500, written),
                    writer(b, 500, written),
                    new Carrier(atA, atB),
                    new Carrier(atB, atA),
                    ender));

            assertThat(a.history()).isEqualTo(b.history());
            assertThat(a.sessions()).isEmpty();
            assertThat(b.sessions()).isEmpty();
        }
    }

    @Test
    void linksMadeAndCutWhileOthersWrite_leaveTheReplicasSound() throws InterruptedException {
        List<Model> models =
                IntStream.range(0, 3).mapToObj(i -> new Model("m" + i)).toList();
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch written = new CountDownLatch(3);
        List<Runnable> tasks = new ArrayList<>();
        models.forEach(model -> tasks.add(writer(model, 1000, written)));
        for (int i = 0; i < 3; i++) {
            Model left = models.get(i);
            Model right = models.get((i + 1) % 3);
            tasks.add(() -> {
                while (!done.get()) {
                    Pipe pipe = Pipe.connect(left, right);
                    left.keys();
                    pipe.close();
                    if (written.getCount() == 0) {
                        done.set(true);
                    }
                }
            });
        }
        startAndJoin(tasks);
        assertThat(models).allMatch(model -> model.sessions().isEmpty());
        for (int i = 0; i < 3; i++) {
            Pipe.connect(models.get(i), models.get((i + 1) % 3));
        }

        for (Model model : models) {
            assertThat(model.history()).isEqualTo(models.get(0).history());
        }
    }

    @Test
    void listeners_runOneAtATime_inTheOrderOfTheUpdates() throws InterruptedException {
        Model model = new Model("M");
        List<String> heard = new ArrayList<>(); // not synchronised: listeners do not overlap
        model.on(Model.Changed.class, changed -> heard.add(changed.update().toString()));
        List<Update> applied = new ArrayList<>();
        model.on(ReplicaEvent.Applied.class, event -> applied.add(event.update()));
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String source = "S" + i;
            tasks.add(() -> {
                for (int t = 1; t <= 1000; t++) {
                    model.apply(Update.of(List.of(source + t, t), t, source));
                }
            });
        }
        startAndJoin(tasks);

        assertThat(heard).hasSize(4000);
        assertThat(applied).extracting(Update::toString).isEqualTo(heard);
        for (int i = 0; i < 4; i++) {
            String source = "S" + i;
            assertThat(applied.stream()
                            .filter(update -> update.source().equals(source))
                            .map(Update::timestamp))
                    .isSorted()
                    .hasSize(1000);
        }
    }

    @Test
    void reads_areConsistent_whileUpdatesAreApplied() throws InterruptedException {
        Model model = new Model("M");
        AtomicBoolean done = new AtomicBoolean();
        List<String> torn = new ArrayList<>();
        startAndJoin(List.of(
                () -> {
                    for (int i = 1; i <= 3000; i++) {
                        model.set("k" + i, i);
                    }
                    done.set(true);
                },
                () -> {
                    while (!done.get()) {
                        int keys = model.keys().size();
                        int held = model.history().size();
                        int again = model.toJson().size();
                        if (keys > held || held > again) {
                            torn.add(keys + " keys, then " + held + " updates, then " + again);
                        }
                    }
                }));

        assertThat(torn).isEmpty();
    }
}
