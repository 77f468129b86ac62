package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.TextLink;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppendOnlyTest {
    private static final String HELLO_OF_AN_ORIGINAL = "{\"id\":\"js\",\"clock\":{}}";

    private final SettableTime time = new SettableTime(100);
    private final AppendOnly feed = feed("A");

    record Note(String text, int size) {}

    private AppendOnly feed(String id) {
        return new AppendOnly(ReplicaOptions.defaults().id(id).time(time));
    }

    private static Update push(double timestamp, String source) {
        return Update.of(Map.of("push", Map.of("n", timestamp)), timestamp, source);
    }

    private static Update remove(String id, double timestamp, String source) {
        return Update.of(Map.of("remove", id), timestamp, source);
    }

    private static List<String> ids(AppendOnly feed) {
        return feed.items().stream().map(AppendOnly.Item::id).toList();
    }

    // Everyday

    @Test
    void push_ofARecord_isReadBackAsOne() {
        String id = feed.push(new Note("milk", 2));

        assertThat(id).isEqualTo("A:100");
        assertThat(feed.items(Note.class)).containsExactly(new Note("milk", 2));
        assertThat(feed.get(id).as(Note.class)).isEqualTo(new Note("milk", 2));
        assertThat(feed.history().get(0)).hasToString("[{\"push\":{\"text\":\"milk\",\"size\":2}},100,\"A\"]");
        assertThat(feed.toJson()).hasToString("[{\"text\":\"milk\",\"size\":2}]");
    }

    @Test
    void remove_takesTheItemAndItsPushAway() {
        Heard heard = Heard.from(feed);
        String id = feed.push(List.of(1));

        assertThat(feed.remove(id)).isTrue();
        assertThat(feed.remove(id)).as("again").isFalse();
        assertThat(feed.items()).isEmpty();
        assertThat(feed.get(id)).isNull();
        assertThat(feed.size()).isZero();
        assertThat(feed.history()).hasSize(1);
        assertThat(heard.only(AppendOnly.Added.class).item().id()).isEqualTo(id);
        assertThat(heard.only(AppendOnly.Removed.class).item().value()).isEqualTo(Json.array(1));
        assertThat(heard.only(AppendOnly.Removed.class).by())
                .isEqualTo(feed.history().get(0));
    }

    @Test
    void remove_isStampedAboveItsPush_whenTheOwnClockIsBehind() {
        feed.apply(push(5000, "S"));
        feed.remove("S:5000");

        assertThat(feed.history().get(0).timestamp()).isGreaterThan(5000);
    }

    @Test
    void ownMemberId_showsTheIdentifier() {
        feed.push(Map.of("__id", "fake"));

        assertThat(feed.toJson()).hasToString("[{\"__id\":\"A:100\"}]");
    }

    // The weaknesses of the original

    /** AO-1: equal items, listed differently. */
    @Test
    void ao1_items_areInStampOrderEverywhere_arrivalsAreNot() {
        feed.apply(push(30, "S"));
        feed.apply(push(10, "T"));
        feed.apply(push(20, "U"));

        assertThat(ids(feed)).containsExactly("T:10", "U:20", "S:30");
        assertThat(feed.arrivals()).extracting(AppendOnly.Item::id).containsExactly("S:30", "T:10", "U:20");
    }

    /** AO-2: who was away at the removal kept the item. */
    @Test
    void ao2_removal_reachesWhoWasAway() {
        AppendOnly away = feed("B");
        Pipe first = Pipe.connect(feed, away);
        String id = feed.push(Map.of("n", 1));
        first.close();
        feed.remove(id);
        assertThat(away.size()).isEqualTo(1);
        Pipe.connect(feed, away);

        assertThat(away.size()).isZero();
        assertThat(away.history()).isEqualTo(feed.history());
    }

    /** AO-3: a removal that came before its push was forgotten. */
    @Test
    void ao3_removalBeforeItsPush_holds() {
        assertThat(feed.apply(remove("S:10", 20, "T"))).isEqualTo(Outcome.APPLIED);
        assertThat(feed.apply(push(10, "S"))).isEqualTo(Outcome.IGNORED);

        assertThat(feed.items()).isEmpty();
        assertThat(feed.history()).containsExactly(remove("S:10", 20, "T"));
    }

    /** AO-4: the second of two removals threw. */
    @Test
    void ao4_twoRemovers_areOneRemovalWhateverTheOrder() {
        AppendOnly other = feed("B");
        feed.apply(push(10, "S"));
        other.apply(push(10, "S"));
        Update early = remove("S:10", 20, "T");
        Update late = remove("S:10", 30, "U");
        assertThat(feed.apply(early)).isEqualTo(Outcome.APPLIED);
        assertThat(feed.apply(late)).isEqualTo(Outcome.IGNORED);
        assertThat(other.apply(late)).isEqualTo(Outcome.APPLIED);
        assertThat(other.apply(early)).isEqualTo(Outcome.APPLIED);

        assertThat(feed.history()).containsExactly(early);
        assertThat(other.history()).containsExactly(early);
    }

    /** AO-5 and AO-6: items that are no objects were stored, and threw or were none. */
    @Test
    void ao5ao6_scalarItems_areRefusedWithoutTrace() {
        for (Object scalar : List.of("text", 7, true, 0, "", false)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> feed.push(scalar))
                    .withMessageContaining("an object or an array");
            assertThat(feed.apply(Update.of(Map.of("push", scalar), 10, "S"))).isEqualTo(Outcome.INVALID);
        }
        assertThat(feed.apply(Update.parse("[{\"push\":null},10,\"S\"]"))).isEqualTo(Outcome.INVALID);

        assertThat(feed.history()).isEmpty();
        assertThat(feed.clock().isEmpty()).isTrue();
    }

    /** AO-7 and AO-8: any payload was stored and passed on; of an array, its method became an item. */
    @Test
    void ao7ao8_otherPayloads_areRefusedWithoutTrace() {
        Heard heard = Heard.from(feed);
        for (String payload :
                List.of("null", "1", "\"x\"", "true", "[]", "[1]", "{}", "{\"pull\":{}}", "{\"remove\":7}")) {
            assertThat(feed.apply(Update.parse("[" + payload + ",10,\"S\"]")))
                    .as(payload)
                    .isEqualTo(Outcome.INVALID);
        }

        assertThat(heard.all(ReplicaEvent.Invalid.class)).hasSize(9);
        assertThat(feed.clock().isEmpty()).isTrue();
    }

    /** AO-9: after a removal a fresh replica learnt nothing of the source. */
    @Test
    void ao9_removedItem_leavesATraceForNewReplicas() {
        feed.remove(feed.push(List.of()));
        AppendOnly fresh = feed("B");
        Pipe.connect(feed, fresh);

        assertThat(fresh.clock()).isEqualTo(feed.clock());
        assertThat(fresh.history()).isEqualTo(feed.history());
    }

    // Originals as peers

    @Test
    void original_getsRemovalsOfWhatItHolds_onceAndLive() throws ProtocolException {
        String before = feed.push(Map.of("n", 1));
        TextLink original = new TextLink(feed);
        original.give(HELLO_OF_AN_ORIGINAL);
        assertThat(original.take()).hasSize(3);
        original.give("[{\"push\":{\"n\":2}},50,\"js\"]");
        feed.remove(before);
        feed.remove("js:50");

        assertThat(original.take())
                .allMatch(line -> line.startsWith("[{\"remove\":"))
                .hasSize(2);
    }

    @Test
    void original_isNotTold_ofRemovalsInTheHistory_orOfItemsItNeverGot() throws ProtocolException {
        feed.remove(feed.push(Map.of("n", 1)));
        feed.push(Map.of("n", 2));
        TextLink original = new TextLink(feed);
        original.give(HELLO_OF_AN_ORIGINAL);
        assertThat(original.take()).as("hello, one push, SYNC").hasSize(3);

        String unread = feed.push(Map.of("n", 3));
        feed.remove(unread);
        feed.push(Map.of("n", 4));
        feed.apply(remove("S:1", 10, "T"));

        assertThat(original.take()).singleElement().asString().contains("\"n\":4");
    }

    @Test
    void original_isNotToldTwice_ofOneRemoval() throws ProtocolException {
        feed.apply(push(10, "S"));
        TextLink original = new TextLink(feed);
        original.give(HELLO_OF_AN_ORIGINAL);
        original.take();
        feed.apply(remove("S:10", 30, "U"));
        feed.apply(remove("S:10", 20, "T"));

        assertThat(original.take())
                .as("the later one was replaced before it was read")
                .isEmpty();
    }

    @Test
    void handshake_announcesTombstones_besideTheMetaOfTheApplication() {
        assertThat(new TextLink(feed).take().get(0))
                .isEqualTo("{\"id\":\"A\",\"clock\":{},\"meta\":{\"tombstones\":true}}");
        assertThat(new TextLink(feed, SessionOptions.twoWay().meta(Map.of("doc", "x")))
                        .take()
                        .get(0))
                .contains("\"meta\":{\"doc\":\"x\",\"tombstones\":true}");
        assertThat(new TextLink(feed, SessionOptions.twoWay().meta("x")).take().get(0))
                .contains("\"meta\":\"x\"");
    }
}
