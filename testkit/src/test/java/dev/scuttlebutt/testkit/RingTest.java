package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.types.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A change travels however far within one call, without recursion and without help from another thread. */
class RingTest {

    @Test
    void value_goesRoundARingOf20000InOneCall() {
        goesRound(20_000);
    }

    @Test
    @Tag("soak")
    void value_goesRoundARingOf100000InOneCall() {
        goesRound(100_000);
    }

    private static void goesRound(int count) {
        List<Value> ring = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ring.add(new Value("v" + i));
        }
        for (int i = 0; i < count; i++) {
            Pipe.connect(ring.get(i), ring.get((i + 1) % count));
        }
        ring.get(0).set("round");
        assertThat(ring).allMatch(value -> "round".equals(value.get(String.class)));
        ring.get(count / 2).set("and back");
        assertThat(ring).allMatch(value -> "and back".equals(value.get(String.class)));
    }
}
