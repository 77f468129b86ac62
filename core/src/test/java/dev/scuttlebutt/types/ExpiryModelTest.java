package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ExpiryModelTest {
    private static final double T = 1_700_000_000_000.0;
    private static final ExpiryModel.Bounds TEN_MILLIS =
            ExpiryModel.Bounds.defaults().maxAge(Duration.ofMillis(10));

    private final SettableTime time = new SettableTime(T);
    private final ExpiryModel model = model("A", ExpiryModel.Bounds.defaults());
    private final ExpiryModel brief = model("A", TEN_MILLIS);

    record Point(int x, int y) {}

    private ExpiryModel model(String id, ExpiryModel.Bounds bounds) {
        return new ExpiryModel(ReplicaOptions.defaults().id(id).time(time), bounds);
    }

    private static Update write(String key, Object value, double after, String source) {
        return Update.of(Json.array(key, value), T + after, source);
    }

    // Everyday

    @Test
    void set_mergesObjectsByField_replacesAnythingElse() {
        model.set("p", new Point(1, 2));
        model.set("p", Map.of("y", 3));
        assertThat(model.get("p", Point.class)).isEqualTo(new Point(1, 3));
        assertThat(model.history()).as("both give a field").hasSize(2);
        model.set("p", 7);
        assertThat(model.get("p")).isEqualTo(Json.of(7));
        assertThat(model.history()).hasSize(1);
        model.set("p", Map.of());

        assertThat(model.get("p")).isEqualTo(Json.object());
        assertThat(model.keys()).containsExactly("p");
    }

    /** JSON objects list such names first, in ascending order. */
    @Test
    void keys_thatLookLikeNumbers_areInOrderOfUseToo() {
        model.set("1", "a");
        model.set("x", "b");
        model.set("2", "c");
        model.get("1");

        assertThat(model.keys()).containsExactly("1", "2", "x");
    }

    @Test
    void compatibleMode_isNotForParts_andSaysSo() {
        Scuttlebucket bucket = new Scuttlebucket("A");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bucket.add(
                        "x", options -> new ExpiryModel(options, ExpiryModel.Bounds.defaults(), Resolution.COMPATIBLE)))
                .withMessageContaining("part");
        assertThat(bucket.parts()).isEmpty();
    }

    @Test
    void delete_isTold_andKeptForThoseWhoAreAway() {
        Heard heard = Heard.from(model);
        model.set("k", 1);
        model.delete("k");

        assertThat(model.has("k")).isFalse();
        assertThat(model.toJson()).isEqualTo(Json.object());
        assertThat(model.history()).hasSize(1);
        assertThat(heard.all(ExpiryModel.Changed.class).get(1).value()).isSameAs(Json.NULL);
    }

    @Test
    void set_winsOverWhatItsUserSaw_whenTheOwnClockIsBehind() {
        model.apply(write("k", "theirs", 1000, "S"));
        model.set("k", "mine");

        assertThat(model.get("k")).isEqualTo(Json.of("mine"));
    }

    @Test
    void expire_givesBackMemory_andTells() {
        Heard heard = Heard.from(brief);
        brief.set("k", 1);
        brief.set("gone", 1);
        brief.delete("gone");
        time.set(T + 11);
        brief.expire();

        assertThat(heard.only(ExpiryModel.Expired.class).key()).isEqualTo("k");
        assertThat(brief.history()).isEmpty();
    }

    @Test
    void bounds_thatMakeNoSense_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TEN_MILLIS.maxAge(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> TEN_MILLIS.maxKeys(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> TEN_MILLIS.maxAhead(Duration.ofMillis(-1)));
    }

    @Test
    void updateOfTheFarFuture_isRefused_untilItsTimeComes() {
        Heard heard = Heard.from(model);
        Update future = write("k", "future", 300_001, "S");
        assertThat(model.apply(future)).isEqualTo(Outcome.INVALID);
        assertThat(heard.only(ReplicaEvent.Invalid.class).reason()).contains("300001 ms ahead");
        time.set(T + 1);

        assertThat(model.apply(future)).isEqualTo(Outcome.APPLIED);
    }

    /** It would make every timestamp given here as great, and all others would refuse what is written here. */
    @Test
    void updateOfTheFarFuture_inTheNameOfThisReplica_isRefusedToo() {
        assertThat(model.apply(write("k", "forged", 1e12, "A"))).isEqualTo(Outcome.INVALID);
        model.set("k", "mine");

        assertThat(model.get("k")).isEqualTo(Json.of("mine"));
        assertThat(model.clock().latest("A")).isEqualTo(T);
    }

    @Test
    void set_whileTheClockRunsBack_isTaken() {
        time.set(T + 1e9);
        model.set("k", 1);
        time.set(T);
        model.set("k", 2);

        assertThat(model.get("k")).isEqualTo(Json.of(2));
    }

    /** Peers decide how many fields there are: merging must not cost the square of that. */
    @Test
    @Timeout(60)
    void objectsOfVeryManyFields_areMergedAndForgotten() {
        int many = 300_000;
        JsonObject.Builder all = JsonObject.builder();
        for (int i = 0; i < many; i++) {
            all.put("f" + i, Json.of(1));
        }
        JsonObject object = all.build();
        brief.apply(write("k", object, 0, "S"));
        brief.apply(write("k", object.without("f" + (many - 1)), 1, "T"));
        assertThat(brief.history()).hasSize(2);
        brief.apply(write("k", 5, 2, "S"));
        assertThat(brief.history()).hasSize(1);
        for (int i = 0; i < many; i++) {
            brief.apply(write("k", Json.object("f" + i, 2), 3, "S" + i));
        }
        assertThat(brief.history()).hasSize(many + 1);
        time.set(T + 100);
        brief.expire();

        assertThat(brief.history()).isEmpty();
    }

    @Test
    void maxKeys_dropsTheLeastRecentlyUsed_hereAlone() {
        ExpiryModel small = model("small", ExpiryModel.Bounds.defaults().maxKeys(2));
        Heard heard = Heard.from(small);
        Pipe.connect(model, small);
        small.set("a", 1);
        small.set("b", 1);
        small.get("a");
        small.set("c", 1);

        assertThat(small.keys()).containsExactly("c", "a");
        assertThat(heard.only(ExpiryModel.Evicted.class).key()).isEqualTo("b");
        assertThat(small.history()).hasSize(2);
        assertThat(model.keys()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void maxKeys_takesAllWritesOfTheDroppedKeyOutOfTheHistory() {
        ExpiryModel small = model("small", ExpiryModel.Bounds.defaults().maxKeys(1));
        small.set("object", Map.of("a", 1));
        small.set("object", Map.of("b", 1));
        assertThat(small.history()).hasSize(2);
        small.set("other", 1);

        assertThat(small.keys()).containsExactly("other");
        assertThat(small.history()).hasSize(1);
    }

    @Test
    void expire_tellsOfObjectsToo_onceTheirLastFieldIsGone() {
        Heard heard = Heard.from(brief);
        brief.set("k", Map.of("a", 1));
        time.set(T + 5);
        brief.set("k", Map.of("b", 1));
        time.set(T + 11);
        brief.expire();
        assertThat(heard.all(ExpiryModel.Expired.class)).isEmpty();
        assertThat(brief.history()).hasSize(1);
        time.set(T + 16);
        brief.expire();

        assertThat(heard.only(ExpiryModel.Expired.class).key()).isEqualTo("k");
        brief.set("k", Map.of("c", 1));
        assertThat(brief.get("k")).hasToString("{\"c\":1}");
    }

    @Test
    void toJson_listsTheMostRecentlyUsedFirst() {
        model.set("a", 1);
        model.set("b", 1);
        model.set("c", 1);
        model.get("a");

        assertThat(model.toJson().keys()).containsExactly("a", "c", "b");
    }

    @Test
    void compatibleMode_withMoreThanAnEngineSortsAlike_sendsAllInStampOrder() {
        ExpiryModel original = new ExpiryModel(
                ReplicaOptions.defaults().id("A").time(time), ExpiryModel.Bounds.defaults(), Resolution.COMPATIBLE);
        for (int i = 0; i < 40; i++) {
            original.apply(write("k" + i, i, -i, "S" + i));
        }

        assertThat(original.history()).hasSize(40).isSortedAccordingTo(Update.STAMP_ORDER);
    }

    // The weaknesses of the original

    /** EM-1 and EM-2: overwriting deleted the clock entry, and repeats were applied again. */
    @Test
    void em1em2_overwriting_keepsTheClock_soRepeatsAreStale() {
        Update first = write("k", 1, -5, "S");
        model.apply(first);
        model.apply(write("k", 2, -4, "S"));

        assertThat(model.clock().latest("S")).isEqualTo(T - 4);
        assertThat(model.apply(first)).isEqualTo(Outcome.STALE);
    }

    /** EM-3: an older object that was merged made the record older, so that something in between won. */
    @Test
    void em3_olderObject_doesNotMakeTheValueOlder() {
        model.apply(write("k", Map.of("a", 3), -1, "S"));
        model.apply(write("k", Map.of("b", 1), -3, "T"));
        assertThat(model.apply(write("k", "between", -2, "U"))).isEqualTo(Outcome.APPLIED);

        assertThat(model.get("k")).hasToString("{\"a\":3}");
        assertThat(model.history()).hasSize(2);
    }

    /** EM-4: a deletion left nothing, so an older write or a peer that was away brought the key back. */
    @Test
    void em4_deletion_holdsAgainstOlderWrites_andReachesWhoWasAway() {
        ExpiryModel away = model("B", ExpiryModel.Bounds.defaults());
        Pipe pipe = Pipe.connect(model, away);
        model.set("k", 1);
        pipe.close();
        model.delete("k");
        assertThat(model.apply(write("k", "old", -5, "S"))).isEqualTo(Outcome.IGNORED);
        Pipe.connect(model, away);

        assertThat(model.has("k")).isFalse();
        assertThat(away.has("k")).isFalse();
    }

    /** EM-5: of equal timestamps the last arrival won. */
    @Test
    void em5_equalTimestamps_goToTheGreaterSource() {
        ExpiryModel other = model("B", ExpiryModel.Bounds.defaults());
        model.apply(write("k", "s", 0, "S"));
        model.apply(write("k", "t", 0, "T"));
        other.apply(write("k", "t", 0, "T"));
        other.apply(write("k", "s", 0, "S"));

        assertThat(model.get("k")).isEqualTo(Json.of("t"));
        assertThat(other.get("k")).isEqualTo(Json.of("t"));
    }

    /** EM-6: a merged record went out under one of its sources, and who knew that one did not get the rest. */
    @Test
    void em6_mergedValue_reachesWhoKnowsOneOfItsSources() {
        ExpiryModel knowsT = model("C", ExpiryModel.Bounds.defaults());
        model.apply(write("k", Map.of("a", 1), -2, "S"));
        model.apply(write("k", Map.of("b", 1), -1, "T"));
        knowsT.apply(write("k", Map.of("b", 1), -1, "T"));
        Pipe.connect(model, knowsT);

        assertThat(knowsT.get("k")).isEqualTo(Json.object("a", 1, "b", 1));
    }

    /** EM-7: the history could have the newer of two updates of one source first. */
    @Test
    void em7_history_isInStampOrder() {
        model.apply(write("x", 1, -3, "S"));
        model.apply(write("y", 1, -9, "T"));
        model.apply(write("z", 1, -1, "S"));

        assertThat(model.history()).isSortedAccordingTo(Update.STAMP_ORDER).hasSize(3);
    }

    /** EM-8: taking out what had expired ended the look, and left out what had not. */
    @Test
    void em8_history_hasEverythingThatIsYoungEnough_andNothingElse() {
        brief.apply(write("z", 1, 0, "S"));
        brief.apply(write("a", 1, -9, "T"));
        brief.apply(write("b", 1, -8, "T"));
        brief.get("a");
        time.set(T + 5);

        assertThat(brief.history()).containsExactly(write("z", 1, 0, "S"));
    }

    /** EM-9: arrays were merged into objects. */
    @Test
    void em9_arrays_areReplacedWhole() {
        model.apply(write("k", List.of(1, 2), -2, "S"));
        model.apply(write("k", List.of(9), -1, "T"));

        assertThat(model.get("k")).hasToString("[9]");
    }

    /** EM-10: three ways of looking had three ages. */
    @Test
    void em10_everyLook_measuresAgeFromTheTimestamp() {
        time.set(T + 9);
        brief.apply(write("k", 1, 0, "S"));
        assertThat(brief.has("k")).isTrue();
        time.set(T + 10);
        assertThat(brief.apply(write("late", 1, 0, "T"))).isEqualTo(Outcome.IGNORED);

        assertThat(brief.get("k")).isNull();
        assertThat(brief.toJson()).isEqualTo(Json.object());
        assertThat(brief.keys()).isEmpty();
        assertThat(brief.history()).isEmpty();
    }

    @Test
    void em10_fieldsOfAnObject_ageOneByOne() {
        brief.apply(write("k", Map.of("a", 1), -5, "S"));
        brief.apply(write("k", Map.of("b", 1), 0, "S"));
        time.set(T + 6);

        assertThat(brief.get("k")).hasToString("{\"b\":1}");
    }

    /** EM-11: malformed changes were stored, or threw. */
    @Test
    void em11_malformedChanges_areRefusedWithoutTrace() {
        for (String change : List.of("null", "5", "\"x\"", "[]", "{}", "[1,2]", "[{},1]", "[\"__proto__\",1]")) {
            assertThat(model.apply(Update.parse("[" + change + "," + T + ",\"S\"]")))
                    .isEqualTo(Outcome.INVALID);
        }

        assertThat(model.clock().isEmpty()).isTrue();
        assertThat(model.history()).isEmpty();
    }

    /** EM-12: within a bucket the clean-up reached only a clock of the part, which nobody sends. */
    @Test
    void em12_partOfABucket_leavesTheOneClockAlone_whichHoldsForAllParts() {
        Scuttlebucket bucket =
                new Scuttlebucket(ReplicaOptions.defaults().id("A").time(time));
        ExpiryModel part = bucket.add("x", options -> new ExpiryModel(options, TEN_MILLIS));
        Update first = Update.of(Json.array("x", Json.array("k", 1)), T, "S");
        Update second = Update.of(Json.array("x", Json.array("k", 2)), T + 1, "S");
        bucket.apply(first);
        bucket.apply(second);
        assertThat(bucket.apply(second)).isEqualTo(Outcome.STALE);
        assertThat(bucket.apply(first)).isEqualTo(Outcome.STALE);
        time.set(T + 100);

        assertThat(bucket.history()).isEmpty();
        assertThat(part.keys()).isEmpty();
        assertThat(bucket.clock().latest("S")).isEqualTo(T + 1);
        assertThat(part.clock()).isEqualTo(bucket.clock());
        assertThat(bucket.apply(first)).isEqualTo(Outcome.STALE);
    }

    /** The clock forgets a source when anything it could repeat is refused by its age, and not before. */
    @Test
    void clock_forgetsSilentSources_safely() {
        Update update = write("k", 1, 0, "S");
        brief.apply(update);
        brief.set("own", 1);
        time.set(T + 9);
        brief.expire();
        assertThat(brief.clock().sources()).containsExactlyInAnyOrder("A", "S");
        time.set(T + 11);
        brief.expire();
        assertThat(brief.clock().sources()).containsExactly("A");

        assertThat(brief.apply(update)).isEqualTo(Outcome.IGNORED);
        assertThat(brief.has("k")).isFalse();
    }

    @Test
    void peer_isNotSentWhatHasExpired() {
        brief.set("old", 1);
        time.set(T + 8);
        brief.set("young", 1);
        time.set(T + 12);
        ExpiryModel other = model("B", ExpiryModel.Bounds.defaults());
        Pipe.connect(brief, other);

        assertThat(other.keys()).containsExactly("young");
    }
}
