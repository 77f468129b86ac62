package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocTest {
    private final SettableTime time = new SettableTime(100);
    private final Doc doc = new Doc(ReplicaOptions.defaults().id("A").time(time));

    private static Update update(String text) {
        return Update.parse(text);
    }

    private Outcome apply(String text) {
        return doc.apply(update(text));
    }

    private List<String> history() {
        return doc.history().stream().map(Update::toString).toList();
    }

    // Writing

    @Test
    void add_withoutId_givesOneAndSendsTheFieldsAlone() {
        Row row = doc.add(Map.of("x", 1));

        assertThat(row.id()).matches("[0-9A-F]{32}");
        assertThat(history()).containsExactly("[[\"" + row.id() + "\",{\"x\":1}],100,\"A\"]");
        assertThat(row.toJson()).isEqualTo(Json.object("id", row.id(), "x", 1));
        assertThat(doc.add(Map.of()).id()).isNotEqualTo(row.id());
    }

    @Test
    void add_withoutFields_sendsTheId_soThatTheRowExistsEverywhere() {
        Row row = doc.add(Map.of());

        assertThat(row.exists()).isTrue();
        assertThat(history()).containsExactly("[[\"" + row.id() + "\",{\"id\":\"" + row.id() + "\"}],100,\"A\"]");
    }

    @Test
    void add_ofAnExistingId_writesIntoTheRow() {
        doc.add(Json.object("id", "r", "x", 1, "y", 1));
        Row row = doc.add(Json.object("id", "r", "y", 2));

        assertThat(row.toJson()).isEqualTo(Json.object("id", "r", "x", 1, "y", 2));
        assertThat(doc.size()).isEqualTo(1);
    }

    @Test
    void add_copiesWhatItIsGiven() {
        Map<String, Object> fields = new HashMap<>(Map.of("id", "r", "x", 1));
        doc.add(fields);
        fields.put("x", 2);

        assertThat(doc.row("r").get("x")).isEqualTo(Json.of(1));
    }

    @Test
    void add_ofAnIdThatIsNoText_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> doc.add(Map.of("id", 7)))
                .withMessageContaining("must be a text");
        assertThatIllegalArgumentException().isThrownBy(() -> doc.add("fields")).withMessageContaining("Map");
        assertThatIllegalArgumentException().isThrownBy(() -> doc.add(List.of("x")));
        assertThat(history()).isEmpty();
    }

    @Test
    void set_ofAnotherId_isRefused() {
        Row row = doc.add(Json.object("id", "r"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> row.set("id", "s"))
                .withMessageContaining("id cannot be changed");
        assertThatIllegalArgumentException().isThrownBy(() -> row.set("id", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> row.set("id", null));
        assertThat(row.set(Map.of("id", "r", "x", 1)).get("x")).isEqualTo(Json.of(1));
    }

    @Test
    void set_withoutFields_sendsNothing() {
        assertThat(doc.set("r", Map.of()).exists()).isFalse();
        assertThat(history()).isEmpty();
    }

    @Test
    void set_ofSeveralFields_isOneUpdateAndLeavesTheOthers() {
        doc.set("r", Json.object("a", 1, "b", 1));
        doc.set("r", Json.object("b", 2, "c", 2));

        assertThat(history()).hasSize(2);
        assertThat(doc.row("r").toJson()).isEqualTo(Json.object("id", "r", "a", 1, "b", 2, "c", 2));
    }

    @Test
    void row_thatWasOnlyLookedUp_isNotShown() {
        Row row = doc.row("r");

        assertThat(row.exists()).isFalse();
        assertThat(row.toJson()).isEqualTo(Json.object("id", "r"));
        assertThat(row.get("id")).isNull();
        assertThat(row.get("x")).isNull();
        assertThat(row.as(Map.class)).isNull();
        assertThat(row.lastUpdate("x")).isNull();
        assertThat(doc.toJson().size()).isZero();
        assertThat(doc.rows()).isEmpty();

        row.set("x", 1);
        assertThat(row.exists()).isTrue();
        assertThat(row.get("id")).isEqualTo(Json.of("r"));
        assertThat(doc.rows()).containsExactly(row);
    }

    @Test
    void null_isAValueLikeOthers() {
        Row row = doc.row("r").set("x", null);

        assertThat(row.exists()).isTrue();
        assertThat(row.get("x")).isEqualTo(Json.NULL);
        assertThat(row.get("x", String.class)).isNull();
    }

    @Test
    void set_overLaterTimestamps_wins() {
        apply("[[\"r\",{\"x\":1,\"y\":1}],500,\"Z\"]");
        apply("[[\"r\",{\"y\":2}],700,\"Z\"]");

        doc.set("r", Json.object("x", 3));
        assertThat(doc.row("r").toJson()).isEqualTo(Json.object("id", "r", "x", 3, "y", 2));
        assertThat(doc.clock().latest("A")).isEqualTo(Math.nextUp(500.0));

        doc.remove("r");
        assertThat(doc.has("r")).isFalse();
        assertThat(doc.clock().latest("A")).isEqualTo(Math.nextUp(700.0));
    }

    @Test
    void set_ofARowThatWasDeletedLater_bringsItBack() {
        apply("[[\"r\",null],500,\"Z\"]");

        assertThat(doc.set("r", Map.of("x", 1)).exists()).isTrue();
    }

    @Test
    void set_againstAForgedTimestamp_losesAndSaysSo() {
        apply("[[\"r\",{\"x\":1}],5e299,\"Z\"]");
        Heard heard = Heard.from(doc);

        doc.set("r", Json.object("x", 2, "y", 2));

        assertThat(doc.row("r").toJson()).isEqualTo(Json.object("id", "r", "x", 1, "y", 2));
        assertThat(heard.only(Doc.Outdated.class).fields()).containsExactly("x");
        assertThat(doc.clock().latest("A")).isEqualTo(100);
    }

    // Names

    @ParameterizedTest
    @ValueSource(strings = {"__proto__", "constructor", "hasOwnProperty", "toString", "valueOf", "__lookupSetter__"})
    void names_thatEveryObjectHas_areRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> doc.add(Map.of("id", name)));
        assertThatIllegalArgumentException().isThrownBy(() -> doc.set(name, Map.of("x", 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> doc.row(name));
        assertThatIllegalArgumentException().isThrownBy(() -> doc.remove(name));
        assertThatIllegalArgumentException().isThrownBy(() -> doc.set("r", Map.of(name, 1)));
        assertThat(history()).isEmpty();

        assertThat(apply("[[\"" + name + "\",{\"x\":1}],1,\"Z\"]")).isEqualTo(Outcome.INVALID);
        assertThat(apply("[[\"" + name + "\",null],1,\"Z\"]")).isEqualTo(Outcome.INVALID);
        assertThat(apply("[[\"r\",{\"x\":1,\"" + name + "\":2}],1,\"Z\"]")).isEqualTo(Outcome.APPLIED);
        assertThat(apply("[[\"r\",{\"" + name + "\":3}],2,\"Z\"]")).isEqualTo(Outcome.IGNORED);
        assertThat(doc.toJson()).isEqualTo(Json.object("r", Json.object("id", "r", "x", 1)));
        assertThat(doc.row("r").get(name)).isNull();
    }

    @Test
    void fieldNamedError_isRefusedHereAndTakenFromElsewhere() {
        assertThatIllegalArgumentException().isThrownBy(() -> doc.set("r", Map.of("error", 1)));

        assertThat(apply("[[\"r\",{\"error\":1}],1,\"Z\"]")).isEqualTo(Outcome.APPLIED);
        assertThat(doc.row("r").get("error")).isEqualTo(Json.of(1));
    }

    @Test
    void id_fromElsewhereOtherThanTheRows_isAFieldLikeOthers() {
        apply("[[\"r\",{\"id\":\"other\",\"x\":1}],1,\"Z\"]");

        assertThat(doc.toJson()).isEqualTo(Json.object("r", Json.object("id", "other", "x", 1)));
        assertThat(doc.row("r").id()).isEqualTo("r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "1",
                "\"r\"",
                "{}",
                "[]",
                "[\"r\"]",
                "[7,{\"a\":1}]",
                "[null,{}]",
                "[\"r\",\"ab\"]",
                "[\"r\",[1]]",
                "[\"r\",7]",
                "[\"r\",true]"
            })
    void malformedChanges_areRefused(String change) {
        Heard heard = Heard.from(doc);

        assertThat(apply("[" + change + ",5,\"Z\"]")).isEqualTo(Outcome.INVALID);

        assertThat(heard.only(ReplicaEvent.Invalid.class).reason()).isNotEmpty();
        assertThat(doc.clock().isEmpty()).isTrue();
        assertThat(doc.history()).isEmpty();
        assertThat(doc.toJson().size()).isZero();
    }

    @Test
    void changeWithoutFields_movesTheClockAndNothingElse() {
        assertThat(apply("[[\"r\",{}],5,\"Z\"]")).isEqualTo(Outcome.IGNORED);
        assertThat(apply("[[\"r\",{\"x\":1},\"more\"],6,\"Z\"]")).isEqualTo(Outcome.APPLIED);

        assertThat(doc.clock().latest("Z")).isEqualTo(6);
        assertThat(doc.history()).hasSize(1);
    }

    // Merging

    @Test
    void concurrentWrites_ofDifferentFields_bothStay() {
        apply("[[\"r\",{\"x\":1,\"y\":1}],1,\"Z\"]");
        apply("[[\"r\",{\"x\":2}],3,\"Y\"]");
        apply("[[\"r\",{\"x\":9,\"y\":2}],2,\"Z\"]");

        assertThat(doc.row("r").toJson()).isEqualTo(Json.object("id", "r", "x", 2, "y", 2));
        assertThat(Objects.requireNonNull(doc.row("r").lastUpdate("x")).source())
                .isEqualTo("Y");
    }

    @Test
    void history_hasWhatStillHoldsAField() {
        apply("[[\"r\",{\"x\":1,\"y\":1,\"z\":1}],1,\"Z\"]");
        Heard heard = Heard.from(doc);
        apply("[[\"r\",{\"x\":2,\"y\":2}],2,\"Z\"]");
        assertThat(heard.all(Doc.Superseded.class)).isEmpty();
        apply("[[\"r\",{\"z\":3}],3,\"Z\"]");
        assertThat(heard.only(Doc.Superseded.class).update().timestamp()).isEqualTo(1);
        assertThat(heard.only(Doc.Superseded.class).by().timestamp()).isEqualTo(3);
        apply("[[\"r\",{\"x\":4}],4,\"Z\"]");

        assertThat(doc.history()).extracting(Update::timestamp).containsExactly(2.0, 3.0, 4.0);
    }

    @Test
    void manyFields_areAsGoodAsFew() {
        Map<String, JsonObject> expected = new HashMap<>();
        JsonObject state = Json.object("id", "r");
        for (int i = 0; i < 100; i++) {
            apply("[[\"r\",{\"f" + i % 40 + "\":" + i + ",\"g" + i % 7 + "\":" + i + "}]," + i + ",\"Z\"]");
            state = state.with("f" + i % 40, Json.of(i)).with("g" + i % 7, Json.of(i));
        }
        expected.put("r", state);

        assertThat(doc.toJson()).isEqualTo(Json.of(expected));
        apply("[[\"r\",null],79.5,\"Y\"]");
        assertThat(doc.row("r").toJson().size()).isEqualTo(1 + 20 + 7);
        assertThat(doc.row("r").get("f19")).isEqualTo(Json.of(99));
        assertThat(doc.row("r").get("f20")).isNull();
    }

    // Deletion

    @Test
    void remove_isKeptInTheHistory() {
        doc.add(Json.object("id", "r", "x", 1));
        time.set(101);
        doc.row("r").remove();

        assertThat(doc.has("r")).isFalse();
        assertThat(doc.size()).isZero();
        assertThat(history()).containsExactly("[[\"r\",null],101,\"A\"]");

        time.set(102);
        doc.set("r", Map.of("y", 2));
        assertThat(doc.row("r").toJson()).isEqualTo(Json.object("id", "r", "y", 2));
        assertThat(history()).hasSize(2);
        doc.remove("r");
        assertThat(history()).hasSize(1);
    }

    @Test
    void remove_ofAnUnknownRow_isSent() {
        doc.remove("r");

        assertThat(history()).containsExactly("[[\"r\",null],100,\"A\"]");
        assertThat(apply("[[\"r\",{\"x\":1}],99,\"Z\"]")).isEqualTo(Outcome.IGNORED);
        assertThat(doc.has("r")).isFalse();
    }

    @Test
    void remove_ofAMember_isOneUpdate() {
        RowSet set = doc.createSet("type", "a");
        RowSequence sequence = doc.createSequence("type", "a");
        sequence.push(Json.object("id", "r"));
        assertThat(set.ids()).containsExactly("r");

        doc.remove("r");

        assertThat(set.size()).isZero();
        assertThat(sequence.size()).isZero();
        assertThat(history()).hasSize(1);
        assertThat(history().get(0)).startsWith("[[\"r\",null]");
    }

    @Test
    void deletionFromElsewhere_ofAMember_makesNoUpdate() {
        RowSet set = doc.createSet("type", "a");
        apply("[[\"r\",{\"type\":\"a\"}],1,\"Z\"]");
        apply("[[\"r\",null],2,\"Z\"]");

        assertThat(set.isEmpty()).isTrue();
        assertThat(history()).containsExactly("[[\"r\",null],2,\"Z\"]");
        assertThat(doc.clock().latest("A")).isNegative();
    }

    @Test
    void rowOfNulls_afterADeletion_staysHidden() {
        apply("[[\"r\",{\"type\":\"a\"}],1,\"Z\"]");
        apply("[[\"r\",null],2,\"Z\"]");
        apply("[[\"r\",{\"type\":null}],3,\"Y\"]");
        assertThat(doc.has("r")).isFalse();

        apply("[[\"r\",{\"x\":0}],4,\"Y\"]");
        assertThat(doc.row("r").toJson()).isEqualTo(Json.object("id", "r", "type", null, "x", 0));

        Heard heard = Heard.from(doc);
        apply("[[\"r\",{\"x\":null}],5,\"Y\"]");
        assertThat(doc.has("r")).isFalse();
        assertThat(heard.only(Doc.RowRemoved.class).row()).isEqualTo(doc.row("r"));
    }

    @Test
    void deletionOlderThanSomeFields_takesTheOthers() {
        apply("[[\"r\",{\"x\":1,\"y\":1}],1,\"Z\"]");
        apply("[[\"r\",{\"y\":2}],3,\"Z\"]");
        Heard heard = Heard.from(doc);
        apply("[[\"r\",null],2,\"Y\"]");

        assertThat(doc.row("r").toJson()).isEqualTo(Json.object("id", "r", "y", 2));
        assertThat(heard.only(Doc.RowChanged.class).fields()).containsExactly("x");
        assertThat(apply("[[\"r\",null],1.5,\"X\"]")).isEqualTo(Outcome.IGNORED);
        assertThat(doc.history()).extracting(Update::timestamp).containsExactly(2.0, 3.0);
    }

    @Test
    void remnantOfADeletion_doesNotMoveTheClock_soThatTheDeletionCanStillCome() {
        apply("[[\"r\",{\"x\":1}],1,\"Z\"]");

        assertThat(apply("[null,2,\"Z\"]")).isEqualTo(Outcome.INVALID);
        assertThat(doc.clock().latest("Z")).isEqualTo(1);
        assertThat(apply("[[\"r\",null],2,\"Z\"]")).isEqualTo(Outcome.APPLIED);
        assertThat(doc.has("r")).isFalse();
    }

    @Test
    void deletion_reachesThoseWhoWereAway() {
        doc.add(Json.object("id", "r", "x", 1));
        Doc other = new Doc("B");
        Pipe.connect(doc, other).close();
        doc.remove("r");
        other.set("r", Map.of("y", 1));
        Pipe.connect(doc, other);

        assertThat(other.toJson()).isEqualTo(doc.toJson());
        assertThat(other.history()).isEqualTo(doc.history());
    }

    // Events

    @Test
    void events_tellWhatHappenedToRows() {
        Heard heard = Heard.from(doc);
        doc.add(Json.object("id", "r", "x", 1));
        doc.set("r", Json.object("y", 2));
        doc.remove("r");
        doc.remove("r");

        assertThat(heard.names())
                .containsExactly(
                        "RowAdded",
                        "Applied",
                        "RowChanged",
                        "Applied",
                        "Superseded",
                        "Superseded",
                        "RowRemoved",
                        "Applied",
                        "Superseded",
                        "Applied");
        assertThat(heard.only(Doc.RowAdded.class).state()).isEqualTo(Json.object("id", "r", "x", 1));
        Doc.RowChanged changed = heard.only(Doc.RowChanged.class);
        assertThat(changed.fields()).isEqualTo(Set.of("y"));
        assertThat(changed.state()).isEqualTo(Json.object("id", "r", "x", 1, "y", 2));
        assertThat(changed.update().source()).isEqualTo("A");
    }

    @Test
    void onChange_hearsOfItsRowAlone() {
        List<Doc.RowEvent> heard = new ArrayList<>();
        var subscription = doc.row("r").onChange(heard::add);
        doc.set("s", Map.of("x", 1));
        doc.set("r", Map.of("x", 1));
        doc.set("r", Map.of("x", 2));
        doc.remove("r");
        subscription.close();
        doc.set("r", Map.of("x", 3));

        assertThat(heard).hasSize(3);
        assertThat(heard).extracting(event -> event.row().id()).containsOnly("r");
        assertThat(heard.get(2)).isInstanceOf(Doc.RowRemoved.class);
    }

    @Test
    void onChange_listenerThatThrows_isReportedAndTheOthersHear() {
        List<Doc.RowEvent> heard = new ArrayList<>();
        doc.row("r").onChange(event -> {
            throw new IllegalStateException("mine");
        });
        doc.row("r").onChange(heard::add);
        Heard all = Heard.from(doc);

        doc.set("r", Map.of("x", 1));

        assertThat(heard).hasSize(1);
        assertThat(all.only(ReplicaEvent.ListenerFailed.class).failure()).hasMessage("mine");
    }

    @Test
    void writeFromAListener_reachesPeersAfterWhatItAnswers() {
        Doc other = new Doc("B");
        Pipe.connect(doc, other);
        doc.on(Doc.RowAdded.class, added -> added.row().set("seen", true));

        doc.add(Json.object("id", "r", "x", 1));

        assertThat(other.row("r").toJson()).isEqualTo(Json.object("id", "r", "x", 1, "seen", true));
    }

    // Typed rows

    record Task(String id, String title, boolean done, List<String> tags) {
        Task done(boolean done) {
            return new Task(id, title, done, tags);
        }
    }

    @Test
    void record_goesInAndComesOut() {
        Row row = doc.add(new Task("t", "sow", false, List.of("garden")));

        assertThat(row.as(Task.class)).isEqualTo(new Task("t", "sow", false, List.of("garden")));
        assertThat(row.get("done", boolean.class)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> row.set("done", "no").as(Task.class))
                .withMessageContaining("done");
    }

    @Test
    void record_withoutId_getsOne() {
        Row row = doc.add(new Task(null, "sow", false, List.of()));

        assertThat(Objects.requireNonNull(row.as(Task.class)).id()).isEqualTo(row.id());
    }

    @Test
    void edit_writesWhatChangedAndNothingElse() {
        Row row = doc.add(new Task("t", "sow", false, List.of()));

        Task edited = row.edit(Task.class, task -> {
            row.set("title", "reap");
            return task.done(true);
        });

        assertThat(edited.title()).isEqualTo("sow");
        assertThat(row.as(Task.class)).isEqualTo(new Task("t", "reap", true, List.of()));
        assertThat(doc.history().get(2).change()).isEqualTo(Json.array("t", Map.of("done", true)));
        row.edit(Task.class, task -> task);
        assertThat(doc.history()).hasSize(3);
    }

    @Test
    void edit_ofARowThatIsNotThere_isRefused() {
        assertThatIllegalStateException().isThrownBy(() -> doc.row("r").edit(Task.class, task -> task));
    }

    /** A bean. */
    public static class Note {
        private String text = "";
        private int stars;

        public String getText() {
            return text;
        }

        public void setText(String text) {
            this.text = text;
        }

        public int getStars() {
            return stars;
        }

        public void setStars(int stars) {
            this.stars = stars;
        }
    }

    @Test
    void bean_goesInIsEditedAndComesOut() {
        Note note = new Note();
        note.setText("water");
        Row row = doc.add(note);

        row.edit(Note.class, same -> {
            same.setStars(3);
            return same;
        });

        Note found = Objects.requireNonNull(row.as(Note.class));
        assertThat(found.getText()).isEqualTo("water");
        assertThat(found.getStars()).isEqualTo(3);
        assertThat(doc.history().get(1).change()).isEqualTo(Json.array(row.id(), Map.of("stars", 3)));
    }

    @Test
    void rows_ofOneDocumentAndId_areEqual() {
        assertThat(doc.row("r")).isEqualTo(doc.row("r")).hasSameHashCodeAs(doc.row("r"));
        assertThat(doc.row("r")).isNotEqualTo(doc.row("s"));
        assertThat(doc.row("r")).isNotEqualTo(new Doc().row("r"));
    }

    @Test
    void clone_hasTheRowsAndTakesWrites() {
        doc.add(Json.object("id", "r", "x", 1));
        Doc clone = doc.clone(Doc::new);
        clone.set("r", Map.of("x", 2));

        assertThat(doc.toJson()).isEqualTo(clone.toJson());
        assertThat(doc.row("r").get("x")).isEqualTo(Json.of(2));
    }

    @Test
    void nameThatCannotBeARow_isSimplyNotThere() {
        Doc doc = new Doc("A");
        RowSet set = doc.createSet("a", 1);

        assertThat(doc.has("constructor")).isFalse();
        assertThat(set.contains("toString")).isFalse();
        assertThat(set.get("__proto__")).isNull();
    }
}
