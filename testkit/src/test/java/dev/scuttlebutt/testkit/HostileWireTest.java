package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.wire.JsonLines;
import dev.scuttlebutt.wire.Limits;
import dev.scuttlebutt.wire.WireSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes an enemy sends, they end its own link at worst. */
class HostileWireTest {
    private static final int SEEDS = 25;
    private static final int SEEDS_OF_A_LONG_RUN = 1500;
    private static final int LINES = 60;

    @ParameterizedTest
    @MethodSource("dev.scuttlebutt.testkit.Hostile#types")
    void hostileLines_endOneLinkAtWorst(Workload<?> type) {
        Hostile.withSeeds(SEEDS, gen -> check(type, gen));
    }

    @Tag("fuzz")
    @ParameterizedTest
    @MethodSource("dev.scuttlebutt.testkit.Hostile#types")
    void hostileLines_forLonger_endOneLinkAtWorst(Workload<?> type) {
        Hostile.withSeeds(Hostile.seedsOfALongRun(SEEDS_OF_A_LONG_RUN), gen -> check(type, gen));
    }

    /** All that is left of it in the replica. */
    private record Left(@Nullable String error, Json state, List<Update> history, Clock clock) {
        static Left of(@Nullable String error, Replica replica) {
            return new Left(error, replica.toJson(), replica.history(), replica.clock());
        }
    }

    private static <R extends Replica> void check(Workload<R> type, Gen gen) {
        Crowd<R> crowd = new Crowd<>(type, gen).work(20);
        List<byte[]> recorded = Hostile.recorded(crowd.replicas);
        byte[] input =
                new HostileLines(gen, recorded, Hostile.LIMITS.maxLineBytes(), Hostile.LIMITS.maxDepth()).lines(LINES);
        R victim = crowd.create("victim");
        R again = crowd.create("victim");
        R honest = crowd.create("honest");
        if (gen.percent(50)) {
            List<Update> known = crowd.replicas.get(0).history();
            known.forEach(update -> Crowd.tell(victim, update));
            known.forEach(update -> Crowd.tell(again, update));
        }

        try (Pipe link = Pipe.connect(victim, honest)) {
            Left left = deliver(victim, input, gen);
            assertThat(deliver(again, input, null)).as("cut into single bytes").isEqualTo(left);

            assertThat(link.left().state()).as("the honest link").isEqualTo(Session.State.LIVE);
            Hostile.change(type, gen, victim);
            assertSame("the honest peer", victim, honest);
            assertSame("a replica that is told the history", victim, crowd.told(victim.history()));
        }
    }

    /** Hands it in, cut where the generator says or everywhere, and takes out what is answered meanwhile. */
    private static Left deliver(Replica victim, byte[] input, @Nullable Gen cuts) {
        WireSession session = new WireSession(victim.open(), Hostile.LIMITS);
        List<byte[]> answers = new ArrayList<>();
        String error = null;
        try {
            for (int from = 0; from < input.length; ) {
                int length = cuts == null ? 1 : cuts.lowBetween(1, 2000);
                int to = Math.min(input.length, from + length);
                session.receive(ByteBuffer.wrap(input, from, to - from));
                from = to;
                if (cuts == null || cuts.oneIn(3)) {
                    answers.add(Hostile.transmitted(session));
                }
            }
            session.receiveEnd();
        } catch (ProtocolException refused) {
            error = refused.getMessage();
            assertThat(session.session().state()).isEqualTo(Session.State.CLOSED);
        }
        answers.add(Hostile.transmitted(session));
        answers.forEach(HostileWireTest::assertReadable);
        assertThat(session.outputEnded()).isTrue();
        Left left = Left.of(error, victim);
        hearNoMore(session);
        assertThat(Left.of(error, victim)).as("what came after the end").isEqualTo(left);
        return left;
    }

    private static void hearNoMore(WireSession session) {
        try {
            session.receive(ByteBuffer.wrap(
                    ("[[\"late\",1]," + ManualTime.START + ",\"late\"]\n\"SYNC\"\n").getBytes(StandardCharsets.UTF_8)));
        } catch (ProtocolException stillBroken) {
            assertThat(session.session().state()).isEqualTo(Session.State.CLOSED);
        }
    }

    private static void assertReadable(byte[] answer) {
        try {
            JsonLines.Decoder decoder = new JsonLines.Decoder(Limits.defaults());
            decoder.decode(ByteBuffer.wrap(answer), new ArrayList<>());
        } catch (ProtocolException broken) {
            throw new AssertionError("our answer is no protocol: " + broken.getMessage(), broken);
        }
    }

    private static void assertSame(String what, Replica expected, Replica actual) {
        assertThat(actual.toJson()).as(what).isEqualTo(expected.toJson());
        assertThat(actual.history()).as(what).isEqualTo(expected.history());
    }
}
