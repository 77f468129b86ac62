package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.types.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The exchange while it goes on; {@link SessionEndTest} has its end. */
class SessionTest {
    private final SettableTime time = new SettableTime(100);
    private final Model model = new Model(ReplicaOptions.defaults().id("M").time(time));

    private TextLink link() {
        return new TextLink(model);
    }

    @Test
    void poll_saysTheHandshakeFirst_withTheClockOfThatMoment() {
        TextLink link = link();
        model.set("a", 1);

        assertThat(link.take()).containsExactly("{\"id\":\"M\",\"clock\":{\"M\":100}}");
        assertThat(link.take()).isEmpty();
    }

    @Test
    void handshake_asksForHistoryThenSyncThenLive() throws ProtocolException {
        model.set("a", 1);
        TextLink link = link();
        link.take();
        link.give("{\"id\":\"P\",\"clock\":{}}");
        assertThat(link.take()).containsExactly("[[\"a\",1],100,\"M\"]", "\"SYNC\"");
        time.set(101);
        model.set("b", 2);

        assertThat(link.take()).containsExactly("[[\"b\",2],101,\"M\"]");
    }

    @Test
    void changeBeforeTheHandshakeOfThePeer_goesOutWithTheHistory() throws ProtocolException {
        TextLink link = link();
        link.take();
        model.set("a", 1);
        assertThat(link.take()).isEmpty();
        link.give("{\"clock\":{}}");

        assertThat(link.take()).containsExactly("[[\"a\",1],100,\"M\"]", "\"SYNC\"");
    }

    @Test
    void changeWhileHistoryGoesOut_comesBehindSync() throws ProtocolException {
        model.set("a", 1);
        model.set("b", 1);
        Session session = model.open();
        session.poll();
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        assertThat(session.poll()).hasToString("[[\"a\",1],100,\"M\"]");
        time.set(200);
        model.set("c", 1);

        assertThat(session.poll()).hasToString("[[\"b\",1],100.00000000000001,\"M\"]");
        assertThat(session.poll()).isSameAs(Sync.SYNC);
        assertThat(session.poll()).hasToString("[[\"c\",1],200,\"M\"]");
        assertThat(session.poll()).isNull();
    }

    @Test
    void poll_afterStall_skipsSuperseded() throws ProtocolException {
        TextLink link = link();
        link.take();
        link.give("{\"clock\":{}}");
        link.take();
        for (int i = 0; i < 1000; i++) {
            time.set(200 + i);
            model.set(i % 2 == 0 ? "even" : "odd", i);
        }

        assertThat(link.take()).containsExactly("[[\"even\",998],1198,\"M\"]", "[[\"odd\",999],1199,\"M\"]");
    }

    @Test
    void poll_afterStallDuringHistory_skipsSuperseded() {
        model.set("a", 1);
        model.set("b", 1);
        Session session = model.open();
        session.poll();
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        time.set(200);
        model.set("a", 2);

        assertThat(drain(session))
                .containsExactly("[[\"b\",1],100.00000000000001,\"M\"]", "SYNC", "[[\"a\",2],200,\"M\"]");
    }

    @Test
    void anyStall_perSourceTimestampsAscend() {
        Model relay = new Model("R");
        java.util.Random random = new java.util.Random(7);
        double[] latest = new double[5];
        for (int i = 0; i < 300; i++) {
            relay.apply(next(random, latest));
        }
        Session session = relay.open();
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        Map<String, Double> given = new java.util.HashMap<>();
        Model peer = new Model("P");
        for (int i = 0; i < 3000; i++) {
            relay.apply(next(random, latest));
            if (random.nextInt(3) == 0 && session.poll() instanceof Update update) {
                Double before = given.put(update.source(), update.timestamp());
                assertThat(before == null || before < update.timestamp()).isTrue();
                peer.apply(update);
            }
        }
        Message message;
        while ((message = session.poll()) != null) {
            if (message instanceof Update update) {
                peer.apply(update);
            }
        }

        assertThat(peer.history()).isEqualTo(relay.history());
    }

    private static Update next(java.util.Random random, double[] latest) {
        int source = random.nextInt(latest.length);
        latest[source] += 1 + random.nextInt(50);
        return Update.of(List.of("k" + random.nextInt(20), random.nextInt(100)), latest[source], "S" + source);
    }

    @Test
    void pollBatch_stopsAtCountAndAtBytes() {
        for (int i = 0; i < 10; i++) {
            time.set(200 + i);
            model.set("k" + i, "x");
        }
        Session session = model.open();
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        List<Message> out = new ArrayList<>();

        assertThat(session.poll(out, 3, Integer.MAX_VALUE)).isEqualTo(3);
        assertThat(out).hasSize(3);
        int one = ((Update) out.get(1)).length();
        assertThat(session.poll(out, 100, one)).isEqualTo(1);
        assertThat(session.poll(out, 100, one + 1)).isEqualTo(2);
        assertThat(session.poll(out, 100, Integer.MAX_VALUE)).isEqualTo(6);
        assertThat(session.poll(out, 100, Integer.MAX_VALUE)).isZero();
    }

