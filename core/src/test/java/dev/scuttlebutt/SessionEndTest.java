package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.scuttlebutt.types.Model;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How sessions end, and the options that decide who may say what. */
class SessionEndTest {
    private static final String HEADER = "{\"id\":\"M\",\"clock\":{\"M\":100}}";
    private static final String A1 = "[[\"a\",1],100,\"M\"]";
    private static final String B1 = "[[\"b\",1],200,\"M\"]";
    private static final String SYNC = "\"SYNC\"";

    private final SettableTime time = new SettableTime(100);
    private final Model model = new Model(ReplicaOptions.defaults().id("M").time(time));
    private final Heard heard;

    SessionEndTest() {
        model.set("a", 1);
        heard = Heard.from(model);
    }

    private TextLink link(SessionOptions options) {
        return new TextLink(model, options);
    }

    private TextLink live() throws ProtocolException {
        TextLink link = link(SessionOptions.twoWay());
        link.give("{\"clock\":{}}", SYNC);
        link.take();
        return link;
    }

    private void setB() {
        time.set(200);
        model.set("b", 1);
    }

    @Test
    void receiveEnd_sendsWhatIsDue_thenCloses() throws ProtocolException {
        TextLink link = live();
        setB();
        link.end();
        assertThat(link.wire().outputEnded()).isFalse();
        assertThat(link.session().state()).isEqualTo(Session.State.LIVE);

        assertThat(link.take()).containsExactly(B1);
        assertThat(link.wire().outputEnded()).isTrue();
        assertThat(link.session().state()).isEqualTo(Session.State.CLOSED);
        SessionEvent.Closed closed = heard.only(SessionEvent.Closed.class);
        assertThat(closed.cause()).isNull();
        assertThat(closed.remaining()).isZero();
        assertThat(closed.session()).isSameAs(link.session());
    }

    @Test
    void receiveEnd_beforeTheHandshakeOfThePeer_stillShakesHands() throws ProtocolException {
        TextLink link = link(SessionOptions.twoWay());
        link.end();

        assertThat(link.take()).containsExactly(HEADER);
        assertThat(link.session().state()).isEqualTo(Session.State.CLOSED);
    }

    @Test
    void receiveEnd_inTheMiddleOfHistory_sendsHistoryAndSync() throws ProtocolException {
        TextLink link = link(SessionOptions.twoWay());
        link.take();
        link.give("{\"clock\":{}}");
        link.end();
        setB();

        assertThat(link.take()).containsExactly(A1, SYNC);
        assertThat(link.wire().outputEnded()).isTrue();
    }

    @Test
    void changeAfterTheEnd_isNotDue() throws ProtocolException {
        TextLink link = live();
        link.end();
        setB();

        assertThat(link.take()).isEmpty();
        assertThat(link.wire().outputEnded()).isTrue();
    }

    @Test
    void afterReceiveEnd_updatesAreIgnored() throws ProtocolException {
        TextLink link = live();
        setB();
        link.end();
        link.session().receive(Update.of(java.util.List.of("x", 1), 5, "P"));

        assertThat(model.get("x")).isNull();
        assertThat(link.session().stats().received()).isZero();
    }

