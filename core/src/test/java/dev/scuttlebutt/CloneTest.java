package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Value;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloneTest {
    private final Model original = new Model("A");

    @Test
    void clone_hasTheIdAndTheContent() {
        original.set("a", 1);
        original.apply(Update.of(List.of("b", 2), 5, "B"));
        Model clone = original.clone(Model::new);

        assertThat(clone.id()).isEqualTo("A");
        assertThat(clone.toJson()).isEqualTo(original.toJson());
        assertThat(clone.history()).isEqualTo(original.history());
    }

    @Test
    void clone_hasSeenWhatTheOriginalHasSeen() {
        original.apply(Update.of(List.of("k", "old"), 5, "gone"));
        original.apply(Update.of(List.of("k", "new"), 6, "B"));
        Model clone = original.clone(Model::new);

        assertThat(clone.clock()).isEqualTo(original.clock());
        assertThat(clone.apply(Update.of(List.of("other", 1), 4, "gone"))).isEqualTo(Outcome.STALE);
    }

    @Test
    void endOfAnotherSession_leavesTheCloneLinked() {
        Model clone = original.clone(Model::new);
        clone.open().close();
        original.open().close();
        original.set("a", 1);

        assertThat(original.clones()).isEqualTo(1);
        assertThat(clone.get("a")).hasToString("1");
    }

    @Test
    void change_onEither_isOnBothWhenTheCallReturns() {
        Model clone = original.clone(Model::new);
        original.set("a", 1);
        assertThat(clone.get("a")).hasToString("1");
        clone.set("b", 2);
        assertThat(original.get("b")).hasToString("2");
        original.apply(Update.of(List.of("c", 3), 5, "C"));
        assertThat(clone.get("c")).hasToString("3");

        assertThat(clone.history()).isEqualTo(original.history());
    }

    @Test
    void changes_onBoth_shareOneOrderOfTimestamps() {
        Model clone = original.clone(Model::new);
        Model third = clone.clone(Model::new);
        for (int i = 0; i < 100; i++) {
            List.of(original, clone, third).get(i % 3).set("k" + i, i);
        }

        assertThat(original.history()).hasSize(100);
        assertThat(clone.history()).isEqualTo(original.history());
        assertThat(third.history()).isEqualTo(original.history());
    }

    @Test
    void changes_bySeveralThreads_areNeverLost() throws InterruptedException {
        Model clone = original.clone(Model::new);
        List<Thread> writers = IntStream.range(0, 4)
                .mapToObj(number -> new Thread(() -> {
                    for (int i = 0; i < 500; i++) {
                        (number % 2 == 0 ? original : clone).set("k" + number + "-" + i, i);
                    }
                }))
                .toList();
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(original.keys()).hasSize(2000);
        assertThat(clone.toJson()).isEqualTo(original.toJson());
        assertThat(clone.clock()).isEqualTo(original.clock());
    }

    @Test
    void change_isHeardOncePerReplica() {
        Model clone = original.clone(Model::new);
        Heard atOriginal = Heard.from(original);
        Heard atClone = Heard.from(clone);
        original.set("a", 1);
        clone.set("b", 2);

        assertThat(atOriginal.names()).containsExactly("Changed", "Applied", "Changed", "Applied");
        assertThat(atClone.names()).containsExactly("Changed", "Applied", "Changed", "Applied");
    }

    @Test
    void peersOfEither_getTheChangesOfBoth() {
        Model clone = original.clone(Model::new);
        Model left = new Model("L");
        Model right = new Model("R");
        Pipe.connect(left, original);
        Pipe.connect(clone, right);
        original.set("a", 1);
        clone.set("b", 2);
        left.set("c", 3);

        assertThat(left.toJson()).isEqualTo(right.toJson());
        assertThat(right.keys()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void clones_countsThem() {
        Heard heard = Heard.from(original);
        Model one = original.clone(Model::new);
        Model two = original.clone(Model::new);
        assertThat(original.clones()).isEqualTo(2);
        assertThat(original.sessions()).hasSize(2);
        assertThat(one.sessions()).hasSize(1);
        one.dispose();
        assertThat(original.clones()).isEqualTo(1);
        assertThat(original.sessions()).hasSize(1);
        two.sessions().get(0).close();
        assertThat(original.clones()).isZero();

        assertThat(heard.all(ReplicaEvent.CloneClosed.class))
                .extracting(ReplicaEvent.CloneClosed::remaining)
                .containsExactly(1, 0);
    }

    @Test
    void disposeOfTheOriginal_letsItsClonesGo() {
        Model clone = original.clone(Model::new);
        original.dispose();
        assertThat(original.clones()).isZero();
        assertThat(clone.sessions()).isEmpty();
        original.set("a", 1);

        assertThat(clone.get("a")).isNull();
    }

    @Test
    void clone_givenAnotherId_staysLinkedAndWritesForItself() {
        Model clone = original.clone(Model::new);
        clone.setId("B");
        clone.set("b", 1);
        original.set("a", 1);

        assertThat(original.get("b")).hasToString("1");
        assertThat(clone.get("a")).hasToString("1");
        assertThat(original.clock().sources()).containsExactlyInAnyOrder("A", "B");
    }

    @Test
    void clone_givenItsOwnId_goesOnSharing() {
        Model clone = original.clone(Model::new);
        clone.setId("A");
        for (int i = 0; i < 50; i++) {
            (i % 2 == 0 ? original : clone).set("k" + i, i);
        }

        assertThat(original.keys()).hasSize(50);
        assertThat(clone.keys()).hasSize(50);
    }

    @Test
    void clone_whoseFactoryThrows_leavesTheOriginalAlone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> original.clone(options -> {
                    throw new IllegalArgumentException("on purpose");
                }));
        assertThat(original.clones()).isZero();
        original.set("b", 2);
        assertThat(original.get("b")).hasToString("2");
    }

    @Test
    void clone_ofAnotherType_thatCannotTakeTheContent_leavesTheOriginalAlone() {
        Value value = new Value("A");
        value.set("not the change of a model");

        assertThatIllegalArgumentException().isThrownBy(() -> value.clone(Model::new));
        value.set("x");
        assertThat(value.get()).hasToString("\"x\"");
        assertThat(value.clones()).isZero();
        assertThat(value.sessions()).isEmpty();
    }
}
