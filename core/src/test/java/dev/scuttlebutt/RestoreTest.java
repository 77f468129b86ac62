package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.types.Model;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A store gives back what a replica was. */
class RestoreTest {
    private final SettableTime time = new SettableTime(100);
    private final ReplicaOptions options = ReplicaOptions.defaults().time(time);
    private final Clock seen = Clock.of(Map.of("A", 500.0, "S", 9.0));

    private double nextTimestamp(Model model) {
        model.set("k", "v");
        return model.clock().latest(model.id());
    }

    @Test
    void randomId_isReplaced_andTimestampsGoOnAboveIt() {
        Model model = new Model(options);
        model.restore("A", seen, true);

        assertThat(model.id()).isEqualTo("A");
        assertThat(model.clock()).isEqualTo(seen);
        assertThat(nextTimestamp(model)).isGreaterThan(500);
    }

    @Test
    void idThatWasGiven_stays() {
        Model byOptions = new Model(options.id("B"));
        byOptions.restore("A", seen, true);
        Model bySetId = new Model(options);
        bySetId.setId(bySetId.id());
        String chosen = bySetId.id();
        bySetId.restore("A", seen, true);
        Model bySecurity = new Model(options.security(new ToySecurity("S")));
        bySecurity.restore("A", seen, true);

        assertThat(byOptions.id()).isEqualTo("B");
        assertThat(bySetId.id()).isEqualTo(chosen);
        assertThat(bySecurity.id()).isEqualTo("S");
        assertThat(byOptions.clock()).isEqualTo(seen);
    }

    @Test
    void afterALoss_theClockStays_andOnlyOwnTimestampsAreAbove() {
        Model model = new Model(options);
        model.restore("A", seen, false);

        assertThat(model.clock().isEmpty()).isTrue();
        assertThat(model.apply(Update.of(List.of("lost", 1), 500, "A"))).isEqualTo(Outcome.APPLIED);
        assertThat(nextTimestamp(model)).isGreaterThan(500);
    }

    @Test
    void afterALoss_ownTimestampsAreAboveEvenBeforeTheLostComesBack() {
        Model model = new Model(options);
        model.restore("A", seen, false);

        assertThat(nextTimestamp(model)).isGreaterThan(500);
    }

    @Test
    void absurdTimestamps_leaveRoomForOthers() {
        Model model = new Model(options);
        model.restore("A", Clock.of(Map.of("A", 1e305, "S", 9.0)), true);

        assertThat(model.clock().toMap()).containsOnlyKeys("S");
        assertThat(nextTimestamp(model)).isEqualTo(100);
    }

    @Test
    void unknownId_leavesTheRandomOne() {
        Model model = new Model(options);
        String id = model.id();
        model.restore(null, seen, true);

        assertThat(model.id()).isEqualTo(id);
        assertThat(model.clock()).isEqualTo(seen);
    }

    @Test
    void impossibleId_isRefused() {
        Model model = new Model(options);

        assertThatIllegalArgumentException().isThrownBy(() -> model.restore("__proto__", seen, true));
    }
}