    @Test
    void update_isNotSentBackToWhereItCameFrom() throws ProtocolException {
        TextLink link = link();
        link.take();
        link.give("{\"clock\":{}}", "[[\"a\",1],5,\"x\"]");
        link.give("[[\"b\",1],6,\"x\"]");

        assertThat(link.take()).containsExactly("\"SYNC\"");
        assertThat(model.get("b")).hasToString("1");
    }

    @Test
    void updateBeforeTheHandshake_isAppliedAndNotSentBack() throws ProtocolException {
        TextLink link = link();
        link.take();
        link.give("[[\"a\",1],5,\"x\"]", "{\"clock\":{}}");

        assertThat(model.get("a")).hasToString("1");
        assertThat(link.take()).containsExactly("\"SYNC\"");
    }

    @Test
    void update_isRelayedToTheOthersAsItArrived() throws ProtocolException {
        TextLink from = link();
        TextLink to = link();
        from.take();
        to.take();
        to.give("{\"clock\":{}}");
        to.take();
        from.give("[ [\"k\",{\"b\":1.0,\"1\":2}] ,5,\"x\", \"sig\",{\"more\":[]}]");

        assertThat(to.take()).containsExactly("[ [\"k\",{\"b\":1.0,\"1\":2}] ,5,\"x\", \"sig\",{\"more\":[]}]");
    }

    @Test
    void whatThePeerSends_isPassedOverAsItComes() throws ReflectiveOperationException {
        ArrivalLog log = new ArrivalLog(false);
        Model busy = new Model(ReplicaOptions.defaults().id("M").history(() -> log));
        Session session = busy.open();
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        drain(session);
        for (int i = 0; i < 1000; i++) {
            session.receive(Update.of(List.of("k" + i, i), i, "P"));
        }
        // Whoever looks at one of them now fails.
        var slots = ArrivalLog.class.getDeclaredField("slots");
        slots.setAccessible(true);
        slots.set(log, new Update[0]);

        assertThat(session.poll()).isNull();
    }

    @Test
    void staleUpdate_tellsWhatThePeerHas() throws ProtocolException {
        time.set(500);
        model.set("a", 1);
        TextLink link = link();
        link.take();
        // The peer repeats what the model has, before it says in its handshake that it has nothing.
        link.give("[[\"a\",1],500,\"M\"]", "{\"clock\":{}}");

        assertThat(link.take()).containsExactly("\"SYNC\"");
        assertThat(link.session().stats().stale()).isEqualTo(1);
    }

    @Test
    void syncBeforeHandshake_isRemembered() throws ProtocolException {
        Heard heard = Heard.from(model);
        TextLink link = link();
        link.give("\"SYNC\"");
        assertThat(link.session().state()).isEqualTo(Session.State.GREETING);
        link.give("{\"clock\":{}}");
        link.take();

        assertThat(link.session().state()).isEqualTo(Session.State.LIVE);
        assertThat(heard.names()).containsExactly("SyncReceived", "HandshakeReceived", "SyncSent", "Synced");
    }

    @Test
    void syncTwice_isHeardTwice() throws ProtocolException {
        Heard heard = Heard.from(model);
        TextLink link = link();
        link.give("{\"clock\":{}}");
        link.take();
        link.give("\"SYNC\"", "\"SYNC\"");

        assertThat(heard.names())
                .containsExactly("HandshakeReceived", "SyncSent", "SyncReceived", "Synced", "SyncReceived", "Synced");
    }

    @Test
    void handshakeAgain_startsAnewForThatClock() throws ProtocolException {
        model.set("a", 1);
        TextLink link = link();
        link.take();
        link.give("{\"id\":\"x\",\"clock\":{}}");
        assertThat(link.take()).containsExactly("[[\"a\",1],100,\"M\"]", "\"SYNC\"");
        link.give("{\"id\":\"y\",\"clock\":{}}");
        assertThat(link.take()).containsExactly("[[\"a\",1],100,\"M\"]", "\"SYNC\"");
        link.give("{\"id\":\"z\",\"clock\":{\"M\":100}}");
        assertThat(link.take()).containsExactly("\"SYNC\"");
        assertThat(link.session().peer().id()).isEqualTo("z");
        time.set(101);
        model.set("a", 2);

        assertThat(link.take()).as("sent once, however many handshakes came").hasSize(1);
    }

