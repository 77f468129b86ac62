package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.scuttlebutt.link.BlockingLink;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weaknesses of the original's streams, as {@link ReplicaWeaknessesTest} those of its replicas. */
class SessionWeaknessesTest {
    private final SettableTime time = new SettableTime(100);
    private final Model model = new Model(ReplicaOptions.defaults().id("M").time(time));

    private TextLink live(Replica replica) throws ProtocolException {
        TextLink link = new TextLink(replica);
        link.give("{\"clock\":{}}", "\"SYNC\"");
        link.take();
        return link;
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void w08_linkInMemory_passesACopyOfTheClock() {
        Session session = model.open();
        Handshake said = (Handshake) session.poll();
        Model peer = new Model("P");
        Session other = peer.open();
        other.receive(said);
        // While the peer's end is not read, both change.
        model.set("a", 1);
        peer.set("b", 2);
        session.receive(other.poll());
        Message message;
        while ((message = other.poll()) != null) {
            session.receive(message);
        }
        while ((message = session.poll()) != null) {
            other.receive(message);
        }

        assertThat(said.clock().isEmpty()).as("the clock of that moment").isTrue();
        assertThat(model.toJson()).hasToString("{\"a\":1,\"b\":2}");
        assertThat(peer.toJson()).hasToString("{\"b\":2,\"a\":1}");
    }

    @Test
    void w09_charactersSplitOverChunks_arrive() throws ProtocolException {
        byte[] line = "[[\"k\",\"é€😀\"],5,\"x\"]\n".getBytes(StandardCharsets.UTF_8);
        TextLink link = new TextLink(model);
        for (byte b : line) {
            link.give(new byte[] {b});
        }

        assertThat(model.get("k")).hasToString("\"é€😀\"");
    }

    @Test
    void w10_lineWithoutEnd_isRefusedAtItsLimit_andLooksAtEachByteOnce() {
        TextLink link = new TextLink(model.open(), Limits.defaults().maxLineBytes(1 << 20));
        byte[] piece = new byte[1 << 10];
        Arrays.fill(piece, (byte) '[');
        long before = allocated();
        int[] given = new int[1];

        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> {
            while (given[0] < 1 << 11) {
                link.give(piece);
                given[0]++;
            }
        });
        assertThat(given[0]).isEqualTo(1 << 10);
        assertThat(allocated() - before).as("collecting it costs in proportion").isLessThan(16L << 20);
        assertThat(model.sessions()).isEmpty();
    }

