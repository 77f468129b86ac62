package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RArrayTest {
    record Point(int x, int y) {}

    private final SettableTime time = new SettableTime(1000);
    private final RArray array = array("A");

    private RArray array(String id) {
        return new RArray(ReplicaOptions.defaults().id(id).time(time).random(new Random(id.hashCode())));
    }

    private static List<Json> values(Object... values) {
        return Json.array(values).toList();
    }

    // Calls

    @Test
    void ends_takeAndGive() {
        String b = array.push("b");
        String c = array.push("c");
        String a = array.unshift("a");
        assertThat(array.values()).isEqualTo(values("a", "b", "c"));
        assertThat(array.keys()).containsExactly(a, b, c);
        assertThat(array.firstKey()).isEqualTo(a);
        assertThat(array.lastKey()).isEqualTo(c);
        assertThat(array.shift()).isEqualTo(Json.of("a"));
        assertThat(array.pop()).isEqualTo(Json.of("c"));
        assertThat(array.pop()).isEqualTo(Json.of("b"));
        int before = array.history().size();
        assertThat(array.pop()).isNull();
        assertThat(array.shift()).isNull();
        assertThat(array.firstKey()).isNull();
        assertThat(array.isEmpty()).isTrue();
        assertThat(array.history()).hasSize(before);
    }

    @Test
    void keysAndIndexes_leadToItems() {
        array.splice(0, 0, "a", "b", "c");
        String b = array.keyAt(1);
        assertThat(array.indexOfKey(b)).isEqualTo(1);
        assertThat(array.get(b)).isEqualTo(Json.of("b"));
        assertThat(array.has(b)).isTrue();
        array.unshift("0");
        assertThat(array.indexOfKey(b)).isEqualTo(2);
        assertThat(array.unset(b)).isTrue();
        assertThat(array.unset(b)).isFalse();
        assertThat(array.indexOfKey(b)).isEqualTo(-1);
        assertThat(array.get(b)).isNull();
        assertThat(array.indexOf("c")).isEqualTo(2);
        assertThat(array.indexOf("b")).isEqualTo(-1);
        array.set(b, "again");
        assertThat(array.values()).isEqualTo(values("0", "a", "again", "c"));
    }

    @Test
    void insert_goesRightBesideAKey() {
        array.splice(0, 0, "a", "b", "c");
        String a = array.keyAt(0);
        String c = array.keyAt(2);
        array.insert(a, "after a", null);
        array.insert(null, "before c", c);
        array.insert(a, "between", c);
        array.insert(null, "end", null);
        assertThat(array.values()).isEqualTo(values("a", "between", "after a", "b", "before c", "c", "end"));
        array.unset(a);
        array.insert(a, "where a was", null);
        assertThat(array.get(0)).isEqualTo(Json.of("where a was"));
        assertThatThrownBy(() -> array.insert(c, "x", a)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void splice_keepsKeysOfWhatItReplaces_andIsOneUpdate() {
        array.splice(0, 0, "a", "b", "c", "d");
        List<String> keys = array.keys();
        int before = array.history().size();
        assertThat(array.splice(1, 2, "B", "C", "more")).isEqualTo(values("b", "c"));
        assertThat(array.values()).isEqualTo(values("a", "B", "C", "more", "d"));
        assertThat(array.keys()).containsSequence(keys.get(0), keys.get(1), keys.get(2));
        assertThat(array.history()).hasSize(before + 1);
        assertThat(array.splice(3, 99)).isEqualTo(values("more", "d"));
        assertThat(array.splice(3, 5)).isEmpty();
        assertThat(array.splice(0, 2, "x")).isEqualTo(values("a", "B"));
        assertThat(array.values()).isEqualTo(values("x", "C"));
        array.clear();
        assertThat(array.values()).isEmpty();
    }

    @Test
    void nothingToDo_makesNoUpdate() {
        array.push("a");
        List<Update> history = array.history();
        Clock clock = array.clock();
        array.splice(0, 0);
        array.splice(1, 7);
        array.unset("never there");
        array.set("never there", null);
        assertThat(array.history()).isEqualTo(history);
        assertThat(array.clock()).isEqualTo(clock);
    }

    @Test
    void whatMakesNoSense_isRefused() {
        array.push("a");
        List<Update> history = array.history();
        assertThatThrownBy(() -> array.push(Json.NULL)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> array.splice(0, 0, "x", null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> array.splice(0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> array.splice(2, 0, "x")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.splice(-1, 0, "x")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.remove(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> array.set("__proto__", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(array.history()).isEqualTo(history);
    }

    @Test
    void asList_writesThrough() {
        List<Point> points = array.asList(Point.class);
        points.add(new Point(1, 2));
        points.addAll(List.of(new Point(3, 4), new Point(5, 6)));
        points.add(1, new Point(0, 0));
        assertThat(points.set(0, new Point(9, 9))).isEqualTo(new Point(1, 2));
        assertThat(points.remove(1)).isEqualTo(new Point(0, 0));
        assertThat(points).containsExactly(new Point(9, 9), new Point(3, 4), new Point(5, 6));
        assertThat(array.get(1, Point.class)).isEqualTo(new Point(3, 4));
        assertThat(array.get(0)).isEqualTo(Json.object("x", 9, "y", 9));
        points.removeIf(point -> point.x() > 4);
        assertThat(points).containsExactly(new Point(3, 4));
        int before = array.history().size();
        List<Json> list = array.asList();
        list.addAll(values(1, 2, 3));
        list.subList(1, 3).clear();
        assertThat(array.history()).hasSize(before + 2);
        assertThat(list).isEqualTo(values(Json.object("x", 3, "y", 4), 3));
        list.clear();
        assertThat(array).isEmpty();
    }

    // Merging

    @Test
    void malformedChanges_areRefused() {
        for (Object change : new Object[] {null, "ab", 7, true, Json.array("x")}) {
            assertThat(array.apply(Update.of(change, 5, "q"))).isEqualTo(Outcome.INVALID);
        }
        assertThat(array.apply(Update.of(Json.object("constructor", "c", "toString", "t"), 9, "q")))
                .isEqualTo(Outcome.APPLIED);
        assertThat(array.values()).isEqualTo(values("c", "t"));
        assertThat(array.size()).isEqualTo(2);
    }

    @Test
    void keyProto_isIgnored() {
        assertThat(array.apply(Update.parse("[{\"__proto__\":{\"a\":1}},5,\"q\"]")))
                .isEqualTo(Outcome.IGNORED);
        assertThat(array.apply(Update.parse("[{\"__proto__\":1,\"V\":2},6,\"q\"]")))
                .isEqualTo(Outcome.APPLIED);
        assertThat(array.keys()).containsExactly("V");
    }

    @Test
    void ofKeysGivenTwice_theLastCounts() {
        array.apply(Update.parse("[{\"V\":1,\"V\":2,\"W\":3,\"W\":null},6,\"q\"]"));
        assertThat(array.values()).isEqualTo(values(2));
        array.set("V", 5);
        array.set("W", 6);
        assertThat(array.history()).noneMatch(update -> update.source().equals("q"));
    }

    @Test
    void tombstoneBeforeItsInsert_suppressesIt() {
        array.apply(Update.of(Json.object("V", null), 10, "b"));
        assertThat(array.apply(Update.of(Json.object("V", 1), 9, "c"))).isEqualTo(Outcome.IGNORED);
        assertThat(array.size()).isZero();
        array.apply(Update.of(Json.object("V", 2), 11, "c"));
        assertThat(array.values()).isEqualTo(values(2));
    }

    @Test
    void localWrite_overLaterTimestamps_wins() {
        array.apply(Update.of(Json.object("V", "remote", "W", "remote"), 1_000_000, "Z"));
        array.set("V", "local");
        assertThat(array.values()).isEqualTo(values("local", "remote"));
        assertThat(array.history().get(1).timestamp()).isGreaterThan(1_000_000);
        array.splice(0, 2, "spliced");
        assertThat(array.values()).isEqualTo(values("spliced"));
        RArray other = array("B");
        Pipe.connect(array, other);
        assertThat(other.values()).isEqualTo(values("spliced"));
    }

    @Test
    void updateWithOneKeyLeft_staysInHistory() {
        array.splice(0, 0, "a", "b", "c");
        Update first = array.history().get(0);
        List<Update> superseded = new ArrayList<>();
        array.on(RArray.Superseded.class, event -> superseded.add(event.update()));
        array.set(0, (Object) "A");
        array.remove(1);
        assertThat(array.history()).contains(first);
        assertThat(superseded).isEmpty();
        array.remove(1);
        assertThat(array.history()).doesNotContain(first);
        assertThat(superseded).containsExactly(first);
    }

    // Events

    @Test
    void changed_tellsKeysAndSplices() {
        List<RArray.Changed> events = new ArrayList<>();
        array.on(RArray.Changed.class, events::add);
        array.splice(0, 0, "a", "b", "c", "d");
        assertThat(events).hasSize(1);
        assertThat(events.get(0).splices()).containsExactly(new Splice(0, List.of(), values("a", "b", "c", "d")));
        assertThat(events.get(0).written().keys()).isEqualTo(array.keys());
        array.splice(1, 2, "X");
        assertThat(events.get(1).splices()).containsExactly(new Splice(1, values("b", "c"), values("X")));
        JsonObject both = Json.object(array.keyAt(0), null, array.keyAt(2), "D", "never", null);
        array.apply(Update.of(both, 5000, "q"));
        assertThat(events.get(2).splices())
                .containsExactly(new Splice(0, values("a"), List.of()), new Splice(1, values("d"), values("D")));
        assertThat(events.get(2).written()).isEqualTo(both);
        array.apply(Update.of(Json.object("never", 1), 4000, "r"));
        assertThat(events).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void splices_oneAfterAnother_giveTheNewValues(int seed) {
        Random random = new Random(seed);
        List<Json> follower = new ArrayList<>();
        array.on(
                RArray.Changed.class,
                changed -> changed.splices().forEach(splice -> {
                    List<Json> part = follower.subList(
                            splice.index(), splice.index() + splice.removed().size());
                    assertThat(part).isEqualTo(splice.removed());
                    part.clear();
                    follower.addAll(splice.index(), splice.inserted());
                }));
        for (int i = 0; i < 300; i++) {
            JsonObject.Builder change = JsonObject.builder();
            for (int k = random.nextInt(6); k >= 0; k--) {
                change.put("k" + random.nextInt(40), random.nextInt(3) == 0 ? Json.NULL : Json.of(random.nextInt(9)));
            }
            array.apply(Update.of(change.build(), 1 + random.nextInt(5000), "s" + i));
            if (i % 10 == 0) {
                array.splice(random.nextInt(array.size() + 1), random.nextInt(3), "x", "y");
            }
            assertThat(follower).isEqualTo(array.values());
        }
    }

    @Test
    void writeInListener_isALaterUpdate() {
        RArray peer = array("B");
        Pipe.connect(array, peer);
        array.on(RArray.Changed.class, changed -> {
            if (array.size() < 3) {
                array.push("from listener");
            }
        });
        List<Update> heard = new ArrayList<>();
        peer.on(ReplicaEvent.Applied.class, applied -> heard.add(applied.update()));
        array.push("first");
        assertThat(peer.values()).isEqualTo(values("first", "from listener", "from listener"));
        assertThat(heard).hasSize(3).isSortedAccordingTo(Update.STAMP_ORDER);
    }

    // Keys of others

    @Test
    void keysThatLeaveNoRoom_areStillInsertedBeside() {
        array.apply(Update.of(Json.object("k", 1, "k\u0000", 2, "k\u0000\u0000", 3, "l", 4), 5, "q"));
        array.splice(1, 0, "x", "y");
        assertThat(array.values()).isEqualTo(values(1, "x", "y", 2, 3, 4));
        array.apply(Update.of(Json.object("", 0), 6, "q"));
        array.unshift("first");
        assertThat(array.get(0)).isEqualTo(Json.of("first"));
        assertThat(array.values()).isEqualTo(values("first", 0, 1, "x", "y", 2, 3, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"~", "~A", "é", "V!", "!", "A-", "\uffff", "\ud83d", "zzzzzz", "7656"})
    void besideAnyKey_itemsCanBeInserted(String key) {
        array.apply(Update.of(Json.object("V", "v", key, "k"), 5, "q"));
        List<String> expected = new ArrayList<>(List.of(array.get(0, String.class), array.get(1, String.class)));
        for (int i = 0; i < 30; i++) {
            int at = (i * 7) % (expected.size() + 1);
            array.splice(at, 0, "i" + i);
            expected.add(at, "i" + i);
        }
        assertThat(array.asList(String.class)).isEqualTo(expected);
    }

    @Test
    void concurrentRuns_doNotMix() {
        RArray other = array("B");
        for (int i = 0; i < 20; i++) {
            array.push("a");
            other.push("b");
        }
        Pipe.connect(array, other);
        String all = String.join("", array.asList(String.class));
        assertThat(all).isIn("a".repeat(20) + "b".repeat(20), "b".repeat(20) + "a".repeat(20));
        assertThat(other.values()).isEqualTo(array.values());
    }

    @Test
    void restart_makesOtherKeys() {
        for (int i = 0; i < 10; i++) {
            array.push(i);
        }
        RArray restarted = new RArray(ReplicaOptions.defaults().id("A").time(time));
        array.history().forEach(restarted::apply);
        array.remove(9);
        restarted.remove(9);
        String one = array.push("x");
        String other = restarted.push("y");
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void manyItems_keepShortKeys() {
        for (int i = 0; i < 10_000; i++) {
            array.push(i);
        }
        assertThat(array.lastKey()).hasSizeLessThan(12);
        assertThat(array.get(7_777)).isEqualTo(Json.of(7_777));
        assertThat(array.indexOfKey(array.keyAt(5_000))).isEqualTo(5_000);
    }
}