    @Test
    void handshakeAgain_inTheMiddleOfHistory_leavesNothingOut() {
        for (int i = 0; i < 10; i++) {
            model.set("k" + i, i);
        }
        Session session = model.open();
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        for (int i = 0; i < 5; i++) {
            session.poll();
        }
        session.receive(Handshake.of("P", Clock.EMPTY, null));

        assertThat(drain(session)).hasSize(11).endsWith("SYNC");
    }

    @Test
    void peer_isTheLatestHandshake_withFieldsThisVersionDoesNotKnow() throws ProtocolException {
        TextLink link = link();
        assertThat(link.session().peer()).isNull();
        link.give("{\"id\":7,\"clock\":{\"M\":1,\"x\":null},\"meta\":[1],\"zzz\":true}");

        Handshake peer = link.session().peer();
        assertThat(peer.id()).as("not a text").isNull();
        assertThat(peer.meta()).hasToString("[1]");
        assertThat(peer.clock()).isEqualTo(Clock.of(Map.of("M", 1.0)));
        assertThat(peer.fields().get("zzz")).hasToString("true");
    }

    @Test
    void meta_isLeftOutWhereTheOriginalLeavesItOut() {
        for (Object falsy : new Object[] {0, -0.0, "", false}) {
            assertThat(new TextLink(model, SessionOptions.twoWay().meta(falsy)).take())
                    .containsExactly("{\"id\":\"M\",\"clock\":{}}");
        }
        assertThat(new TextLink(model, SessionOptions.twoWay().meta(null)).take())
                .containsExactly("{\"id\":\"M\",\"clock\":{}}");
        for (Object truthy : List.of(1, "0", true, List.of(), Map.of())) {
            assertThat(new TextLink(model, SessionOptions.twoWay().meta(truthy))
                            .take()
                            .get(0))
                    .startsWith("{\"id\":\"M\",\"clock\":{},\"meta\":");
        }
    }

    @Test
    void onReady_runsWhenThereIsSomethingAgain_andOnlyThen() {
        AtomicInteger calls = new AtomicInteger();
        Session session = model.open();
        session.onReady(calls::incrementAndGet);
        model.set("a", 1);
        assertThat(calls).as("it was never asked").hasValue(0);
        drain(session);
        model.set("b", 1);
        assertThat(calls)
                .as("before the handshake of the peer a change is nothing to say")
                .hasValue(0);

        session.receive(Handshake.of("P", Clock.EMPTY, null));
        assertThat(calls).hasValue(1);
        model.set("c", 1);
        assertThat(calls).as("it has not been asked since").hasValue(1);
        drain(session);
        model.set("d", 1);
        model.set("e", 1);
        assertThat(calls).hasValue(2);
        drain(session);
        session.receive(Update.of(List.of("f", 1), 5, "x"));
        assertThat(calls).as("what the peer sent is not news for it").hasValue(2);
        session.close();
        assertThat(calls).hasValue(3);
    }

    @Test
    void onReady_runsOutsideTheLock() {
        Session session = model.open();
        session.onReady(() -> model.set("from the callback", 1));
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        drain(session);
        model.set("a", 1);

        assertThat(model.get("from the callback")).isNotNull();
    }

    @Test
    void onReady_thatThrows_closesThatSessionOnly() {
        Heard heard = Heard.from(model);
        Session broken = model.open();
        IllegalStateException failure = new IllegalStateException("on purpose");
        broken.onReady(() -> {
            throw failure;
        });
        TextLink sound = link();
        for (Session session : model.sessions()) {
            session.receive(Handshake.of("P", Clock.EMPTY, null));
            drain(session);
        }
        model.set("a", 1);
        model.set("b", 1);

        assertThat(broken.state()).isEqualTo(Session.State.CLOSED);
        assertThat(heard.only(SessionEvent.Closed.class).cause()).isSameAs(failure);
        assertThat(sound.take()).hasSize(2);
        assertThat(heard.all(Model.Changed.class)).hasSize(2);
    }

    @Test
    void state_goesForwardWithTheExchange() throws ProtocolException {
        TextLink link = link();
        assertThat(link.session().state()).isEqualTo(Session.State.GREETING);
        link.take();
        assertThat(link.session().state()).isEqualTo(Session.State.GREETING);
        link.give("{\"clock\":{}}");
        assertThat(link.session().state()).isEqualTo(Session.State.SYNCING);
        link.take();
        assertThat(link.session().state()).isEqualTo(Session.State.SYNCING);
        link.give("\"SYNC\"");
        assertThat(link.session().state()).isEqualTo(Session.State.LIVE);
        link.session().close();
        assertThat(link.session().state()).isEqualTo(Session.State.CLOSED);
    }

