package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.wire.Limits;
import dev.scuttlebutt.wire.WireSession;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** What the searches for hostile input have in common. */
final class Hostile {
    static final Limits LIMITS = Limits.defaults().maxLineBytes(3000).maxDepth(40);

    /** How many seeds the long runs have, of each type. */
    private static final String SEEDS_PROPERTY = "scuttlebutt.seeds";

    /** What a boat says of a key that was given another type, registered here or not. */
    private static final List<String> TAKEN = List.of("was not made", ", not a ", "; wanted ");

    private Hostile() {}

    static Stream<Named<Workload<?>>> types() {
        return Stream.of(
                Named.of("model", Workloads.model()),
                Named.of("events", Workloads.events()),
                Named.of("value", Workloads.value(5)),
                Named.of("append-only", Workloads.appendOnly()),
                Named.of("expiry-model", Workloads.expiryModel()),
                Named.of("object", Workloads.gossipObject()),
                Named.of("bucket", Workloads.scuttlebucket()),
                Named.of("boat", Workloads.scuttleboat()),
                Named.of("doc", Workloads.doc()),
                Named.of("r-array", Workloads.array()),
                Named.of("r-string", Workloads.string()),
                Named.of("r-edit", Workloads.edit()));
    }

    static int seedsOfALongRun(int usual) {
        return Integer.getInteger(SEEDS_PROPERTY, usual);
    }

    /** Makes the claim for each seed, or for the one that is asked for. */
    static void withSeeds(int count, Consumer<Gen> claim) {
        Long only = Long.getLong(Simulation.SEED_PROPERTY);
        long first = only == null ? 1 : only;
        for (long seed = first; seed < first + (only == null ? count : 1); seed++) {
            try {
                claim.accept(Gen.seeded(seed));
            } catch (RuntimeException | Error failure) {
                throw new AssertionError(
                        "with seed " + seed + " (alone: -D" + Simulation.SEED_PROPERTY + "=" + seed + "): " + failure,
                        failure);
            }
        }
    }

    /** Makes a change, unless an enemy took the document for another type, which its users are told. */
    static <R extends Replica> void change(Workload<R> type, Gen gen, R replica) {
        try {
            Crowd.change(type, gen, replica);
        } catch (IllegalStateException | IllegalArgumentException told) {
            String message = String.valueOf(told.getMessage());
            if (TAKEN.stream().noneMatch(message::contains)) {
                throw told;
            }
        }
    }

    /** Returns what the replicas would write to a peer that has nothing. */
    static List<byte[]> recorded(List<? extends Replica> replicas) {
        List<byte[]> lines = new ArrayList<>();
        for (Replica replica : replicas) {
            try (WireSession session = new WireSession(replica.open())) {
                session.assume(Clock.EMPTY);
                for (String line : new String(transmitted(session), StandardCharsets.UTF_8).split("\n")) {
                    lines.add(line.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return lines;
    }

    static byte[] transmitted(WireSession session) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer out = ByteBuffer.allocate(4096);
        boolean more;
        do {
            out.clear();
            more = session.transmit(out);
            all.write(out.array(), 0, out.position());
        } while (more);
        return all.toByteArray();
    }
}
