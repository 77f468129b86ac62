package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NaiveReplicaTest {
    private static final Update A1 = Update.of(Json.array("k", 1), 1, "A");
    private static final Update B1 = Update.of(Json.array("k", 2), 1, "B");
    private static final Update A2 = Update.of(Json.array("j", 3), 2, "A");
    private static final Update B3 = Update.of(Json.array("j", null), 3, "B");

    @Test
    void model_showsTheGreatestStampOfEachKey() {
        NaiveReplica model = NaiveReplica.model();
        model.see(List.of(B1, A1, A2));
        assertThat(model.toJson()).isEqualTo(Json.object("k", 2, "j", 3));
        assertThat(model.history()).containsExactly(B1, A2);
        model.see(B3);
        model.see(A1);
        assertThat(model.toJson()).isEqualTo(Json.object("k", 2));
        assertThat(model.history()).containsExactly(B1, B3);
        assertThat(model.history(Clock.of(Map.of("B", 1.0)))).containsExactly(B3);
        assertThat(model.clock()).isEqualTo(Clock.of(Map.of("A", 2.0, "B", 3.0)));
    }

    @Test
    void events_showAllByStamp() {
        NaiveReplica events = NaiveReplica.events();
        events.see(List.of(A2, B1, A1, B1));
        assertThat(events.history()).containsExactly(A1, B1, A2);
        assertThat(events.toJson()).isEqualTo(Json.array(A1.change(), B1.change(), A2.change()));
    }

    @Test
    void value_showsTheGreatestStampAndHoldsTheLatest() {
        NaiveReplica value = NaiveReplica.value(2);
        assertThat(value.toJson()).isEqualTo(Json.NULL);
        value.see(List.of(A2, B1, A1));
        assertThat(value.toJson()).isEqualTo(A2.change());
        assertThat(value.history()).containsExactly(B1, A2);
    }
}