    @Test
    void stats_countWhatHappened() throws ProtocolException {
        model.set("a", 1);
        model.set("b", 1);
        TextLink link = link();
        link.take();
        assertThat(link.session().stats().behind())
                .as("not known before the handshake")
                .isZero();
        link.give("{\"clock\":{}}");
        assertThat(link.session().stats().behind()).isEqualTo(2);
        link.take();
        link.give("[[\"c\",1],5,\"x\"]", "[[\"c\",1],5,\"x\"]", "[7,6,\"x\"]", "[[\"c\",0],4,\"y\"]");
        Session.Stats stats = link.session().stats();

        assertThat(stats.sent()).isEqualTo(2);
        assertThat(stats.received()).isEqualTo(4);
        assertThat(stats.stale()).isEqualTo(1);
        assertThat(stats.invalid()).isEqualTo(1);
        assertThat(stats.unverified()).isZero();
        assertThat(stats.refused()).isZero();
        assertThat(stats.behind()).isZero();
    }

    @Test
    void inventedSources_areNotRememberedWhenTheirUpdatesAreRefused() throws ReflectiveOperationException {
        Model guarded = new Model(ReplicaOptions.defaults().id("M").maxSources(10));
        Session session = guarded.open();
        for (int i = 0; i < 1000; i++) {
            session.receive(Update.of(List.of("k", i), 5, "early-" + i));
        }
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        for (int i = 0; i < 1000; i++) {
            session.receive(Update.of(List.of("k", i), 5, "late-" + i));
        }

        assertThat(guarded.clock().size()).isEqualTo(10);
        assertThat(remembered(session)).isLessThanOrEqualTo(10);
    }

    private static int remembered(Session session) throws ReflectiveOperationException {
        var cursor = Session.class.getDeclaredField("cursor");
        cursor.setAccessible(true);
        Object opened = cursor.get(session);
        var peer = opened.getClass().getDeclaredField("peer");
        peer.setAccessible(true);
        return ((LiveClock) peer.get(opened)).size();
    }

    @Test
    void updateThatIsPassedOnButNotKept_reachesPeersThatAreUpToDate() throws ProtocolException {
        Value value = new Value("V");
        value.apply(Update.of("new", 100, "a"));
        TextLink upToDate = new TextLink(value);
        TextLink behind = new TextLink(value);
        upToDate.give("{\"clock\":{}}");
        upToDate.take();
        behind.give("{\"clock\":{}}");
        value.apply(Update.of("old", 50, "b"));

        assertThat(value.get()).hasToString("\"new\"");
        assertThat(upToDate.take()).containsExactly("[\"old\",50,\"b\"]");
        assertThat(behind.take()).contains("[\"new\",100,\"a\"]").doesNotContain("[\"old\",50,\"b\"]");
    }

    @Test
    void updatesThatAreNotKept_allReachAPeerThatIsUpToDate_howeverManyComeAtOnce() {
        Value value = new Value("V");
        value.apply(Update.of("new", 1e6, "a"));
        Session from = value.open();
        Session to = value.open();
        for (Session session : List.of(from, to)) {
            session.receive(Handshake.of("P", Clock.EMPTY, null));
            drain(session);
        }
        from.receive(List.of(Update.of(1, 1, "b"), Update.of(2, 2, "b"), Update.of(3, 1, "c")));
        assertThat(drain(to)).containsExactly("[1,1,\"b\"]", "[2,2,\"b\"]", "[3,1,\"c\"]");
        assertThat(drain(from)).isEmpty();
        from.receive(List.of(Update.of(4, 3, "b"), Update.of("newest", 2e6, "b"), Update.of(5, 2, "c")));

        assertThat(drain(to))
                .as("none is sent before one that is kept and still to come")
                .containsExactly("[4,3,\"b\"]", "[\"newest\",2000000,\"b\"]");
    }

    @Test
    void updatesThatAreNotKept_doNotPileUpForAPeerThatDoesNotRead() throws ProtocolException {
        Value value = new Value("V");
        value.apply(Update.of("new", 1e6, "a"));
        TextLink link = new TextLink(value);
        link.give("{\"clock\":{}}");
        link.take();
        for (int i = 0; i < 1000; i++) {
            value.apply(Update.of(i, i, "b"));
        }

        assertThat(link.take()).hasSize(64).startsWith("[0,0,\"b\"]", "[1,1,\"b\"]");
    }

    @Test
    void toString_saysWithWhomAndHowFar() throws ProtocolException {
        TextLink link = link();
        assertThat(link.session()).hasToString("session with a peer that has not spoken, GREETING");
        link.give("{\"id\":\"P\",\"clock\":{},\"meta\":\"phone\"}");
        assertThat(link.session()).hasToString("session with P \"phone\", SYNCING");
    }

    static List<String> drain(Session session) {
        List<String> said = new ArrayList<>();
        Message message;
        while ((message = session.poll()) != null) {
            said.add(message.toString());
        }
        return said;
    }
}
