package dev.scuttlebutt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Heard;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Security;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.TextLink;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.Verdict;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireSessionTest {
    private final Model model = new Model("M");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] transmit(WireSession session, int room) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer out = ByteBuffer.allocate(room);
        boolean more;
        do {
            out.clear();
            more = session.transmit(out);
            assertThat(more && out.position() == 0)
                    .as("a promise without a byte")
                    .isFalse();
            all.write(out.array(), 0, out.position());
        } while (more);
        return all.toByteArray();
    }

    @Test
    void transmit_intoRoomOfAnySize_givesTheSameBytes() throws ProtocolException {
        for (int i = 0; i < 20; i++) {
            model.set("k" + i, "é€😀".repeat(i));
        }
        byte[] expected = null;
        for (int room : new int[] {1 << 16, 1, 2, 3, 7, 64, 1000}) {
            WireSession session = new WireSession(model.open());
            session.receive(ByteBuffer.wrap(utf8("{\"clock\":{}}\n")));
            byte[] bytes = transmit(session, room);
            if (expected == null) {
                expected = bytes;
            }
            assertThat(bytes).as("room for " + room).isEqualTo(expected);
            session.close();
        }
        assertThat(new String(expected, StandardCharsets.UTF_8))
                .endsWith("\"SYNC\"\n")
                .hasLineCount(22);
    }

    @Test
    void transmit_withoutRoom_saysThatThereMayBeMore() {
        WireSession session = new WireSession(model.open());

        assertThat(session.transmit(ByteBuffer.allocate(0))).isTrue();
        assertThat(transmit(session, 100)).isNotEmpty();
        assertThat(session.transmit(ByteBuffer.allocate(100))).isFalse();
    }

    @Test
    void transmit_writesBehindWhatIsThere() {
        WireSession session = new WireSession(model.open());
        ByteBuffer out = ByteBuffer.allocateDirect(100);
        out.put((byte) 'x');
        session.transmit(out);

        assertThat(StandardCharsets.UTF_8.decode(out.flip()).toString()).isEqualTo("x{\"id\":\"M\",\"clock\":{}}\n");
    }

    @Test
    void transmit_whileStalled_takesNoMoreThanThereWasRoomFor() throws ProtocolException {
        WireSession session = new WireSession(model.open());
        session.receive(ByteBuffer.wrap(utf8("{\"clock\":{}}\n")));
        transmit(session, 1000);
        for (int i = 0; i < 1000; i++) {
            model.set("k", i);
        }
        ByteBuffer tiny = ByteBuffer.allocate(3);
        session.transmit(tiny);
        for (int i = 0; i < 1000; i++) {
            model.set("k", i);
        }
        String rest = new String(transmit(session, 1000), StandardCharsets.UTF_8);

        assertThat(rest).as("the line that was begun, and the latest").hasLineCount(2);
    }

    @Test
    void outputEnded_onlyWhenTheLastByteIsOut() throws ProtocolException {
        WireSession session = new WireSession(model.open());
        session.receiveEnd();
        ByteBuffer out = ByteBuffer.allocate(5);
        while (session.transmit(out)) {
            assertThat(session.outputEnded()).isFalse();
            out.clear();
        }

        assertThat(session.outputEnded()).isTrue();
    }

    @Test
    void transmit_withRoomForVeryMany_writesThemAll() throws ProtocolException {
        for (int i = 0; i < 3_000; i++) {
            model.set("k" + i, i);
        }
        WireSession session = new WireSession(model.open());
        session.receive(ByteBuffer.wrap(utf8("{\"clock\":{}}\n")));
        ByteBuffer out = ByteBuffer.allocate(1 << 20);

        assertThat(session.transmit(out)).isFalse();
        assertThat(StandardCharsets.UTF_8.decode(out.flip()).toString())
                .endsWith("\"SYNC\"\n")
                .hasLineCount(3_000 + 2);
    }

    @Test
    void onReady_isCalledWhenThereIsSomethingAgain() throws ProtocolException {
        WireSession session = new WireSession(model.open());
        session.receive(ByteBuffer.wrap(utf8("{\"clock\":{}}\n")));
        int[] calls = {0};
        session.onReady(() -> calls[0]++);
        transmit(session, 1000);
        int before = calls[0];
        model.set("k", 1);

        assertThat(calls[0]).isGreaterThan(before);
        assertThat(new String(transmit(session, 1000), StandardCharsets.UTF_8)).startsWith("[[\"k\",1],");
    }

    @Test
    void assume_startsWithoutAHandshake_fromWhatThePeerHas() throws ProtocolException {
        model.apply(Update.of(List.of("a", 1), 1, "S"));
        model.apply(Update.of(List.of("b", 1), 2, "S"));
        WireSession session = new WireSession(model.open());
        session.assume(Clock.of(Map.of("S", 1.0)));

        assertThat(new String(transmit(session, 1000), StandardCharsets.UTF_8)
                        .lines()
                        .skip(1))
                .containsExactly("[[\"b\",1],2,\"S\"]", "\"SYNC\"");
    }

    @Test
    void receiveEnd_takesALastLineWithoutLineFeed() throws ProtocolException {
        WireSession session = new WireSession(model.open());
        session.receive(ByteBuffer.wrap(utf8("{\"clock\":{}}\n[[\"k\",1],5,\"x\"]")));
        assertThat(model.keys()).isEmpty();
        session.receiveEnd();

        assertThat(model.keys()).containsExactly("k");
        transmit(session, 1000);
        assertThat(session.outputEnded()).isTrue();
    }

    @Test
    void receiveEnd_insideALine_isAnErrorOfThisSession() {
        Heard heard = Heard.from(model);
        WireSession session = new WireSession(model.open());

        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> {
            session.receive(ByteBuffer.wrap(utf8("[[\"k\",1],5,\"x\"]\n[[\"l\"")));
            session.receiveEnd();
        });
        assertThat(model.keys()).containsExactly("k");
        assertThat(session.session().state()).isEqualTo(Session.State.CLOSED);
        assertThat(heard.only(SessionEvent.Closed.class).cause()).isInstanceOf(ProtocolException.class);
    }

    /** A peer that the security objects to is told so to the transport, whether or not its line had an end. */
    @Test
    void peerThatTheSecurityRefuses_isAnErrorForTheTransport() {
        Security choosy = new Security() {
            @Override
            public String createId() {
                return "M";
            }

            @Override
            public String sign(byte[] text) {
                return "s";
            }

            @Override
            public Verdict verify(Update update) {
                return Verdict.valid();
            }

            @Override
            public String objection(Handshake peer) {
                return "not one of us";
            }
        };
        Model closed = new Model(ReplicaOptions.defaults().security(choosy));
        WireSession session = new WireSession(closed.open());
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> session.receive(ByteBuffer.wrap(utf8("{\"id\":\"x\",\"clock\":{}}\n"))))
                .withMessageContaining("not one of us");
        WireSession cut = new WireSession(closed.open());

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> {
                    cut.receive(ByteBuffer.wrap(utf8("{\"id\":\"x\",\"clock\":{}}")));
                    cut.receiveEnd();
                })
                .withMessageContaining("not one of us");
        assertThat(closed.sessions()).isEmpty();
    }

    @Test
    void close_endsTheSession() {
        WireSession session = new WireSession(model.open());
        session.close();

        assertThat(session.session().state()).isEqualTo(Session.State.CLOSED);
        assertThat(model.sessions()).isEmpty();
    }

    @Test
    void receive_ofAnError_appliesWhatCameBefore_andClosesThisSessionOnly() throws ProtocolException {
        Heard heard = Heard.from(model);
        TextLink other = new TextLink(model);
        WireSession session = new WireSession(model.open());
        String input = "[[\"a\",1],5,\"x\"]\n{oops\n[[\"b\",1],6,\"x\"]\n";

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> session.receive(ByteBuffer.wrap(utf8(input))))
                .matches(broken -> broken.line() == 2);
        assertThat(model.keys()).containsExactly("a");
        assertThat(session.session().state()).isEqualTo(Session.State.CLOSED);
        assertThat(heard.only(SessionEvent.Closed.class).cause()).isInstanceOf(ProtocolException.class);
        assertThat(model.sessions()).containsExactly(other.session());
    }

    @Test
    void receive_afterAnError_changesNothing() {
        WireSession session = new WireSession(model.open());
        for (String input : List.of("{oops\n", "[[\"b\",1],6,\"x\"]\n", "{oops\n", "{\"clock\":{}}\n")) {
            try {
                session.receive(ByteBuffer.wrap(utf8(input)));
            } catch (ProtocolException broken) {
                assertThat(session.session().state()).isEqualTo(Session.State.CLOSED);
            }
        }

        assertThat(model.keys()).isEmpty();
        assertThat(transmit(session, 100)).isEmpty();
    }

    @Test
    void close_withACause_reachesThoseWhoListen() {
        Heard heard = Heard.from(model);
        Exception cause = new java.io.IOException("reset");
        new WireSession(model.open()).close(cause);

        assertThat(heard.only(SessionEvent.Closed.class).cause()).isSameAs(cause);
    }

    private static final List<String> PIECES = List.of(
            "{\"id\":\"x\",\"clock\":{}}",
            "{\"clock\":{\"M\":5,\"x\":null}}",
            "{}",
            "\"SYNC\"",
            "null",
            "[[\"k\",\"é€😀\"],5,\"x\"]",
            "[[\"l\",{\"a\":[1,2.5e3,\"\\ud800\"]}],6,\"y\",\"sig\"]",
            "[7,7,\"x\"]",
            "[[\"k\",1],1e400,\"x\"]",
            "[[],8,\"\"]",
            "  ",
            "\r",
            "[[\"__proto__\",1],9,\"x\"]",
            "[[[[[[[[[[1]]]]]]]]],10,\"x\"]");

    private static byte[] randomInput(Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int lines = 1 + random.nextInt(6);
        for (int i = 0; i < lines; i++) {
            byte[] line = utf8(PIECES.get(random.nextInt(PIECES.size())));
            if (random.nextInt(4) == 0 && line.length > 0) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            bytes.writeBytes(line);
            if (random.nextInt(12) != 0) {
                bytes.write('\n');
            }
        }
        return bytes.toByteArray();
    }

    /** What is left of a conversation: messages applied, events, the error, the output. */
    private static List<String> outcome(byte[] input, int[] cuts) {
        Model model = new Model("M");
        Heard heard = Heard.from(model);
        WireSession session = new WireSession(
                model.open(), Limits.defaults().maxLineBytes(200).maxDepth(8));
        List<String> outcome = new ArrayList<>();
        try {
            int from = 0;
            for (int to : cuts) {
                session.receive(ByteBuffer.wrap(input, from, to - from));
                from = to;
            }
            session.receive(ByteBuffer.wrap(input, from, input.length - from));
            session.receiveEnd();
        } catch (ProtocolException broken) {
            outcome.add(broken.getMessage());
        }
        for (ReplicaEvent event : heard.events()) {
            String told = event.getClass().getSimpleName();
            if (event instanceof ReplicaEvent.Applied applied) {
                told += applied.update();
            } else if (event instanceof ReplicaEvent.Invalid invalid) {
                told += invalid.update() + invalid.reason();
            } else if (event instanceof SessionEvent.HandshakeReceived received) {
                told += received.handshake().fields();
            }
            outcome.add(told);
        }
        outcome.add(model.clock().toString());
        outcome.add(model.toJson().toString());
        outcome.add(new String(transmit(session, 1000), StandardCharsets.UTF_8));
        return outcome;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyInput_wholeOrByteByByte_hasTheSameOutcome(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            byte[] input = randomInput(random);
            int[] everyByte = new int[input.length];
            for (int i = 0; i < input.length; i++) {
                everyByte[i] = i + 1;
            }
            List<String> whole = outcome(input, new int[0]);
            assertThat(outcome(input, everyByte))
                    .as(() -> "seed " + seed + ": " + Json.of(new String(input, StandardCharsets.ISO_8859_1)))
                    .isEqualTo(whole);
            int[] random1 = {random.nextInt(input.length + 1)};
            assertThat(outcome(input, random1)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void anyBytes_throwNothingButProtocolException(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            WireSession session =
                    new WireSession(new Model("M").open(), Limits.defaults().maxLineBytes(200));
            byte[] input = new byte[random.nextInt(100)];
            random.nextBytes(input);
            try {
                session.receive(ByteBuffer.wrap(input));
                session.receiveEnd();
            } catch (ProtocolException expected) {
                assertThat(session.session().state()).isEqualTo(Session.State.CLOSED);
            }
        }
    }
}
