package dev.scuttlebutt.bench;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.History;
import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonWriter;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.JsonLines;
import dev.scuttlebutt.wire.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What happens once or more for each update. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class HotPathsBenchmark {
    private static final String LINE =
            "[[\"key123\",{\"x\":12.5,\"y\":3,\"name\":\"Ada\"}],1353440320923.313,\"3A9F02B7\"]";

    /** One line that came from a peer. */
    @State(Scope.Thread)
    public static class Arriving {
        final JsonLines.Decoder decoder = new JsonLines.Decoder(Limits.defaults());
        final ByteBuffer bytes = ByteBuffer.wrap((LINE + "\n").getBytes(StandardCharsets.US_ASCII));
        final List<Message> messages = new ArrayList<>(1);
        final Json change = Update.parse(LINE).change();
        final JsonWriter writer = new JsonWriter();
    }

    /** Decodes a line into an update. */
    @Benchmark
    public Message parse(Arriving state) throws ProtocolException {
        state.messages.clear();
        state.decoder.decode(state.bytes.rewind(), state.messages);
        return state.messages.get(0);
    }

    /** Decodes a line and builds the tree of its change, as a type does that looks at the value. */
    @Benchmark
    public Json parseAndRead(Arriving state) throws ProtocolException {
        state.messages.clear();
        state.decoder.decode(state.bytes.rewind(), state.messages);
        return ((Update) state.messages.get(0)).change();
    }

    /** Prints the change. */
    @Benchmark
    public int encode(Arriving state) {
        state.writer.reset();
        state.writer.write(state.change);
        return state.writer.length();
    }

    /** A model of a thousand keys, written to here. */
    @State(Scope.Thread)
    public static class Writing {
        final Model model = new Model("bench");
        final String[] keys = new String[1_000];
        int next;

        /** Names the keys. */
        @Setup
        public void name() {
            for (int i = 0; i < keys.length; i++) {
                keys[i] = "key" + i;
            }
        }
    }

    /** Stamps, encodes and applies a change made here. */
    @Benchmark
    public void stamp(Writing state) {
        int i = state.next++;
        state.model.set(state.keys[i % state.keys.length], i);
    }

    /** Updates of another replica, made ahead; each key has a newer one every thousand updates. */
    @State(Scope.Thread)
    public static class Applying {
        static final int COUNT = 1 << 16;
        final Update[] updates = new Update[COUNT];
        Model model = new Model("bench");
        int next;

        /** Makes the updates. */
        @Setup
        public void make() {
            for (int i = 0; i < COUNT; i++) {
                updates[i] = Update.of(List.of("key" + i % 1_000, i), 1e12 + i, "peer");
            }
        }
    }

    /** Applies a parsed update. */
    @Benchmark
    public Object apply(Applying state) {
        if (state.next == Applying.COUNT) {
            state.next = 0;
            state.model = new Model("bench");
        }
        return state.model.apply(state.updates[state.next++]);
    }

    /** A history of one source, and a peer that lacks the last hundred. */
    @State(Scope.Thread)
    public static class Held {
        /** Updates held. */
        @Param({"1000", "1000000"})
        int held;

        final History history = History.byTimestamp();
        Clock peer = Clock.EMPTY;

        /** Fills the history. */
        @Setup
        public void fill() {
            for (int i = 0; i < held; i++) {
                history.append(Update.of(i, i, "source"));
            }
            peer = Clock.of(Map.of("source", held - 101.0));
        }
    }

    /** Finds the hundred updates a clock lacks. */
    @Benchmark
    public int historyAfterClock(Held state) {
        History.Cursor cursor = state.history.open(state.peer);
        int count = 0;
        while (cursor.nextHeld() != null) {
            count++;
        }
        cursor.close();
        return count;
    }
}
