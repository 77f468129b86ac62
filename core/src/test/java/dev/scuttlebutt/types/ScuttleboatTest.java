package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.crdt.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScuttleboatTest {
    private final SettableTime time = new SettableTime(100);
    private final Scuttleboat boat = boat("A");

    private Scuttleboat bare(String id) {
        return new Scuttleboat(ReplicaOptions.defaults().id(id).time(time));
    }

    private Scuttleboat boat(String id) {
        return bare(id).register("Model", (options, settings) -> new Model(options))
                .register("List", (options, settings) -> new AppendOnly(options))
                .register(
                        "Value",
                        (options, settings) -> new Value(
                                options,
                                settings == null
                                        ? 1
                                        : (int) settings.asObject().get("len").asDouble()));
    }

    private static Update row(String id, String key, String type, double timestamp, String source) {
        return Update.of(
                Json.array("__manifest__", Json.array(id, Json.object("key", key, "type", type))), timestamp, source);
    }

    private static Update use(String key, Object change, double timestamp, String source) {
        return Update.of(Json.array(key, change), timestamp, source);
    }

    @Test
    void add_createsTheDocumentEverywhere_withItsSettings() {
        Scuttleboat other = boat("B");
        Heard heard = Heard.from(other);
        Pipe.connect(boat, other);
        boat.add("meta", "Model", null, Model.class).set("a", 9);
        Value value = boat.add("v", "Value", Map.of("len", 2), Value.class);
        value.set(1);
        value.set(2);

        assertThat(other.document("meta", Model.class).get("a")).isEqualTo(Json.of(9));
        assertThat(other.document("v", Value.class).history()).hasSize(2);
        assertThat(other.documents()).containsOnlyKeys("meta", "v");
        assertThat(heard.all(Scuttleboat.Created.class))
                .extracting(Scuttleboat.Created::document)
                .containsExactlyElementsOf(other.documents().values());
        assertThat(other.manifest().rows()).hasSize(2);
        assertThat(boat.history().get(0).change().asArray().get(1).asArray().get(1))
                .hasToString("{\"key\":\"meta\",\"type\":\"Model\"}");
        assertThat(other.history()).isEqualTo(boat.history());
        assertThat(other.toJson()).isEqualTo(boat.toJson());
    }

    @Test
    void add_ofWhatCannotBe_isRefused_andNothingIsSent() {
        boat.add("plan", "Model", null);
        int sent = boat.history().size();
        for (String key : List.of("", "__manifest__", "__proto__")) {
            assertThatIllegalArgumentException().isThrownBy(() -> boat.add(key, "Model", null));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> boat.add("x", "Nothing", null))
                .withMessageContaining("Model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> boat.add("plan", "List", null))
                .withMessageContaining("is a Model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> boat.register("Model", (options, settings) -> new Model(options)));
        assertThat(boat.add("plan", "Model", null)).isSameAs(boat.document("plan", Model.class));

        assertThat(boat.history()).hasSize(sent);
    }

    /** BO-1: an unknown type ended the process, and what came for the document was lost. */
    @Test
    void bo1_unknownType_isCarried_andMadeOnceItIsRegistered() {
        Scuttleboat relay = bare("R");
        Scuttleboat late = bare("L");
        Heard heard = Heard.from(late);
        Pipe.connect(boat, relay);
        Pipe.connect(relay, late);
        boat.add("plan", "Model", null, Model.class).set("k", 1);
        assertThat(late.documents()).isEmpty();
        assertThat(heard.only(Scuttleboat.NotCreated.class).type()).isEqualTo("Model");
        late.register("Model", (options, settings) -> new Model(options));

        assertThat(late.document("plan", Model.class).get("k")).isEqualTo(Json.of(1));
        assertThat(late.history()).isEqualTo(boat.history());
    }

    /** BO-2: what came for a document before its row was lost. */
    @Test
    void bo2_useBeforeTheRow_isAppliedWhenTheRowComes() {
        boat.apply(use("plan", List.of("k", 1), 10, "B"));
        boat.apply(row("r", "plan", "Model", 20, "S"));

        assertThat(boat.document("plan", Model.class).get("k")).isEqualTo(Json.of(1));
        assertThat(boat.pending()).isZero();
    }

    /** BO-3: a second row of a key emptied the document. */
    @Test
    void bo3_keyAddedTwice_isOneDocument() {
        Scuttleboat other = boat("B");
        boat.add("plan", "Model", null, Model.class).set("a", 1);
        other.add("plan", "Model", null, Model.class).set("b", 2);
        Model kept = boat.document("plan", Model.class);
        Pipe.connect(boat, other);

        assertThat(boat.document("plan", Model.class)).isSameAs(kept);
        assertThat(kept.toJson()).isEqualTo(Json.object("a", 1, "b", 2));
        assertThat(other.toJson()).isEqualTo(boat.toJson());
    }

    /** Peers decide how many rows name one key: none of them must cost as much as all. */
    @Test
    @Timeout(60)
    void bo3_keyAddedVeryOften_isOneDocument() {
        for (int i = 0; i < 50_000; i++) {
            boat.apply(Update.of(
                    Json.array("__manifest__", Json.array("r" + i, Json.object("key", "plan", "type", "Model"))),
                    1_000_000 - i,
                    "S" + i % 7 + (i / 7)));
        }

        assertThat(boat.documents()).containsOnlyKeys("plan");
    }

    /** Nor those that write one row over and over, each with a field of its own so that none is forgotten. */
    @Test
    @Timeout(60)
    void rowWrittenVeryOften_costsInProportion() {
        for (int i = 0; i < 50_000; i++) {
            boat.apply(Update.of(
                    Json.array(
                            "__manifest__", Json.array("r", Json.object("key", "k" + i, "type", "Model", "f" + i, i))),
                    i + 1,
                    "S"));
        }

        assertThat(boat.documents()).containsOnlyKeys("k49999");
        assertThat(boat.history()).hasSize(50_000);
    }

    /** BO-4: the type was that of the last row to arrive, and got what was meant for the other. */
    @Test
    void bo4_twoTypes_theEarliestRowDecides_inEveryOrder() {
        assertSameInEveryOrder(
                List.of(row("r1", "x", "Model", 10, "S"), use("x", List.of("k", 1), 11, "S")),
                List.of(row("r2", "x", "List", 20, "T"), use("x", Map.of("push", Map.of("n", 1)), 21, "T")),
                List.of(use("x", List.of("j", 3), 15, "U"), use("x", Map.of("push", Map.of("n", 2)), 23, "U")));
    }

    /** BO-4, with types for which the same may be fit: what they hold may differ, but not what a key is, nor anything else. */
    @Test
    void bo4_twoTypesThatTakeTheSame_haveOneTypeInEveryOrder_andDisturbNobody() {
        List<Update> fromS = List.of(row("r1", "x", "Model", 10, "S"), row("r3", "y", "Model", 11, "S"));
        List<Update> fromT = List.of(
                row("r2", "x", "Value", 20, "T"), use("x", List.of("k", 2), 21, "T"), use("x", "later", 22, "T"));
        List<Update> fromU = List.of(use("y", List.of("j", 3), 15, "U"), use("y", List.of("j", 4), 23, "U"));

        for (List<Update> order : orders(fromS, fromT, fromU)) {
            Scuttleboat told = told(order);
            assertThat(told.documents().get("x")).as("after %s", order).isInstanceOf(Model.class);
            assertThat(told.document("y", Model.class).toJson()).hasToString("{\"j\":4}");
            assertThat(told.manifest().rows()).hasSize(3);
        }
    }

    @Test
    void bo4_twoReplicasThatWereApart_areOfTheEarlierType_andHandOverWhatTheyHad() {
        Scuttleboat here = boat("here");
        Scuttleboat there = boat("there");
        Heard heard = Heard.from(there);
        here.add("x", "Model", null, Model.class).set("k", 1);
        AppendOnly lost = there.add("x", "List", null, AppendOnly.class);
        lost.push(Json.object("n", 1));
        Pipe.connect(here, there);

        for (Scuttleboat each : List.of(here, there)) {
            assertThat(each.document("x", Model.class).toJson()).hasToString("{\"k\":1}");
            assertThat(each.pending()).as("what is for the list waits").isEqualTo(1);
            assertThat(each.history()).isEqualTo(here.history());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> each.add("x", "List", null))
                    .withMessage("the document \"x\" is a Model, not a List");
        }
        Scuttleboat.Replaced replaced = heard.only(Scuttleboat.Replaced.class);
        assertThat(replaced.key()).isEqualTo("x");
        assertThat(replaced.type()).isEqualTo("Model");
        assertThat(replaced.before()).isSameAs(lost);
        assertThat(lost.size()).as("what was in it").isEqualTo(1);
        lost.push(Json.object("n", 2));
        assertThat(lost.size()).as("nothing is applied to it any more").isEqualTo(1);
        assertThat(here.pending())
                .as("what is written to it is written to the document")
                .isEqualTo(2);
    }

    /** Rows can be written over, and deleted: what they said once holds, or it would depend on who heard it. */
    @Test
    void rowThatChangesItsType_changesNothing_inEveryOrder() {
        assertSameInEveryOrder(
                List.of(row("r", "x", "Model", 10, "S"), use("x", List.of("k", 1), 11, "S")),
                List.of(row("r", "x", "List", 20, "T"), use("x", Map.of("push", Map.of("n", 1)), 21, "T")),
                List.of(Update.parse("[[\"__manifest__\",[\"r\",null]],30,\"U\"]")));
    }

    @Test
    void rowThatIsDeletedOrRenamed_changesNothingOfWhatIsHeld_inEveryOrder() {
        for (String change : List.of(
                "[\"r\",null]", "[\"r\",{\"key\":\"y\"}]", "[\"r\",{\"type\":\"Model\"}]", "[\"r\",{\"opts\":7}]")) {
            assertSameInEveryOrder(
                    List.of(row("r", "x", "Value", 10, "S"), use("x", 1, 11, "S"), use("x", 2, 12, "S")),
                    List.of(use("x", 3, 5, "T"), use("x", 4, 20, "T")),
                    List.of(Update.parse("[[\"__manifest__\"," + change + "],30,\"U\"]")));
        }
    }

    /** Each makes claims that are earlier, or of another type, than those of the others. */
    @Test
    void manyClaims_keepTheEarliest_inEveryOrder() {
        List<Update> fromS = List.of(row("r1", "x", "Model", 10, "S"), row("r2", "x", "Value", 13, "S"));
        List<Update> fromT = List.of(row("r3", "x", "Value", 11, "T"), row("r1", "x", "List", 14, "T"));
        List<Update> fromU = List.of(row("r1", "x", "Nothing", 12, "U"), row("r3", "x", "Model", 15, "U"));

        assertSameInEveryOrder(fromS, fromT, fromU);
    }

    /** In whatever order they come, each source's own kept, what is there and what is held must be the same. */
    @SafeVarargs
    private void assertSameInEveryOrder(List<Update>... sources) {
        List<List<Update>> orders = orders(sources);
        Scuttleboat first = told(orders.get(0));
        for (List<Update> order : orders) {
            Scuttleboat each = told(order);
            assertThat(each.toJson()).as("state after %s", order).isEqualTo(first.toJson());
            assertThat(each.history()).as("history after %s", order).isEqualTo(first.history());
        }
        Scuttleboat late = told(first.history());
        assertThat(late.toJson()).as("state of who comes late").isEqualTo(first.toJson());
        assertThat(late.history()).as("history of who comes late").isEqualTo(first.history());
    }

    @SafeVarargs
    private static List<List<Update>> orders(List<Update>... sources) {
        List<List<Update>> orders = new ArrayList<>();
        interleave(List.of(sources), new ArrayList<>(), orders);
        return orders;
    }

    private Scuttleboat told(List<Update> updates) {
        Scuttleboat told = boat("told");
        updates.forEach(told::apply);
        return told;
    }

    private static void interleave(List<List<Update>> sources, List<Update> begun, List<List<Update>> orders) {
        if (sources.stream().allMatch(List::isEmpty)) {
            orders.add(List.copyOf(begun));
            return;
        }
        for (int i = 0; i < sources.size(); i++) {
            List<Update> source = sources.get(i);
            if (!source.isEmpty()) {
                List<List<Update>> rest = new ArrayList<>(sources);
                rest.set(i, source.subList(1, source.size()));
                begun.add(source.get(0));
                interleave(rest, begun, orders);
                begun.remove(begun.size() - 1);
            }
        }
    }

    /** BO-5: what a listener wrote on creation went out before the row, and was lost, with the document. */
    @Test
    void bo5_listenerThatWritesOnCreation_losesNothing() {
        boat.on(Scuttleboat.Created.class, created -> ((Model) created.document()).set("made by", "A"));
        Scuttleboat other = boat("B");
        other.on(Scuttleboat.Created.class, created -> ((Model) created.document()).set("seen by", "B"));
        Pipe.connect(boat, other);
        boat.add("plan", "Model", null);

        assertThat(other.document("plan", Model.class).toJson()).isEqualTo(Json.object("made by", "A", "seen by", "B"));
        assertThat(boat.toJson()).isEqualTo(other.toJson());
    }

    /** BO-6 and BO-7: keys and types with a meaning in JavaScript, and keys that are none. */
    @Test
    void bo6bo7_rowsWithoutAUsableKeyOrType_makeNoDocument() {
        Heard heard = Heard.from(boat);
        boat.apply(row("r1", "__manifest__", "Model", 1, "S"));
        boat.apply(row("r2", "", "Model", 2, "S"));
        boat.apply(Update.parse("[[\"__manifest__\",[\"r3\",{\"key\":7,\"type\":\"Model\"}]],3,\"S\"]"));
        boat.apply(Update.parse("[[\"__manifest__\",[\"r4\",{\"type\":\"Model\"}]],4,\"S\"]"));
        boat.apply(row("r5", "inherited", "toString", 5, "S"));

        assertThat(boat.documents()).isEmpty();
        assertThat(heard.all(Scuttleboat.Ignored.class)).hasSize(3);
        assertThat(heard.only(Scuttleboat.NotCreated.class).type()).isEqualTo("toString");
    }

    /** As with the original: half a claim would be forgotten with what the other half says still open. */
    @Test
    void rowInTwoUpdates_makesNoDocument() {
        boat.apply(Update.parse("[[\"__manifest__\",[\"r\",{\"key\":\"x\"}]],1,\"S\"]"));
        assertThat(boat.documents()).isEmpty();
        boat.apply(Update.parse("[[\"__manifest__\",[\"r\",{\"type\":\"Model\"}]],2,\"S\"]"));

        assertThat(boat.documents()).isEmpty();
    }

    /** Whoever comes later sees no row, and must see the same. */
    @Test
    void rowThatIsDeleted_takesTheDocumentAway_untilThereIsOneAgain() {
        Heard heard = Heard.from(boat);
        boat.add("plan", "Model", null, Model.class).set("k", 1);
        boat.manifest().remove(boat.manifest().rows().get(0).id());
        assertThat(boat.documents()).isEmpty();
        assertThat(heard.only(Scuttleboat.Gone.class).key()).isEqualTo("plan");
        Scuttleboat other = boat("B");
        Pipe.connect(boat, other);
        assertThat(other.toJson()).isEqualTo(boat.toJson());
        assertThatIllegalArgumentException()
                .as("a key keeps its type")
                .isThrownBy(() -> other.add("plan", "List", null));
        other.add("plan", "Model", null);

        assertThat(boat.document("plan", Model.class).get("k")).isEqualTo(Json.of(1));
    }

    /** Those of the later row let go of nothing here that those of the earlier one keep. */
    @Test
    void settings_areThoseOfTheEarliestRow_inEveryOrder() {
        Update early = Update.parse(
                "[[\"__manifest__\",[\"r1\",{\"key\":\"v\",\"type\":\"Value\",\"opts\":{\"len\":3}}]],1,\"S\"]");
        Update late = Update.parse(
                "[[\"__manifest__\",[\"r2\",{\"key\":\"v\",\"type\":\"Value\",\"opts\":{\"len\":5}}]],2,\"T\"]");
        List<Update> uses = List.of(use("v", 1, 3, "U"), use("v", 2, 4, "U"), use("v", 3, 5, "U"), use("v", 4, 6, "U"));

        assertSameInEveryOrder(List.of(early), List.of(late), uses);
    }

    /** The other key is no document by that: only who adds it says a type with it. */
    /** The other key is no document by that: only who adds it says a type with it. */
    @Test
    void rowThatGetsAnotherKey_takesTheDocumentAway_andBringsItBack() {
        Heard heard = Heard.from(boat);
        Model plan = boat.add("plan", "Model", null, Model.class);
        plan.set("k", 1);
        Row row = boat.manifest().rows().get(0);
        row.set("key", "other");
        assertThat(boat.documents()).isEmpty();
        assertThat(heard.only(Scuttleboat.Gone.class).key()).isEqualTo("plan");
        Scuttleboat late = boat("B");
        Pipe.connect(boat, late);
        assertThat(late.toJson()).isEqualTo(boat.toJson());
        row.set("key", "plan");

        assertThat(boat.document("plan", Model.class)).isSameAs(plan);
        assertThat(plan.get("k")).isEqualTo(Json.of(1));
        assertThat(heard.all(Scuttleboat.Created.class)).hasSize(2);
        assertThat(late.toJson()).isEqualTo(boat.toJson());
    }

    @Test
    void rowThatGetsAKeyThatIsNone_isLeftAside() {
        Heard heard = Heard.from(boat);
        boat.add("plan", "Model", null);
        Row row = boat.manifest().rows().get(0);
        row.set("key", "__proto__");

        assertThat(boat.documents()).isEmpty();
        assertThat(heard.only(Scuttleboat.Ignored.class).row()).isEqualTo(row);
        assertThat(heard.only(Scuttleboat.Gone.class).key()).isEqualTo("plan");
    }

    /** What does not fit waits; when its type comes to count, it is applied, and what fitted before waits. */
    @Test
    void typeThatChanges_losesNothing() {
        boat.apply(row("r2", "x", "List", 20, "T"));
        boat.apply(use("x", Map.of("push", Map.of("n", 1)), 21, "T"));
        boat.apply(use("x", List.of("k", 1), 22, "T"));
        assertThat(boat.pending()).isEqualTo(1);
        boat.apply(row("r1", "x", "Model", 10, "S"));
        assertThat(boat.document("x", Model.class).get("k")).isEqualTo(Json.of(1));
        assertThat(boat.pending()).isEqualTo(1);
        boat.apply(row("r0", "x", "List", 5, "U"));

        assertThat(boat.document("x", AppendOnly.class).size()).isEqualTo(1);
        assertThat(boat.pending()).isEqualTo(1);
    }

    @Test
    void add_ofAKeyWhoseTypeNobodyHereKnows_saysSo() {
        boat.apply(row("r", "x", "Unknown", 1, "S"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> boat.add("x", "Model", null))
                .withMessage("the document \"x\" is a Unknown, not a Model");
        assertThat(boat.documents()).isEmpty();
    }

    @Test
    void whoCarriesForOthers_isBoundedAsTold() {
        Scuttleboat carrier = new Scuttleboat(ReplicaOptions.defaults(), 1);
        Heard heard = Heard.from(carrier);
        carrier.apply(use("x", 1, 1, "S"));
        carrier.apply(use("x", 2, 2, "S"));

        assertThat(carrier.apply(use("y", 3, 3, "S"))).as("of a new key").isEqualTo(Outcome.IGNORED);
        assertThat(carrier.pending()).isEqualTo(1);
        assertThat(heard.all(Scuttlebucket.Dropped.class))
                .extracting(dropped -> dropped.update().timestamp())
                .containsExactly(1.0, 3.0);
    }

    @Test
    void compatibleMode_makesADocumentAnewForEveryRow() {
        Scuttleboat original = new Scuttleboat(ReplicaOptions.defaults().id("A").time(time), Resolution.COMPATIBLE)
                .register("Model", (options, settings) -> new Model(options));
        Heard heard = Heard.from(original);
        assertThat(original.apply(use("x", List.of("k", 0), 1, "S")))
                .as("there is none yet")
                .isEqualTo(Outcome.IGNORED);
        original.apply(row("r1", "x", "Model", 2, "S"));
        original.apply(use("x", List.of("k", 1), 3, "S"));
        assertThat(original.document("x", Model.class).get("k")).isEqualTo(Json.of(1));
        original.apply(row("r2", "x", "Model", 4, "S"));
        assertThat(original.document("x", Model.class).keys()).isEmpty();
        original.apply(row("r2", "y", "Model", 5, "S"));

        assertThat(original.documents()).as("a row is looked at once").containsOnlyKeys("x");
        assertThat(heard.all(Scuttleboat.Created.class)).hasSize(2);
        assertThat(original.history()).extracting(Update::timestamp).doesNotContain(1.0, 3.0);
        assertThat(original.apply(use("x", 5, 6, "S"))).as("malformed").isEqualTo(Outcome.APPLIED);
        original.apply(row("r3", "", "Model", 7, "S"));
        assertThat(heard.only(Scuttleboat.Ignored.class).row().id()).isEqualTo("r3");
        assertThat(original.history()).extracting(Update::timestamp).doesNotContain(6.0);
        Model first = original.add("x", "Model", null, Model.class);
        assertThat(original.add("x", "Model", null)).isNotSameAs(first);
    }

    @Test
    void settingsThatATypeCannotUse_stopNothingElse() {
        Heard heard = Heard.from(boat);
        assertThat(
                        boat.apply(
                                Update.parse(
                                        "[[\"__manifest__\",[\"r\",{\"key\":\"v\",\"type\":\"Value\",\"opts\":{\"len\":0}}]],1,\"S\"]")))
                .isEqualTo(Outcome.APPLIED);

        assertThat(boat.documents()).isEmpty();
        assertThat(heard.only(Scuttleboat.NotCreated.class).reason()).contains("length");
    }

    @Test
    void malformedRows_areRefusedWithoutTrace() {
        for (String change : List.of("null", "7", "[]", "[7,{}]", "[\"r\",5]")) {
            assertThat(boat.apply(Update.parse("[[\"__manifest__\"," + change + "],1,\"S\"]")))
                    .as(change)
                    .isEqualTo(Outcome.INVALID);
        }

        assertThat(boat.clock().isEmpty()).isTrue();
    }

    @Test
    void clone_hasTheDocuments() {
        boat.add("plan", "Model", null, Model.class).set("k", 1);
        Scuttleboat clone = boat.clone(
                options -> new Scuttleboat(options).register("Model", (inner, settings) -> new Model(inner)));
        Replica document = clone.document("plan", Model.class);
        ((Model) document).set("k", 2);

        assertThat(boat.document("plan", Model.class).get("k")).isEqualTo(Json.of(2));
        assertThat(boat.history()).isEqualTo(clone.history());
    }

    @Test
    void events_ofTheManifest_areToldThere() {
        Heard heard = Heard.from(boat.manifest());
        boat.add("plan", "Model", null);

        assertThat(heard.all(ReplicaEvent.Applied.class)).hasSize(1);
    }
}