    @Test
    void w11_inputThatCrashesTheOriginal_isAnEventOrAnErrorOfItsSession() throws ProtocolException {
        Events events = new Events("E");
        TextLink modelLink = live(model);
        TextLink eventsLink = live(events);
        modelLink.give("[null,5,\"x\"]");
        for (String change : List.of("null", "\"hello\"", "7", "[\"error\"]", "[\"toString\"]", "[\"__proto__\"]")) {
            eventsLink.give("[" + change + ",5,\"x" + change.replace("\"", "") + "\"]");
        }
        assertThat(modelLink.session().state()).isEqualTo(Session.State.LIVE);
        assertThat(eventsLink.session().state()).isEqualTo(Session.State.LIVE);
        assertThat(model.clock().latest("x")).as("nothing is lost by it").isEqualTo(Clock.NEVER);
        assertThat(events.history()).hasSize(2);

        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> modelLink.give("{}"));
        TextLink deep = live(model);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> deep.give("[[\"k\"," + "[".repeat(5000) + "]".repeat(5000) + "],6,\"x\"]"));
        model.set("k", 1);
        assertThat(live(model).session().stats().sent())
                .as("later peers are served")
                .isEqualTo(1);
    }

    @Test
    void w13_sessionThatOnlyReceives_givesNothingAway_andEndsWithoutTail() throws ProtocolException {
        model.set("secret", 1);
        TextLink link = new TextLink(model, SessionOptions.receiveOnly().tail(false));
        List<String> said = new ArrayList<>(link.take());
        link.give("{\"clock\":{}}", "{\"clock\":{}}", "[[\"k\",1],5,\"x\"]");
        said.addAll(link.take());
        model.set("secret", 2);
        said.addAll(link.take());

        assertThat(said).noneMatch(line -> line.startsWith("["));
        assertThat(link.wire().outputEnded()).isTrue();
        assertThat(model.get("k")).hasToString("1");
    }

    @Test
    void w14_handshakesAndFailures_leaveNothingBehind() throws ProtocolException {
        TextLink repeated = live(model);
        for (int i = 0; i < 10; i++) {
            repeated.give("{\"clock\":{}}");
            repeated.take();
        }
        model.set("a", 1);
        assertThat(repeated.take()).as("one subscription").hasSize(1);
        repeated.end();
        repeated.take();
        assertThat(model.sessions()).isEmpty();

        TextLink broken = live(model);
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> broken.give("{oops"));
        assertThat(model.sessions()).isEmpty();

        InputStream reset = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        BlockingLink.over(model.open(), reset, new ByteArrayOutputStream()).run();
        assertThat(model.sessions()).isEmpty();
    }

    @Test
    void w15_peerThatDoesNotRead_costsNothing_andGetsTheLatestOnly() throws ProtocolException {
        TextLink stalled = live(model);
        for (int i = 0; i < 200_000; i++) {
            model.set("k", i);
        }

        assertThat(stalled.take()).singleElement().asString().startsWith("[[\"k\",199999],");
    }

    @Test
    void w15_peerThatDoesNotRead_doesNotKeepWhatWasSuperseded() throws ReflectiveOperationException, ProtocolException {
        ArrivalLog log = new ArrivalLog(false);
        Model busy = new Model(ReplicaOptions.defaults().id("M").history(() -> log));
        TextLink stalled = live(busy);
        TextLink halfway = new TextLink(busy);
        Field slots = ArrivalLog.class.getDeclaredField("slots");
        slots.setAccessible(true);
        int most = 0;
        for (int i = 0; i < 300_000; i++) {
            busy.set("k" + i % 1000, i);
            if (i == 5000) {
                // Stalled in the middle of its history.
                halfway.give("{\"clock\":{}}");
                halfway.session().poll();
            }
            most = Math.max(most, ((Update[]) slots.get(log)).length);
        }

        assertThat(log.size()).isEqualTo(1000);
        assertThat(most)
                .as("slots for what is held, and as many for what is not yet cleared")
                .isLessThan(4000);
        assertThat(stalled.session().stats().behind()).isEqualTo(1000);
        assertThat(stalled.take()).hasSize(1000);
        assertThat(halfway.take()).hasSizeBetween(1000, 1002);
    }

    @Test
    void w16_peerThatIsUpToDate_costsNoLookAtTheHistory() throws ReflectiveOperationException, ProtocolException {
        ArrivalLog log = new ArrivalLog(false);
        Events events = new Events(ReplicaOptions.defaults().id("E").history(() -> log));
        for (int i = 0; i < 10_000; i++) {
            events.emit("x", i);
        }
        Clock seen = events.clock();
        // Whoever looks at an update now fails.
        Field slots = ArrivalLog.class.getDeclaredField("slots");
        slots.setAccessible(true);
        slots.set(log, new Update[0]);
        TextLink link = new TextLink(events);
        link.take();
        link.give("{\"clock\":" + seen + "}");

        assertThat(link.take()).containsExactly("\"SYNC\"");
    }

    @Test
    void w21_liveUpdates_areNotSentBack() {
        Model peer = new Model("P");
        Pipe pipe = Pipe.connect(model, peer);
        Heard heard = Heard.from(model);
        for (int i = 0; i < 100; i++) {
            model.set("k", i);
        }

        assertThat(pipe.left().stats().sent()).isEqualTo(100);
        assertThat(pipe.right().stats().sent()).isZero();
        assertThat(heard.all(ReplicaEvent.Stale.class)).isEmpty();
    }

    @Test
    void w22_historyIsSentOnce_toAPeerThatSendsItsClockLater() throws ProtocolException {
        model.set("a", 1);
        TextLink link = new TextLink(model, SessionOptions.sendOnly().expectClock(false));
        List<String> said = new ArrayList<>(link.take());
        link.give("{\"clock\":{}}");
        said.addAll(link.take());

        assertThat(said).hasSize(3).endsWith("[[\"a\",1],100,\"M\"]", "\"SYNC\"");
    }

    @Test
    void w28_optionsOfTheCaller_areNotChanged() {
        SessionOptions mine = SessionOptions.twoWay();
        mine.tail(false);
        mine.sendClock(false);
        mine.meta("m");

        assertThat(mine.tail()).isTrue();
        assertThat(mine.sends()).isTrue();
        assertThat(new TextLink(model, mine).take()).containsExactly("{\"id\":\"M\",\"clock\":{}}");
    }

    @Test
    void w29_updateIsEncodedOnce_forAllPeers() throws ReflectiveOperationException {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Session session = model.open();
            session.receive(Handshake.of("P", Clock.EMPTY, null));
            SessionTest.drain(session);
            sessions.add(session);
        }
        model.set("k", Map.of("large", "x".repeat(1000)));
        Update made = model.history().get(0);

        assertThat(sessions).allMatch(session -> session.poll() == made);
        long before = allocated();
        ByteBuffer out = ByteBuffer.allocate(0);
        for (int i = 0; i < 1000; i++) {
            made.copyTo(out, 0);
        }
        assertThat(allocated() - before).as("its bytes are there").isLessThan(1000L * made.length() / 10);
    }

    @Test
    void w30_chunkOfManyShortLines_costsInProportion() throws ProtocolException {
        int lines = 200_000;
        byte[] chunk = "5\n".repeat(lines).getBytes(StandardCharsets.UTF_8);
        TextLink link = new TextLink(model);
        long before = allocated();
        link.give(chunk);

        // Cutting off the rest of the text for each line would cost 40 GB.
        assertThat(allocated() - before).isLessThan(1000L * lines);
        assertThat(link.session().state()).isEqualTo(Session.State.GREETING);
    }
}
