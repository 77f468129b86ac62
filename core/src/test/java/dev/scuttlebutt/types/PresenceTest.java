package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.TimeSource;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private static final double T = 1_700_000_000_000.0;
    private final SettableTime time = new SettableTime(T);
    private final Presence ada = presence("ada", time);
    private final Presence bob = presence("bob", time);

    private static Presence presence(String id, TimeSource time) {
        return new Presence(ReplicaOptions.defaults().id(id).time(time), Duration.ofSeconds(3));
    }

    private void pass(int seconds, Presence... ticking) {
        for (int i = 0; i < seconds; i++) {
            time.set(time.millis() + 1000);
            for (Presence each : ticking) {
                each.tick();
            }
        }
    }

    @Test
    void here_isSeenByOthers_asLongAsItTicks() {
        Heard heard = Heard.from(bob.replica());
        Pipe.connect(ada.replica(), bob.replica());
        assertThat(bob.present()).isEmpty();
        ada.here(Map.of("name", "Ada"));
        assertThat(bob.present()).isEqualTo(Map.of("ada", Json.object("name", "Ada")));
        pass(20, ada, bob);

        assertThat(bob.isPresent("ada")).isTrue();
        assertThat(ada.isPresent("ada")).isTrue();
        assertThat(ada.isPresent("bob")).as("says nothing of itself").isFalse();
        assertThat(heard.all(Presence.Left.class)).isEmpty();
        assertThat(heard.all(Presence.Joined.class)).hasSize(1);
    }

    @Test
    void inventedIds_areNoticedUpToALimit() {
        for (int i = 0; i <= Presence.MAX_MEMBERS; i++) {
            ada.replica().apply(Update.of(Json.array("id" + i, Json.object("state", 1)), T, "S" + i));
        }

        assertThat(ada.present()).hasSize(Presence.MAX_MEMBERS);
        assertThat(ada.replica().keys()).hasSize(Presence.MAX_MEMBERS);
    }

    @Test
    void cut_isNoticedWithinTheTimeout() {
        Heard heard = Heard.from(bob.replica());
        Pipe pipe = Pipe.connect(ada.replica(), bob.replica());
        ada.here(null);
        pass(5, ada, bob);
        pipe.close();
        pass(3, ada, bob);
        assertThat(bob.isPresent("ada")).isTrue();
        pass(1, ada, bob);

        assertThat(bob.isPresent("ada")).isFalse();
        assertThat(heard.only(Presence.Left.class).id()).isEqualTo("ada");
        Pipe.connect(ada.replica(), bob.replica());
        assertThat(bob.isPresent("ada")).as("after the link is back").isTrue();
        assertThat(heard.all(Presence.Joined.class)).hasSize(2);
    }

    @Test
    void close_isNoticedAtOnce() {
        Heard heard = Heard.from(bob.replica());
        Pipe.connect(ada.replica(), bob.replica());
        ada.here(1);
        ada.close();

        assertThat(bob.present()).isEmpty();
        assertThat(heard.only(Presence.Left.class).id()).isEqualTo("ada");
        assertThat(heard.names()).contains("Joined", "Left");
    }

    @Test
    void newState_replacesTheOldOneWhole() {
        Heard heard = Heard.from(bob.replica());
        Pipe.connect(ada.replica(), bob.replica());
        ada.here(Map.of("name", "Ada", "typing", true));
        ada.here(Map.of("name", "Ada"));
        assertThat(heard.all(Presence.Changed.class)).hasSize(1);
        ada.here(Map.of("name", "Ada"));

        assertThat(bob.present().get("ada")).isEqualTo(Json.object("name", "Ada"));
        assertThat(heard.only(Presence.Changed.class).state()).isEqualTo(Json.object("name", "Ada"));
    }

    @Test
    void whoIsLongGone_doesNotSeemToBeHere_toThoseWhoCome() {
        Pipe.connect(ada.replica(), bob.replica());
        ada.here(null);
        pass(60, bob);
        Presence late = presence("late", time);
        Pipe.connect(bob.replica(), late.replica());

        assertThat(late.present()).isEmpty();
    }

    @Test
    void memberWhoseClockIsMinutesOff_isHereFromItsSecondSign() {
        Presence behind = presence("behind", () -> time.millis() - 120_000);
        Presence ahead = presence("ahead", () -> time.millis() + 120_000);
        Pipe.connect(behind.replica(), bob.replica());
        Pipe.connect(ahead.replica(), bob.replica());
        behind.here(null);
        ahead.here(null);
        pass(2, behind, ahead, bob);
        assertThat(bob.present()).containsOnlyKeys("behind", "ahead");
        pass(4, bob);

        assertThat(bob.present()).isEmpty();
    }

    @Test
    void clockThatRunsBack_doesNotSilenceAMember() {
        ada.here(null);
        Heard heard = Heard.from(ada.replica());
        time.set(T - 60_000);
        ada.tick();

        assertThat(heard.all(ReplicaEvent.Applied.class)).hasSize(1);
    }

    @Test
    void tick_givesBackWhatIsTooOld() {
        Pipe.connect(ada.replica(), bob.replica());
        ada.here(null);
        Heard heard = Heard.from(bob.replica());
        time.set(T + Duration.ofHours(1).toMillis());
        bob.tick();

        assertThat(heard.only(ExpiryModel.Expired.class).key()).isEqualTo("ada");
    }

    @Test
    void timeout_mustBePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Presence(ReplicaOptions.defaults(), Duration.ZERO));
    }
}