    @Test
    void receiveEnd_withALastLineWithoutLineFeed_takesThatFirst() throws ProtocolException {
        TextLink link = live();
        link.give("[[\"x\",1],5,\"P\"]".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(model.get("x")).isNull();
        link.end();

        assertThat(model.get("x")).hasToString("1");
    }

    @Test
    void receiveEnd_inTheMiddleOfALine_isAnError() throws ProtocolException {
        TextLink link = live();
        link.give("[[\"x\"".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThatExceptionOfType(ProtocolException.class).isThrownBy(link::end);
        assertThat(link.session().state()).isEqualTo(Session.State.CLOSED);
        assertThat(heard.only(SessionEvent.Closed.class).cause()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void end_keepsAcceptingUntilThePeerEndsToo() throws ProtocolException {
        TextLink link = live();
        setB();
        link.session().end();
        assertThat(link.take()).containsExactly(B1);
        assertThat(link.wire().outputEnded()).isTrue();
        assertThat(link.session().state()).isEqualTo(Session.State.LIVE);
        link.give("[[\"x\",1],5,\"P\"]");
        assertThat(model.get("x")).hasToString("1");
        assertThat(heard.all(SessionEvent.Closed.class)).isEmpty();
        link.end();

        assertThat(link.session().state()).isEqualTo(Session.State.CLOSED);
        assertThat(heard.all(SessionEvent.Closed.class)).hasSize(1);
    }

    @Test
    void end_wakesATransportThatHasNothingToDo() throws ProtocolException {
        AtomicInteger calls = new AtomicInteger();
        TextLink link = live();
        link.wire().onReady(calls::incrementAndGet);
        link.session().end();

        assertThat(calls).hasValue(1);
        assertThat(link.take()).isEmpty();
        assertThat(link.wire().outputEnded()).isTrue();
    }

    @Test
    void afterItsOwnEnd_nothingIsSent_notEvenForANewHandshake() throws ProtocolException {
        TextLink link = live();
        link.session().end();
        link.take();
        link.give("{\"clock\":{}}");
        setB();

        assertThat(link.take()).isEmpty();
    }

    @Test
    void endBeforeTheHandshakeOfThePeer_whatComesAfterTheHandshakeIsNotDue() throws ProtocolException {
        TextLink link = link(SessionOptions.twoWay());
        link.session().end();
        link.give("{\"clock\":{}}");
        setB();

        assertThat(link.take()).contains(SYNC).doesNotContain(B1);
        assertThat(link.session().outputEnded()).isTrue();
    }

    @Test
    void failure_isWhyItWasClosed() {
        Session failed = link(SessionOptions.twoWay()).session();
        Exception cause = new Exception("cut");
        failed.close(cause);
        failed.close(new Exception("too late"));
        assertThat(failed.failure()).isSameAs(cause);

        Session ended = link(SessionOptions.twoWay()).session();
        ended.close();
        assertThat(ended.failure()).isNull();
    }

    @Test
    void close_dropsWhatIsDue_andCountsOnce() throws ProtocolException {
        TextLink link = live();
        TextLink other = live();
        setB();
        link.session().close();
        link.session().close();
        link.session().end();
        link.session().receiveEnd();
        link.give("{\"clock\":{}}", "[[\"x\",1],5,\"P\"]", SYNC);

        assertThat(link.take()).isEmpty();
        assertThat(link.wire().outputEnded()).isTrue();
        assertThat(link.session().poll()).isNull();
        assertThat(model.get("x")).isNull();
        assertThat(heard.only(SessionEvent.Closed.class).remaining()).isEqualTo(1);
        assertThat(model.sessions()).containsExactly(other.session());
    }

    @Test
    void close_withACause_tellsIt() throws ProtocolException {
        Exception cause = new java.io.IOException("connection reset");
        live().wire().close(cause);

        assertThat(heard.only(SessionEvent.Closed.class).cause()).isSameAs(cause);
    }

    @Test
    void close_byAListenerInTheMiddleOfABatch_keepsTheReplicaSound() throws ProtocolException {
        TextLink link = live();
        model.on(Model.Changed.class, changed -> link.session().close());
        link.give("[[\"x\",1],5,\"P\"]", "[[\"y\",1],6,\"P\"]");

        assertThat(model.get("y")).as("the batch is applied under one lock").hasToString("1");
        assertThat(model.sessions()).isEmpty();
    }

    @Test
    void dispose_endsEverySessionAsIfThePeersHadEnded() throws ProtocolException {
        TextLink one = live();
        TextLink two = live();
        setB();
        model.dispose();
        assertThat(one.take()).containsExactly(B1);
        assertThat(two.take()).containsExactly(B1);

        assertThat(model.sessions()).isEmpty();
        assertThat(heard.all(ReplicaEvent.Disposed.class)).hasSize(1);
        assertThat(heard.all(SessionEvent.Closed.class))
                .extracting(SessionEvent.Closed::remaining)
                .containsExactly(1, 0);
        model.set("c", 1);
        assertThat(model.get("c")).as("the replica remains usable").isNotNull();
        assertThat(live().session().state()).isEqualTo(Session.State.LIVE);
    }

    @Test
    void replicaClose_isDispose() throws ProtocolException {
        TextLink link = live();
        model.close();
        link.take();

        assertThat(heard.all(ReplicaEvent.Disposed.class)).hasSize(1);
        assertThat(link.session().state()).isEqualTo(Session.State.CLOSED);
    }

    @Test
    void tailFalse_endsBehindSync_andKeepsReading() throws ProtocolException {
        TextLink link = link(SessionOptions.twoWay().tail(false));
        link.take();
        setB();
        link.give("{\"clock\":{\"M\":100}}");
        assertThat(link.take()).containsExactly(B1, SYNC);
        assertThat(link.wire().outputEnded()).isTrue();
        link.give("[[\"x\",1],5,\"P\"]", SYNC);
        time.set(300);
        model.set("c", 1);

        assertThat(link.take()).isEmpty();
        assertThat(model.get("x")).hasToString("1");
        assertThat(heard.all(SessionEvent.Synced.class)).hasSize(1);
        link.end();
        assertThat(link.session().state()).isEqualTo(Session.State.CLOSED);
    }

    @Test
    void sendOnly_waitsForTheHandshake_andIgnoresUpdates() throws ProtocolException {
        TextLink link = link(SessionOptions.sendOnly());
        assertThat(link.take()).containsExactly(HEADER);
        link.give("[[\"x\",1],5,\"P\"]");
        assertThat(link.take()).isEmpty();
        link.give("{\"clock\":{}}");
        assertThat(link.take()).containsExactly(A1, SYNC);
        setB();
        assertThat(link.take()).containsExactly(B1);

        assertThat(link.session().state()).isEqualTo(Session.State.LIVE);
        assertThat(model.get("x")).isNull();
        assertThat(model.clock().latest("P")).isEqualTo(Clock.NEVER);
        assertThat(link.session().stats().received()).isZero();
    }

    @Test
    void sendOnly_thatExpectsNoClock_sendsEverythingAtOnce_andNothingTwice() throws ProtocolException {
        TextLink link = link(SessionOptions.sendOnly().expectClock(false));
        assertThat(link.take()).containsExactly(HEADER, A1, SYNC);
        setB();
        assertThat(link.take()).containsExactly(B1);
        link.give("{\"clock\":{\"M\":100}}");

        assertThat(link.take()).isEmpty();
    }

    @Test
    void sendOnly_thatExpectsNoClock_leavesOutWhatThePeerTurnsOutToHave() {
        setB();
        Session session = model.open(SessionOptions.sendOnly().expectClock(false));
        session.poll();
        session.receive(Handshake.of("P", Clock.of(Map.of("M", 100.0)), null));

        assertThat(SessionTest.drain(session)).containsExactly(B1, "SYNC");
    }

    @Test
    void expectClock_hasNoEffectOnASessionThatReceives() {
        assertThat(link(SessionOptions.twoWay().expectClock(false)).take()).containsExactly(HEADER);
        assertThat(link(SessionOptions.receiveOnly().expectClock(false)).take()).containsExactly(HEADER);
    }

    @Test
    void receiveOnly_neverSendsAnUpdate_andAnswersSync() throws ProtocolException {
        TextLink link = link(SessionOptions.receiveOnly());
        assertThat(link.take()).containsExactly(HEADER);
        link.give("{\"clock\":{}}");
        assertThat(link.take()).containsExactly(SYNC);
        setB();
        link.give("[[\"x\",1],5,\"P\"]", SYNC);

        assertThat(link.take()).isEmpty();
        assertThat(model.get("x")).hasToString("1");
        assertThat(link.session().state()).isEqualTo(Session.State.LIVE);
    }

    @Test
    void receiveOnly_withoutSendingItsClock_saysNothingUntilAsked() throws ProtocolException {
        TextLink link = link(SessionOptions.receiveOnly().sendClock(false));
        assertThat(link.take()).isEmpty();
        link.give("[[\"x\",1],5,\"P\"]");
        assertThat(link.take()).isEmpty();
        link.give("{\"clock\":{}}");

        assertThat(link.take()).containsExactly(SYNC);
        assertThat(model.get("x")).hasToString("1");
    }

    @Test
    void sendClock_hasNoEffectOnASessionThatSends() {
        assertThat(link(SessionOptions.twoWay().sendClock(false)).take()).containsExactly(HEADER);
        assertThat(link(SessionOptions.sendOnly().sendClock(false)).take()).containsExactly(HEADER);
    }

    @Test
    void receiveOnly_closesAsSoonAsThePeerEnds() throws ProtocolException {
        TextLink link = link(SessionOptions.receiveOnly());
        link.end();

        assertThat(link.session().state()).isEqualTo(Session.State.CLOSED);
        assertThat(link.take()).isEmpty();
    }

    @Test
    void receiveOnly_withTailFalse_endsBehindSync() throws ProtocolException {
        TextLink link = link(SessionOptions.receiveOnly().tail(false));
        link.take();
        link.give("{\"clock\":{}}");

        assertThat(link.take()).containsExactly(SYNC);
        assertThat(link.wire().outputEnded()).isTrue();
    }

    @Test
    void options_sayWhatTheyAre_andChangesMakeCopies() {
        SessionOptions base = SessionOptions.twoWay();
        SessionOptions changed = base.tail(false).meta("m").sendClock(false).expectClock(false);

        assertThat(base.tail()).isTrue();
        assertThat(changed.tail()).isFalse();
        assertThat(base.sends()).isTrue();
        assertThat(base.receives()).isTrue();
        assertThat(SessionOptions.sendOnly().receives()).isFalse();
        assertThat(SessionOptions.receiveOnly().sends()).isFalse();
        assertThat(model.open(changed).options()).isSameAs(changed);
    }

    @Test
    void assume_startsWithoutTheHandshakeOfThePeer() throws ProtocolException {
        AtomicInteger calls = new AtomicInteger();
        setB();
        TextLink link = link(SessionOptions.twoWay());
        link.wire().onReady(calls::incrementAndGet);
        link.take();
        link.wire().assume(Clock.of(Map.of("M", 100.0)));
        assertThat(calls).hasValue(1);
        assertThat(link.take()).containsExactly(B1, SYNC);
        link.wire().assume(Clock.EMPTY);
        assertThat(link.take()).as("once").isEmpty();
        link.give("{\"clock\":{\"M\":200}}");

        assertThat(link.take()).as("a first handshake only takes out").isEmpty();
    }

    @Test
    void assume_afterTheHandshakeOrOnAReceiver_doesNothing() throws ProtocolException {
        TextLink link = live();
        link.wire().assume(Clock.EMPTY);
        assertThat(link.take()).isEmpty();
        TextLink receiver = link(SessionOptions.receiveOnly());
        receiver.take();
        receiver.wire().assume(Clock.EMPTY);
        assertThat(receiver.take()).isEmpty();
        link.session().close();
        link.wire().assume(Clock.EMPTY);

        assertThat(link.take()).isEmpty();
    }

    @Test
    void sessions_areThoseThatAreOpen() throws ProtocolException {
        assertThat(model.sessions()).isEmpty();
        TextLink one = live();
        TextLink two = live();
        assertThat(model.sessions()).containsExactly(one.session(), two.session());
        one.end();
        one.take();

        assertThat(model.sessions()).containsExactly(two.session());
    }
}
