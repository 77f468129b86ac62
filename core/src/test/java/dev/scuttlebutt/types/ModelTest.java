package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelTest {
    private final SettableTime time = new SettableTime(100);
    private final Model model = new Model(ReplicaOptions.defaults().id("M").time(time));

    private static Update update(Object change, double timestamp, String source) {
        return Update.of(change, timestamp, source);
    }

    @Test
    void get_isWhatWasSet() {
        model.set("k", Map.of("x", Arrays.asList(1, null, true)));

        assertThat(model.get("k")).isEqualTo(Json.parse("{\"x\":[1,null,true]}"));
        assertThat(model.has("k")).isTrue();
        assertThat(model.get("toString")).isNull();
        assertThat(model.has("toString")).isFalse();
    }

    @Test
    void set_copiesTheValue() {
        Map<String, Object> value = new HashMap<>(Map.of("x", 1));
        model.set("k", value);
        value.put("x", 2);

        assertThat(model.get("k")).hasToString("{\"x\":1}");
        assertThat(model.history().get(0)).hasToString("[[\"k\",{\"x\":1}],100,\"M\"]");
    }

    @Test
    void set_ofWhatJsonCannotCarry_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> model.set("k", Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> model.set("k", Double.POSITIVE_INFINITY));
        assertThatIllegalArgumentException().isThrownBy(() -> model.set("k", Long.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> model.set("k", new Object()));
        assertThat(model.history()).isEmpty();
    }

    @Test
    void set_ofAValueTooDeepForPeers_isRefused() {
        Json deep = Json.of(1);
        for (int i = 0; i < Json.MAX_DEPTH - 2; i++) {
            deep = Json.array(deep);
        }
        Json allowed = deep;
        Json refused = Json.array(deep);
        model.set("k", allowed);

        assertThat(model.get("k")).isEqualTo(allowed);
        assertThatIllegalArgumentException().isThrownBy(() -> model.set("k", refused));
        assertThatIllegalArgumentException().isThrownBy(() -> model.set("k", Json.array(refused)));
        assertThat(model.get("k")).isEqualTo(allowed);
    }

    @Test
    void delete_leavesATombstone() {
        model.set("k", 1);
        model.delete("k");
        model.delete("never written");

        assertThat(model.get("k")).isNull();
        assertThat(model.has("k")).isFalse();
        assertThat(model.keys()).containsExactly("k", "never written");
        assertThat(model.toJson()).hasToString("{}");
        assertThat(model.history()).hasSize(2);
        model.set("k", 2);
        assertThat(model.get("k")).hasToString("2");
    }

    @Test
    void toJson_keepsWhatIsFalseOrEmpty() {
        model.set("zero", 0);
        model.set("false", false);
        model.set("empty", "");
        model.set("null", null);

        assertThat(model.toJson()).hasToString("{\"zero\":0,\"false\":false,\"empty\":\"\"}");
    }

    @Test
    void keys_areInTheOrderOfJavaScript() {
        for (String key : List.of("b", "10", "a", "9", "01", "b", "4294967294", "4294967295", "-1", "")) {
            model.set(key, 1);
        }

        assertThat(model.keys()).containsExactly("9", "10", "4294967294", "b", "a", "01", "4294967295", "-1", "");
        List<String> visited = new ArrayList<>();
        model.delete("a");
        model.forEach((key, value) -> visited.add(key));
        assertThat(visited).containsExactly("9", "10", "4294967294", "b", "01", "4294967295", "-1", "");
        assertThat(model.toJson().keys()).isEqualTo(visited);
    }

    @Test
    void keyProto_isRefusedHereAndFromElsewhere() {
        Heard heard = Heard.from(model);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.set("__proto__", 1))
                .withMessageContaining("__proto__");
        assertThat(model.get("__proto__")).isNull();
        assertThat(model.apply(update(List.of("__proto__", 1), 5, "x"))).isEqualTo(Outcome.INVALID);

        assertThat(model.clock().latest("x")).isNegative();
        assertThat(heard.names()).containsExactly("Invalid");
    }

    @Test
    void keysNamedLikeInheritedMembers_areOrdinary() {
        for (String key : List.of("constructor", "toString", "hasOwnProperty", "valueOf")) {
            model.set(key, key);
            assertThat(model.get(key)).isEqualTo(Json.of(key));
        }
    }

    private record Point(int x, double y, Optional<String> label) {}

    @Test
    void typedReads_giveObjectsOfTheClass() {
        model.set("p", new Point(1, 2.5, Optional.of("l")));
        model.set("n", 7);

        assertThat(model.get("p", Point.class)).isEqualTo(new Point(1, 2.5, Optional.of("l")));
        assertThat(model.get("n", Integer.class)).isEqualTo(7);
        assertThat(model.get("none", Point.class)).isNull();
        model.delete("p");
        assertThat(model.get("p", Point.class)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> model.get("n", Point.class));
    }

    @Test
    void laterTimestamp_wins_whateverTheOrder() {
        Update early = update(List.of("k", "early"), 5, "z");
        Update late = update(List.of("k", "late"), 6, "a");
        assertThat(model.apply(early)).isEqualTo(Outcome.APPLIED);
        assertThat(model.apply(late)).isEqualTo(Outcome.APPLIED);
        Model other = new Model("N");
        assertThat(other.apply(late)).isEqualTo(Outcome.APPLIED);
        assertThat(other.apply(early)).isEqualTo(Outcome.IGNORED);

        assertThat(model.get("k")).hasToString("\"late\"");
        assertThat(other.history()).isEqualTo(model.history()).containsExactly(late);
        assertThat(other.clock()).isEqualTo(model.clock());
    }

    @Test
    void equalTimestamps_theGreaterSourceWins_whateverTheOrder() {
        Update lesser = update(List.of("k", "lesser"), 5, "a");
        Update greater = update(List.of("k", "greater"), 5, "b");
        model.apply(lesser);
        model.apply(greater);
        Model other = new Model("N");
        other.apply(greater);
        other.apply(lesser);

        assertThat(model.get("k")).hasToString("\"greater\"");
        assertThat(other.toJson()).isEqualTo(model.toJson());
    }

    @Test
    void changeWithoutValue_isADeletion_andFurtherElementsAreKept() {
        model.apply(update(List.of("k"), 5, "x"));
        model.apply(update(List.of("l", 1, 2), 6, "x"));

        assertThat(model.get("k")).isNull();
        assertThat(model.keys()).containsExactly("k", "l");
        assertThat(model.get("l")).hasToString("1");
        assertThat(model.history()).extracting(Update::toString).contains("[[\"l\",1,2],6,\"x\"]");
    }

    @Test
    void changeOfAnotherShape_isInvalid_andMovesNothing() {
        Heard heard = Heard.from(model);
        for (Object change : Arrays.asList(
                null,
                5,
                "ab",
                Map.of(),
                List.of(),
                List.of(Map.of("a", 1), 2),
                Arrays.asList(null, 2),
                List.of(10, 2))) {
            assertThat(model.apply(update(change, 5, "x"))).as("%s", change).isEqualTo(Outcome.INVALID);
        }

        assertThat(heard.all(ReplicaEvent.Invalid.class)).hasSize(8);
        assertThat(model.clock().isEmpty()).isTrue();
        assertThat(model.apply(update(List.of("k", 1), 5, "x"))).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void events_comeInTheOrderOfTheOriginal() {
        model.set("k", 1);
        Heard heard = Heard.from(model);
        time.set(200);
        model.set("k", 2);

        assertThat(heard.names()).containsExactly("Superseded", "Changed", "Applied");
        Model.Superseded superseded = heard.only(Model.Superseded.class);
        assertThat(superseded.update()).hasToString("[[\"k\",1],100,\"M\"]");
        assertThat(superseded.by()).hasToString("[[\"k\",2],200,\"M\"]");
        Model.Changed changed = heard.only(Model.Changed.class);
        assertThat(changed.key()).isEqualTo("k");
        assertThat(changed.value()).hasToString("2");
        assertThat(changed.update()).isSameAs(superseded.by());
    }

    @Test
    void loser_isToldToNobody_andDoesNotSpread() {
        Model peer = new Model("P");
        model.set("k", 1);
        Pipe.connect(model, peer);
        Heard heard = Heard.from(model);
        Heard heardAtPeer = Heard.from(peer);
        model.apply(update(List.of("k", "old"), 5, "x"));

        assertThat(heard.events()).isEmpty();
        assertThat(heardAtPeer.events()).isEmpty();
        assertThat(peer.clock().latest("x")).isNegative();
    }

    @Test
    void onChange_hearsItsKeyAlone_andNullForADeletion() {
        List<Json> values = new ArrayList<>();
        Subscription subscription = model.onChange("k", values::add);
        model.set("k", 1);
        model.set("other", 2);
        model.delete("k");
        subscription.close();
        model.set("k", 3);

        assertThat(values).containsExactly(Json.of(1), Json.NULL);
    }

    @Test
    void history_hasOneUpdateForEachKey() {
        for (int i = 0; i < 1000; i++) {
            model.set("k" + i % 7, i);
        }

        assertThat(model.history()).hasSize(7);
        assertThat(model.keys()).hasSize(7);
    }
}
