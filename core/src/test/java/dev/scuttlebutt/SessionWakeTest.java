package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Value;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a transport that has nothing to do is called because of updates that are passed on and not kept. */
class SessionWakeTest {
    private final Value value = new Value("V");
    private final AtomicInteger calls = new AtomicInteger();

    /** A session that has said all, with a value that wins over what comes later. */
    private Session quiet(SessionOptions options) {
        value.apply(Update.of("new", 100, "a"));
        Session session = value.open(options);
        session.receive(Handshake.of("P", Clock.EMPTY, null));
        SessionTest.drain(session);
        session.onReady(calls::incrementAndGet);
        return session;
    }

    @Test
    void passedOnUpdate_wakesATransportThatIsUpToDate_once() {
        Session session = quiet(SessionOptions.twoWay());
        value.apply(Update.of("old", 50, "b"));
        value.apply(Update.of("older", 40, "c"));
        assertThat(calls).hasValue(1);
        assertThat(SessionTest.drain(session)).hasSize(2);
    }

    @Test
    void passedOnUpdate_doesNotWakeATransportThatIsNotToHaveIt() {
        quiet(SessionOptions.receiveOnly());
        value.apply(Update.of("old", 50, "b"));
        assertThat(calls).hasValue(0);
    }

    @Test
    void passedOnUpdate_doesNotWakeATransportWhosePeerStillLacksWhatIsKept() {
        Session session = quiet(SessionOptions.twoWay());
        value.apply(Update.of("newer", 200, "a"));
        value.apply(Update.of("old", 50, "b"));
        assertThat(calls).as("for the kept one").hasValue(1);
        assertThat(SessionTest.drain(session)).containsExactly("[\"newer\",200,\"a\"]");
    }
}
