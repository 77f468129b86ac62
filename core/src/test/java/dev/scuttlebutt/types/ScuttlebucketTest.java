package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.TextLink;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScuttlebucketTest {
    private final SettableTime time = new SettableTime(100);
    private final Scuttlebucket bucket = bucket("A");

    private Scuttlebucket bucket(String id) {
        return new Scuttlebucket(ReplicaOptions.defaults().id(id).time(time));
    }

    private static Update update(String name, Object inner, double timestamp, String source) {
        return Update.of(Json.array(name, inner), timestamp, source);
    }

    // Everyday

    @Test
    void parts_ofSeveralTypes_shareOneLink() {
        Model model = bucket.add("m", Model::new);
        AppendOnly feed = bucket.add("l", AppendOnly::new);
        Value value = bucket.add("v", Value::new);
        Scuttlebucket other = bucket("B");
        Model otherModel = other.add("m", Model::new);
        AppendOnly otherFeed = other.add("l", AppendOnly::new);
        other.add("v", Value::new);
        Pipe.connect(bucket, other);
        model.set("k", 1);
        String id = otherFeed.push(Map.of("n", 1));
        value.set("x");
        otherModel.delete("k");

        assertThat(feed.get(id)).isNotNull();
        assertThat(model.has("k")).isFalse();
        assertThat(bucket.toJson()).hasToString("{\"m\":{},\"l\":[{\"n\":1}],\"v\":\"x\"}");
        assertThat(other.toJson()).isEqualTo(bucket.toJson());
        assertThat(other.history()).isEqualTo(bucket.history());
    }

    @Test
    void payloads_areWrappedFromTheOutsideIn() {
        Scuttlebucket sub = bucket.add("sub", Scuttlebucket::new);
        Value value = sub.add("deep", Scuttlebucket::new).add("v", Value::new);
        value.set("val");
        sub.add("m", Model::new).set("k", "v");

        assertThat(bucket.history().get(0)).hasToString("[[\"sub\",[\"deep\",[\"v\",\"val\"]]],100,\"A\"]");
        assertThat(bucket.history().get(1).change()).hasToString("[\"sub\",[\"m\",[\"k\",\"v\"]]]");
        assertThat(value.history()).containsExactly(Update.of("val", 100, "A"));
        assertThat(value.history().get(0)).hasToString("[\"val\",100,\"A\"]");
        assertThat(value.history().get(0).length()).isEqualTo("[\"val\",100,\"A\"]\n".length());
        assertThat(sub.history()).hasSize(2);
        assertThat(bucket.toJson()).hasToString("{\"sub\":{\"deep\":{\"v\":\"val\"},\"m\":{\"k\":\"v\"}}}");
    }

    @Test
    void namesThatJsonEscapes_leadToTheirParts() {
        for (String name : List.of("", "\"", "\\", "a\nb", "\u00e9", "\ud83d\ude00", "[1,2]", "a\",\"b")) {
            Scuttlebucket whole = bucket("A");
            Scuttlebucket sub = whole.add(name, Scuttlebucket::new);
            Model model = sub.add(name + "x", Model::new);
            model.set(name + "k", name);
            sub.add(name, Model::new).set("other", 1);

            assertThat(model.get(name + "k")).isEqualTo(Json.of(name));
            assertThat(model.history()).containsExactly(Update.of(Json.array(name + "k", name), 100, "A"));
            assertThat(whole.history().get(0).change())
                    .isEqualTo(Json.array(name, Json.array(name + "x", Json.array(name + "k", name))));
            whole.history()
                    .forEach(update ->
                            assertThat(Update.parse(update.toString())).isEqualTo(update));
        }
    }

    @Test
    void partsOfParts_canBeVeryDeep_butNoDeeperThanPeersRead() {
        Scuttlebucket around = bucket;
        for (int depth = 1; depth < Json.MAX_DEPTH - 2; depth++) {
            around = around.add("p", Scuttlebucket::new);
        }
        Value value = around.add("v", Value::new);
        Model model = around.add("m", Model::new);

        value.set(1);
        assertThat(value.get()).isEqualTo(Json.of(1));
        model.set("k", 1);
        assertThat(model.get("k")).isEqualTo(Json.of(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.set("k", List.of(1)))
                .withMessageContaining("1000 deep");
        assertThat(model.get("k")).isEqualTo(Json.of(1));
    }

    @Test
    void part_isFoundByNameAndClass() {
        Model model = bucket.add("m", Model::new);

        assertThat(bucket.part("m", Model.class)).isSameAs(model);
        assertThat(bucket.parts()).containsOnlyKeys("m");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bucket.part("m", Value.class))
                .withMessageContaining("Model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bucket.part("x", Value.class))
                .withMessageContaining("not there");
        assertThatIllegalArgumentException().isThrownBy(() -> bucket.add("m", Value::new));
        assertThatIllegalArgumentException().isThrownBy(() -> bucket.add("__proto__", Value::new));
        assertThatIllegalArgumentException().isThrownBy(() -> bucket.add("own", options -> new Model("x")));
    }

    @Test
    void part_hasTheIdOfItsBucket_andNoSessionsOfItsOwn() {
        Model model = bucket.add("m", Model::new);
        bucket.setId("other");
        model.set("k", 1);

        assertThat(model.id()).isEqualTo("other");
        assertThat(model.history().get(0).source()).isEqualTo("other");
        assertThatIllegalStateException().isThrownBy(model::open).withMessageContaining("\"m\"");
        assertThatIllegalStateException().isThrownBy(model::dispose);
        assertThatIllegalStateException().isThrownBy(() -> model.clone(Model::new));
    }

    @Test
    void events_goToThePartAndToTheBucket_inOneOrder() {
        Model model = bucket.add("m", Model::new);
        List<String> order = new ArrayList<>();
        model.on(Model.Changed.class, event -> order.add("changed"));
        model.on(ReplicaEvent.Applied.class, event -> order.add("part " + event.update()));
        bucket.on(ReplicaEvent.Applied.class, event -> order.add("bucket " + event.update()));
        model.set("k", 1);

        assertThat(order)
                .containsExactly("changed", "part [[\"k\",1],100,\"A\"]", "bucket [[\"m\",[\"k\",1]],100,\"A\"]");
    }

    @Test
    void part_takesAnUpdateAsIfFromAPeer() {
        Model model = bucket.add("m", Model::new);

        assertThat(model.apply(Update.of(List.of("k", 1), 10, "S"))).isEqualTo(Outcome.APPLIED);
        assertThat(bucket.history()).containsExactly(update("m", List.of("k", 1), 10, "S"));
    }

    /** As {@code exchange-add-late} shows: history from before keeps its old source. */
    @Test
    void partWithAHistory_bringsItAlong() {
        Model before = new Model(ReplicaOptions.defaults().id("OLD").time(time));
        before.set("k", "pre");
        before.set("m", 1);
        Scuttlebucket other = bucket("B");
        other.add("x", Model::new);
        Model part = bucket.add("sub", Scuttlebucket::new).add("x", Model::new, before);
        Model direct = bucket.add("x", Model::new, new Model("OLD"));
        Pipe.connect(bucket, other);
        time.set(200);
        part.set("k", "post");
        before.set("k", "elsewhere");

        assertThat(part.get("k")).isEqualTo(Json.of("post"));
        assertThat(part.get("m")).isEqualTo(Json.of(1));
        assertThat(direct.keys()).isEmpty();
        assertThat(bucket.history().get(0).toString())
                .startsWith("[[\"sub\",[\"x\",[\"m\",1]]],100")
                .endsWith(",\"OLD\"]");
        assertThat(other.clock()).isEqualTo(bucket.clock());
    }

    @Test
    void partWithAHistory_thatTheOneClockHasPassed_isRefusedLoudly() {
        Heard heard = Heard.from(bucket);
        bucket.add("m", Model::new).apply(Update.of(List.of("k", 1), 200, "OLD"));
        Model before = new Model(ReplicaOptions.defaults().id("OLD").time(time));
        before.set("k", "pre");

        assertThat(bucket.add("x", Model::new, before).keys()).isEmpty();
        assertThat(heard.only(ReplicaEvent.Stale.class).update().partName()).isEqualTo("x");
    }

    @Test
    void updateThatLosesInItsPart_isPassedOn_andNotKept() {
        bucket.add("m", Model::new);
        bucket.apply(update("m", List.of("k", "new"), 5, "S"));
        Scuttlebucket other = bucket("B");
        other.add("m", Model::new);
        Pipe.connect(bucket, other);

        assertThat(bucket.apply(update("m", List.of("k", "old"), 1, "T"))).isEqualTo(Outcome.APPLIED);
        assertThat(other.clock().latest("T")).isEqualTo(1);
        assertThat(bucket.history()).hasSize(1);
        assertThat(other.history()).hasSize(1);
    }

    @Test
    void forgetting_inAPart_shortensTheOneHistory() {
        Model model = bucket.add("sub", Scuttlebucket::new).add("m", Model::new);
        for (int i = 0; i < 1000; i++) {
            model.set("k", i);
        }

        assertThat(bucket.history()).hasSize(1);
        assertThat(model.history()).hasSize(1);
    }

    @Test
    void appendOnlyPart_keepsRemovalsFromOriginals_thatCannotTakeThem() throws ProtocolException {
        AppendOnly feed = bucket.add("l", AppendOnly::new);
        String id = feed.push(List.of(1));
        TextLink original = new TextLink(bucket);
        assertThat(original.take().get(0)).contains("\"meta\":{\"tombstones\":true}");
        original.give("{\"id\":\"js\",\"clock\":{}}");
        original.take();
        feed.remove(id);
        assertThat(original.take()).hasSize(1);
        TextLink late = new TextLink(bucket);
        late.give("{\"id\":\"js\",\"clock\":{}}");

        assertThat(late.take()).as("hello and SYNC").hasSize(2);
    }

    // The weaknesses of the original

    /** SB-1: local changes did not enter the clock, so peers sent everything back. */
    @Test
    void sb1_localChanges_areInTheClock() {
        bucket.add("m", Model::new).set("k", 1);

        assertThat(bucket.clock().latest("A")).isEqualTo(100);
    }

    /** SB-2: what a listener wrote in answer to a received update was not announced, and lost. */
    @Test
    void sb2_answerToAReceivedUpdate_reachesThePeer() {
        Model model = bucket.add("m", Model::new);
        Value value = bucket.add("v", Value::new);
        model.on(Model.Changed.class, changed -> value.set(changed.key()));
        Scuttlebucket other = bucket("B");
        Model otherModel = other.add("m", Model::new);
        Value otherValue = other.add("v", Value::new);
        Pipe.connect(bucket, other);
        otherModel.set("k", 1);
        model.set("after", 2);

        assertThat(otherValue.get()).isEqualTo(Json.of("after"));
        assertThat(other.history()).isEqualTo(bucket.history());
    }

    /** SB-3: an update of a nested part was announced once per level. */
    @Test
    void sb3_updateOfANestedPart_isAppliedOnce() {
        Heard heard = Heard.from(bucket);
        bucket.add("a", Scuttlebucket::new).add("b", Scuttlebucket::new).add("m", Model::new);
        bucket.apply(update("a", List.of("b", List.of("m", List.of("k", 1))), 10, "S"));

        assertThat(heard.all(ReplicaEvent.Applied.class)).hasSize(1);
    }

    /** SB-4: what came for a part that was not there yet was lost. */
    @Test
    void sb4_partAddedLate_getsWhatCameBefore_inStampOrder() {
        Heard heard = Heard.from(bucket);
        assertThat(bucket.apply(update("m", List.of("k", "late"), 20, "T"))).isEqualTo(Outcome.APPLIED);
        assertThat(bucket.apply(update("m", List.of("k", "early"), 10, "S"))).isEqualTo(Outcome.APPLIED);
        assertThat(bucket.apply(update("m", 5, 11, "S")))
                .as("nobody can tell yet")
                .isEqualTo(Outcome.APPLIED);
        assertThat(heard.only(Scuttlebucket.Missing.class).name()).isEqualTo("m");
        assertThat(bucket.pending()).isEqualTo(3);
        assertThat(bucket.history()).hasSize(3);
        Model model = bucket.add("m", Model::new);

        assertThat(model.get("k")).isEqualTo(Json.of("late"));
        assertThat(bucket.pending()).isZero();
        assertThat(bucket.history()).containsExactly(update("m", List.of("k", "late"), 20, "T"));
        assertThat(heard.only(ReplicaEvent.Invalid.class).update().timestamp()).isEqualTo(11);
    }

    @Test
    void sb4_partAddedLate_getsItInStampOrder_evenIfItCouldTell() {
        final class Recorder extends Replica {
            private final List<String> seen = new ArrayList<>();

            Recorder(ReplicaOptions options) {
                super(options);
            }

            @Override
            protected boolean applyUpdate(Update update) {
                seen.add(update.change().asString());
                return true;
            }
        }
        bucket.apply(update("r", "second", 20, "T"));
        bucket.apply(update("r", "third", 20, "U"));
        bucket.apply(update("r", "first", 10, "S"));

        assertThat(bucket.add("r", Recorder::new).seen).containsExactly("first", "second", "third");
    }

    @Test
    void sb4_whatWaitedForAPart_andHasNoEffectInIt_leavesTheHistory() {
        time.set(1_000_000);
        bucket.apply(update("x", List.of("old", 1), 1, "S"));
        bucket.apply(update("x", List.of("young", 1), 999_999, "S"));
        ExpiryModel part = bucket.add(
                "x",
                options ->
                        new ExpiryModel(options, ExpiryModel.Bounds.defaults().maxAge(Duration.ofSeconds(10))));

        assertThat(part.keys()).containsExactly("young");
        assertThat(bucket.history()).extracting(Update::timestamp).containsExactly(999_999.0);
        time.set(2_000_000);
        assertThat(bucket.history()).as("lapsed in its part").isEmpty();
    }

    @Test
    void sb4_whatIsNotForUs_isCarriedToThoseItIsFor() {
        Scuttlebucket left = bucket("L");
        Scuttlebucket right = bucket("R");
        left.add("sub", Scuttlebucket::new).add("m", Model::new).set("k", 1);
        Pipe.connect(left, bucket);
        Pipe.connect(bucket, right);
        Model late = right.add("sub", Scuttlebucket::new).add("m", Model::new);

        assertThat(late.get("k")).isEqualTo(Json.of(1));
    }

    @Test
    void sb4_whatWaits_isLimited() {
        Heard heard = Heard.from(bucket);
        for (int i = 0; i <= Composite.MAX_PENDING_OF_A_NAME; i++) {
            bucket.apply(update("m", List.of("k" + i, i), i + 1, "S"));
        }

        assertThat(bucket.pending()).isEqualTo(Composite.MAX_PENDING_OF_A_NAME);
        assertThat(bucket.history()).hasSize(Composite.MAX_PENDING_OF_A_NAME);
        assertThat(heard.only(Scuttlebucket.Dropped.class).update().timestamp()).isEqualTo(1);
    }

    /** SB-5: a clone had no parts and threw. */
    @Test
    void sb5_clone_hasTheParts() {
        bucket.add("m", Model::new).set("k", 1);
        Scuttlebucket clone = bucket.clone(options -> {
            Scuttlebucket made = new Scuttlebucket(options);
            made.add("m", Model::new);
            return made;
        });
        clone.part("m", Model.class).set("k", 2);

        assertThat(bucket.part("m", Model.class).get("k")).isEqualTo(Json.of(2));
    }

    /** SB-7 and AO-10: the removal in an append-only part could make the bucket throw. */
    @Test
    void sb7ao10_removalOfSomethingUnknown_isOrdinary() {
        AppendOnly feed = bucket.add("l", AppendOnly::new);
        feed.remove("nobody:1");

        assertThat(bucket.history()).hasSize(1);
    }

    /** SB-8: names that every JavaScript object inherits. */
    @Test
    void sb8_namesOfJavaScript_areOrdinaryNames() {
        bucket.apply(update("constructor", 1, 10, "S"));
        Value value = bucket.add("constructor", Value::new);

        assertThat(value.get()).isEqualTo(Json.of(1));
    }

    @Test
    void blanksBetweenElements_doNotMatter() throws ProtocolException {
        Model model = bucket.add("sub", Scuttlebucket::new).add("m", Model::new);
        Value value = bucket.add("v", Value::new);
        TextLink peer = new TextLink(bucket);
        peer.give("{\"id\":\"js\",\"clock\":{}}");
        peer.give(" [ [ \"sub\" , [ \"m\" , [ \"k\" , [ 1 ] ] ] ] , 10 , \"S\" ] ");
        peer.give("[[\"v\",\t5\t]\t,11,\"S\"]");
        peer.give("[[\"v\" , 6 , 7 ],12,\"S\"]");

        assertThat(model.get("k")).hasToString("[1]");
        assertThat(model.history().get(0)).hasToString("[[\"k\",[1]],10,\"S\"]");
        assertThat(model.history().get(0).length()).isEqualTo("[[\"k\",[1]],10,\"S\"]\n".length());
        assertThat(value.get()).isEqualTo(Json.of(5));
        assertThat(value.history().get(0)).hasToString("[5,11,\"S\"]");
        assertThat(bucket.history()).hasSize(2);
    }

    @Test
    void malformedPayloads_areRefusedWithoutTrace() {
        bucket.add("m", Model::new);
        for (String payload : List.of(
                "null",
                "5",
                "\"ab\"",
                "{}",
                "[]",
                "[\"m\"]",
                "[\"m\",[\"k\",1],2]",
                "[1,2]",
                "[\"__proto__\",1]",
                "[\"m\",null]",
                "[\"m\",5]",
                "[\"m\",[\"__proto__\",1]]")) {
            assertThat(bucket.apply(Update.parse("[" + payload + ",10,\"S\"]")))
                    .as(payload)
                    .isEqualTo(Outcome.INVALID);
        }

        assertThat(bucket.clock().isEmpty()).isTrue();
        assertThat(bucket.history()).isEmpty();
    }

    @Test
    void typeOfOnesOwn_worksAsAPart() {
        final class Counter extends Replica {
            private int count;

            Counter(ReplicaOptions options) {
                super(options);
            }

            void add() {
                localUpdate(Json.TRUE);
            }

            @Override
            protected boolean applyUpdate(Update update) {
                update.change().asBoolean();
                count++;
                return true;
            }
        }
        Counter counter = bucket.add("c", Counter::new);
        counter.add();
        counter.add();

        assertThat(counter.count).isEqualTo(2);
        assertThat(bucket.history()).hasSize(2);
    }

    /** Peers choose the names: beyond the limit a new one costs nothing, and a known one its own oldest update. */
    @Test
    void whatWaitsAltogether_isLimited() {
        Scuttlebucket small = new Scuttlebucket(ReplicaOptions.defaults().id("A"), 2);
        Heard heard = Heard.from(small);
        small.apply(update("a", 1, 1, "S"));
        small.apply(update("b", 2, 2, "S"));
        assertThat(small.apply(update("c", 3, 3, "S"))).as("of a new name").isEqualTo(Outcome.IGNORED);
        assertThat(heard.only(Scuttlebucket.Dropped.class).name()).isEqualTo("c");
        assertThat(small.apply(update("b", 4, 4, "S"))).as("of a known name").isEqualTo(Outcome.APPLIED);

        assertThat(heard.all(Scuttlebucket.Dropped.class))
                .extracting(dropped -> dropped.update().timestamp())
                .containsExactly(3.0, 2.0);
        assertThat(heard.all(Scuttlebucket.Missing.class))
                .extracting(Scuttlebucket.Missing::name)
                .containsExactly("a", "b");
        assertThat(small.pending()).isEqualTo(2);
        assertThat(small.history()).extracting(Update::timestamp).containsExactly(1.0, 4.0);
        small.add("a", Value::new);
        assertThat(small.pending()).isEqualTo(1);
        assertThat(small.apply(update("c", 5, 5, "S"))).as("when there is room").isEqualTo(Outcome.APPLIED);
    }

    @Test
    void partAdded_isHeardOfNoMore() {
        bucket.add("m", Model::new);
        Heard heard = Heard.from(bucket);
        bucket.apply(update("m", List.of("k", 1), 1, "S"));

        assertThat(bucket.pending()).isZero();
        assertThat(heard.all(Scuttlebucket.Missing.class)).isEmpty();
    }

    @Test
    void whoCarriesForOthers_keepsMore() {
        Scuttlebucket writer = new Scuttlebucket("A");
        Events events = writer.add("events", Events::new);
        Scuttlebucket carrier = new Scuttlebucket(ReplicaOptions.defaults(), Integer.MAX_VALUE);
        Pipe.connect(writer, carrier);
        for (int i = 0; i <= Composite.MAX_PENDING_OF_A_NAME; i++) {
            events.emit("e", i);
        }

        assertThat(carrier.history()).isEqualTo(writer.history());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Scuttlebucket(ReplicaOptions.defaults(), -1))
                .withMessageContaining("must not be negative");
    }
}
