package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkedOutChangeTest {

    record Noted(String what) implements ReplicaEvent {}

    /** Adds numbers: each update carries the sum that its maker saw, plus one. */
    static final class Counter extends Replica {
        private @Nullable Update latest;

        Counter(ReplicaOptions options) {
            super(options);
        }

        @Nullable
        Update make(Supplier<? extends @Nullable Json> maker) {
            return localUpdate(maker);
        }

        Update increment() {
            Update update = localUpdate(() -> {
                if (latest == null) {
                    return Json.of(1);
                }
                stampAbove(latest);
                return Json.of(latest.change().asDouble() + 1);
            });
            assertThat(update).isNotNull();
            return update;
        }

        double sum() {
            return read(() -> latest == null ? 0 : latest.change().asDouble());
        }

        void incrementInsideRead() {
            read(() -> localUpdate(() -> Json.of(1)));
        }

        void stampAboveOutside(Update update) {
            stampAbove(update);
        }

        void note(String what) {
            publish(new Noted(what));
        }

        int draw() {
            return read(() -> random().nextInt());
        }

        @Override
        protected boolean applyUpdate(Update update) {
            if (latest != null && latest.isAfter(update)) {
                return false;
            }
            if (latest != null) {
                forget(latest);
            }
            latest = update;
            return true;
        }
    }

    private static ReplicaOptions options(String id) {
        return ReplicaOptions.defaults().id(id).time(() -> 1000);
    }

    @Test
    void localUpdate_ofMaker_isAppliedAndReturned() {
        Counter counter = new Counter(options("a"));
        counter.increment();
        Update second = counter.increment();
        assertThat(counter.sum()).isEqualTo(2);
        assertThat(counter.history()).containsExactly(second);
    }

    @Test
    void localUpdate_whenMakerReturnsNull_changesNothingAndDeliversWhatItPublished() {
        Counter counter = new Counter(options("a"));
        List<String> heard = new ArrayList<>();
        counter.on(Noted.class, noted -> heard.add(noted.what()));
        Update none = counter.make(() -> {
            counter.note("looked");
            return null;
        });
        assertThat(none).isNull();
        assertThat(heard).containsExactly("looked");
        assertThat(counter.clock()).isEqualTo(Clock.EMPTY);
    }

    @Test
    void stampAbove_aFasterClock_winsOverIt() {
        Counter counter = new Counter(options("a"));
        counter.apply(Update.of(41, 5000, "z"));
        Update mine = counter.increment();
        assertThat(mine.timestamp()).isGreaterThan(5000);
        assertThat(counter.sum()).isEqualTo(42);
    }

    @Test
    void stampAbove_anAbsurdTimestamp_isNotFollowed() {
        Counter counter = new Counter(options("a"));
        counter.apply(Update.of(41, 9e299, "forger"));
        Update mine = counter.increment();
        assertThat(mine.timestamp()).isEqualTo(1000);
        assertThat(counter.sum()).isEqualTo(41);
    }

    @Test
    void stampAbove_outsideAMaker_isRefused() {
        Counter counter = new Counter(options("a"));
        Update update = counter.increment();
        assertThatThrownBy(() -> counter.stampAboveOutside(update)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void localUpdate_insideRead_isRefused() {
        Counter counter = new Counter(options("a"));
        assertThatThrownBy(counter::incrementInsideRead).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void localUpdate_whenMakerThrows_leavesTheReplicaUsable() {
        Counter counter = new Counter(options("a"));
        assertThatThrownBy(() -> counter.make(() -> {
                    throw new IllegalArgumentException("no");
                }))
                .hasMessage("no");
        counter.increment();
        assertThat(counter.sum()).isEqualTo(1);
    }

    @Test
    void localUpdate_withClones_isMadeOnceAndSharesTheOrderOfTimestamps() {
        Counter counter = new Counter(options("a"));
        Counter clone = counter.clone(Counter::new);
        counter.increment();
        clone.apply(Update.of(6, 7000, "z"));
        clone.increment();
        assertThat(counter.sum()).isEqualTo(7);
        assertThat(clone.sum()).isEqualTo(7);
        assertThat(counter.history()).isEqualTo(clone.history()).hasSize(1);
    }

    @Test
    void random_givenInOptions_repeats() {
        Counter one = new Counter(options("a").random(new Random(5)));
        Counter other = new Counter(options("b").random(new Random(5)));
        assertThat(one.draw()).isEqualTo(other.draw());
        assertThat(new Counter(options("c")).draw()).isNotEqualTo(new Counter(options("d")).draw());
    }
}
