package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An update that is applied and not kept goes to the peers that are up to date and lack it, and to nobody else. */
class PassedOnUpdateTest {
    private static final Update WINNER = Update.of("new", 10, "W");
    private static final Update LOSER = Update.of("old", 5, "L");

    private final Value value = new Value("hub");

    /** A session that has exchanged everything with a peer whose handshake had this clock. */
    private Session upToDate(Clock peerHas) {
        value.apply(WINNER);
        Session session = value.open();
        session.receive(Handshake.of("peer", peerHas, null));
        session.receive(Sync.SYNC);
        while (session.poll() != null) {
            assertThat(session.state()).isNotEqualTo(Session.State.CLOSED);
        }
        return session;
    }

    @Test
    void loser_isPassedOnToWhoLacksIt() {
        Session session = upToDate(Clock.EMPTY);
        assertThat(value.apply(LOSER)).isEqualTo(Outcome.APPLIED);
        assertThat(session.poll()).isSameAs(LOSER);
        assertThat(session.poll()).isNull();
    }

    @Test
    void loser_isNotPassedOnToWhoNamedItInTheHandshake() {
        Session session = upToDate(Clock.of(Map.of("L", 5.0)));
        value.apply(LOSER);
        assertThat(session.poll()).isNull();
    }

    @Test
    void loser_thatThePeerSendsMeanwhile_isNotSentBack() {
        Session session = upToDate(Clock.EMPTY);
        value.apply(LOSER);
        session.receive(LOSER);
        assertThat(session.poll()).isNull();
    }

    @Test
    void loser_thatThePeerSent_isNotSentBack() {
        Session session = upToDate(Clock.EMPTY);
        session.receive(LOSER);
        assertThat(session.poll()).isNull();
    }
}
