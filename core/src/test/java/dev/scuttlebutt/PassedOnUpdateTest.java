package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.types.Value;
import java.util.ArrayList;
import java.util.List;
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

    /** A value whose clock is behind, so that what it writes loses. */
    private final Value late = new Value(ReplicaOptions.defaults().id("late").time(() -> 1));

    private Session lagging() {
        late.apply(WINNER);
        Session session = late.open();
        session.receive(Handshake.of("peer", Clock.EMPTY, null));
        while (session.poll() != null) {
            assertThat(session.state()).isNotEqualTo(Session.State.CLOSED);
        }
        late.apply(Update.of("newer", 20, "W"));
        return session;
    }

    @Test
    void loserMadeHere_reachesWhoLags_afterEverythingElse() {
        Session session = lagging();
        late.set("first");
        late.set("second");

        assertThat(session.poll()).isEqualTo(Update.of("newer", 20, "W"));
        assertThat(session.poll()).isInstanceOfSatisfying(Update.class, update -> {
            assertThat(update.source()).isEqualTo("late");
            assertThat(update.timestamp()).isEqualTo(late.clock().latest("late"));
        });
        assertThat(session.poll()).isNull();
    }

    @Test
    void loserMadeHere_isNotSentToWhoHasItByThen() {
        Session session = lagging();
        late.set("first");
        session.receive(Update.of("by another way", late.clock().latest("late"), "late"));

        assertThat(session.poll()).isEqualTo(Update.of("newer", 20, "W"));
        assertThat(session.poll()).isNull();
    }

    @Test
    void loserOfAnother_isNotKeptForWhoLags() {
        Session session = lagging();
        late.apply(LOSER);

        assertThat(session.poll()).isEqualTo(Update.of("newer", 20, "W"));
        assertThat(session.poll()).isNull();
    }

    /** What a listener writes while another session takes in a list is sent to that peer at once, and so must be kept. */
    @Test
    void loserOfAListener_isInAJournalThatIsWrittenAtOnce() {
        List<Message> journal = new ArrayList<>();
        Session writing = late.open(SessionOptions.sendOnly().expectClock(false));
        Runnable take = () -> {
            Message next;
            while ((next = writing.poll()) != null) {
                journal.add(next);
            }
        };
        writing.onReady(take);
        take.run();
        late.on(ReplicaEvent.Applied.class, applied -> {
            if (applied.update().equals(WINNER)) {
                late.set("an answer");
            }
        });
        Session peer = late.open();
        peer.receive(List.of(Handshake.of("peer", Clock.EMPTY, null), WINNER));

        assertThat(journal)
                .filteredOn(Update.class::isInstance)
                .extracting(message -> ((Update) message).source())
                .containsExactly("W", "late");
    }
}
