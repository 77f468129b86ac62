package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueTest {
    private final ReplicaOptions options = ReplicaOptions.defaults().id("V").time(new SettableTime(100));
    private final Value value = new Value(options);

    @Test
    void get_beforeAnyWrite_isNull() {
        assertThat(value.get()).isNull();
        assertThat(value.get(String.class)).isNull();
        assertThat(value.toJson()).isSameAs(Json.NULL);
        assertThat(value.history()).isEmpty();
    }

    @Test
    void set_writesAnyJson_alsoNull() {
        value.set(List.of("x", 1, "y"));
        assertThat(value.get()).hasToString("[\"x\",1,\"y\"]");
        assertThat(value.history().get(0)).hasToString("[[\"x\",1,\"y\"],100,\"V\"]");
        value.set(null);
        assertThat(value.get()).isSameAs(Json.NULL);
        assertThat(value.get(String.class)).isNull();
        value.set("SYNC");

        assertThat(value.get(String.class)).isEqualTo("SYNC");
        assertThat(value.toJson()).hasToString("\"SYNC\"");
        assertThatIllegalArgumentException().isThrownBy(() -> value.get(Integer.class));
    }

    @Test
    void set_copiesTheValue() {
        List<Object> list = new ArrayList<>(List.of(1));
        value.set(list);
        list.add(2);

        assertThat(value.get()).hasToString("[1]");
    }

    @Test
    void set_ofWhatPeersWouldNotTake_isRefused() {
        Json deep = Json.of(1);
        for (int i = 0; i < Json.MAX_DEPTH; i++) {
            deep = Json.array(deep);
        }
        Json tooDeep = deep;

        assertThatIllegalArgumentException().isThrownBy(() -> value.set(tooDeep));
        assertThatIllegalArgumentException().isThrownBy(() -> value.set(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> value.set("x".repeat(16 << 20)));
        assertThat(value.get()).isNull();
    }

    @Test
    void latestStamp_wins_andTiesGoToTheGreaterSource() {
        value.apply(Update.of("b", 5, "b"));
        value.apply(Update.of("a", 5, "a"));
        assertThat(value.get()).hasToString("\"b\"");
        value.apply(Update.of("c", 5, "c"));
        assertThat(value.get()).hasToString("\"c\"");
        value.apply(Update.of("A", 6, "A"));

        assertThat(value.get()).hasToString("\"A\"");
    }

    @Test
    void length_isHowManyWritesAreKept() {
        Value three = new Value(options, 3);
        for (int i = 0; i < 10; i++) {
            three.apply(Update.of(i, 100 - 10 * i, "S" + i));
        }
        assertThat(three.history()).extracting(Update::timestamp).containsExactly(80.0, 90.0, 100.0);
        three.apply(Update.of("x", 85, "x"));

        assertThat(three.history()).extracting(Update::timestamp).containsExactly(85.0, 90.0, 100.0);
        assertThat(three.get()).hasToString("0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Value(options, 0));
    }

    @Test
    void events_ofAWinner() {
        value.set("old");
        Heard heard = Heard.from(value);
        value.set("new");

        assertThat(heard.names()).containsExactly("Changed", "Received", "Evicted", "Applied");
        assertThat(heard.only(Value.Changed.class).value()).hasToString("\"new\"");
        assertThat(heard.only(Value.Changed.class).update())
                .isSameAs(heard.only(Value.Received.class).update());
        assertThat(heard.only(Value.Evicted.class).update().change()).hasToString("\"old\"");
    }

    @Test
    void events_ofALoser_tellNoChange() {
        value.set("new");
        Heard heard = Heard.from(value);
        Update loser = Update.of("old", 5, "x");

        assertThat(value.apply(loser)).isEqualTo(Outcome.APPLIED);
        assertThat(heard.names()).containsExactly("Received", "Evicted", "Applied");
        assertThat(heard.only(Value.Evicted.class).update()).isSameAs(loser);
        assertThat(value.get()).hasToString("\"new\"");
        assertThat(value.history()).hasSize(1);
        assertThat(value.clock().latest("x")).isEqualTo(5);
    }
}
