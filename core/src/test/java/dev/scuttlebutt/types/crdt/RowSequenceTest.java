package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.position.PositionKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowSequenceTest {
    private final Doc doc = new Doc(ReplicaOptions.defaults().id("A").random(new Random(1)));
    private final RowSequence list = doc.createSequence("list", "todo");

    private static JsonObject row(String id) {
        return Json.object("id", id);
    }

    private void raw(String id, Object sortKey) {
        doc.set(id, Json.object("list", "todo", "_sort", sortKey));
    }

    private List<String> keys() {
        return list.stream().map(row -> row.get("_sort", String.class)).toList();
    }

    @Test
    void insertions_goWhereTheyAreAskedTo() {
        list.push(row("c"));
        list.unshift(row("a"));
        list.after(row("b"), doc.row("a"));
        list.before(row("b2"), doc.row("c"));
        list.insert(row("b1"), doc.row("b"), doc.row("b2"));
        list.insert(row("a1"), doc.row("a"), null);
        list.insert(row("b3"), null, doc.row("c"));
        list.insert(row("z"), null, null);
        list.after(row("0"), doc.row("nobody"));
        list.before(row("zz"), doc.row("nobody"));

        assertThat(list.ids()).containsExactly("0", "a", "a1", "b", "b1", "b2", "b3", "c", "z", "zz");
        assertThat(keys()).isSorted().allMatch(PositionKeys::isJsSafe);
        assertThat(doc.history()).hasSize(10);
    }

    @Test
    void insert_withTheNeighboursTheWrongWayRound_isRefused() {
        Row a = list.push(row("a"));
        Row b = list.push(row("b"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> list.insert(row("x"), b, a))
                .withMessageContaining("does not come before");
        assertThatIllegalArgumentException().isThrownBy(() -> list.insert(row("x"), a, a));
        assertThat(doc.has("x")).isFalse();
    }

    @Test
    void insert_betweenRowsThatAreApart_goesRightBehindTheFirst() {
        list.push(row("a"));
        list.push(row("b"));
        list.push(row("c"));
        list.insert(row("x"), doc.row("a"), doc.row("c"));

        assertThat(list.ids()).containsExactly("a", "x", "b", "c");
    }

    @Test
    void insert_atAnIndex_isThereAfterwards() {
        Random random = new Random(3);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            if (expected.size() > 5 && random.nextBoolean()) {
                String moved = expected.remove(random.nextInt(expected.size()));
                int to = random.nextInt(expected.size() + 1);
                expected.add(to, moved);
                list.insert(to, doc.row(moved));
            } else {
                int to = random.nextInt(expected.size() + 1);
                expected.add(to, "r" + i);
                list.insert(to, row("r" + i));
            }
            assertThat(list.ids()).isEqualTo(expected);
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.insert(-1, row("x")));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> list.insert(expected.size(), list.first()));
    }

    @Test
    void moving_writesThePlaceAlone() {
        list.push(row("a"));
        list.push(row("b"));
        list.push(row("c"));
        list.after(doc.row("a"), doc.row("b"));
        list.before(doc.row("c"), doc.row("b"));
        list.push(doc.row("a"));

        assertThat(list.ids()).containsExactly("c", "b", "a");
        Update last = doc.history().get(doc.history().size() - 1);
        assertThat(last.change().asArray().get(1).asObject().keys()).containsExactly("_sort");
    }

    @Test
    void moving_nextToItself_keepsTheOrder() {
        list.push(row("a"));
        Row b = list.push(row("b"));
        list.push(row("c"));
        list.after(b, b);
        list.before(b, b);

        assertThat(list.ids()).containsExactly("a", "b", "c");
    }

    @Test
    void moving_fromAnotherSequence_writesPlaceAndField() {
        RowSequence done = doc.createSequence("list", "done");
        Row row = list.push(Json.object("id", "r", "x", 1));
        done.push(row);

        assertThat(list.isEmpty()).isTrue();
        assertThat(done.ids()).containsExactly("r");
        Update last = doc.history().get(1);
        assertThat(last.change().asArray().get(1).asObject().keys()).containsExactly("_sort", "list");
    }

    @Test
    void items_areRowsOrFields_withAnIdOrNot() {
        assertThat(list.push(Map.of("x", 1)).id()).matches("[0-9A-F]{32}");
        assertThat(list.push(Map.of("_id", "mine")).id()).isEqualTo("mine");
        assertThat(doc.row("mine").get("id")).isEqualTo(Json.of("mine"));
        list.push(doc.row("new"));
        assertThat(doc.row("new").get("list")).isEqualTo(Json.of("todo"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> list.push("new"))
                .withMessageContaining("doc.row(\"new\")");
        assertThatIllegalArgumentException().isThrownBy(() -> list.push(new Doc().row("r")));
        assertThatIllegalArgumentException().isThrownBy(() -> list.push(Map.of("constructor", 1)));

        Map<String, Object> given = new HashMap<>(Map.of("id", "r"));
        list.push(given);
        assertThat(given).hasSize(1);
    }

    @Test
    void popAndShift_takeOutOneEach() {
        list.push(row("a"));
        list.push(row("b"));
        list.push(row("c"));

        assertThat(list.pop()).isEqualTo(doc.row("c"));
        assertThat(list.shift()).isEqualTo(doc.row("a"));
        assertThat(list.pop()).isEqualTo(doc.row("b"));
        assertThat(list.pop()).isNull();
        assertThat(list.shift()).isNull();
        assertThat(doc.row("a").get("list")).isEqualTo(Json.NULL);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> doc.createSequence(row -> true).pop());
    }

    // Keys of others

    @Test
    void levelKeys_areOrderedById() {
        raw("b", "V");
        raw("a", "V");
        raw("c", "V");

        assertThat(list.ids()).containsExactly("a", "b", "c");
        assertThat(doc.createSequence(row -> true).ids()).containsExactly("a", "b", "c");
        assertThat(doc.history()).hasSize(3);
    }

    @Test
    void sequenceCreatedLate_isInOrder() {
        doc.set("b", Json.object("l", 1, "_sort", "B"));
        doc.set("a", Json.object("l", 1, "_sort", "C"));
        doc.set("c", Json.object("l", 1, "_sort", "A"));
        RowSequence late = doc.createSequence("l", 1);
        assertThat(late.ids()).containsExactly("c", "b", "a");
        late.push(row("d"));

        assertThat(late.ids()).containsExactly("c", "b", "a", "d");
    }

    @Test
    void rowThatJoins_isInOrder() {
        list.push(row("b"));
        doc.set("a", Json.object("_sort", "0"));
        doc.set("a", Json.object("list", "todo"));

        assertThat(list.ids()).containsExactly("a", "b");
        assertThat(list.indexOf(doc.row("a"))).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"V", "", "é", "~~~", "!"})
    void insertionBetweenLevelKeys_movesThoseBehind(String key) {
        for (int i = 0; i < 6; i++) {
            raw("r" + i, key);
        }
        raw("r9", key + "zzz");
        list.after(row("x"), doc.row("r2"));
        assertThat(list.ids()).containsExactly("r0", "r1", "r2", "x", "r3", "r4", "r5", "r9");
        assertThat(doc.history()).hasSize(7 + 3 + 1);

        list.before(row("y"), doc.row("r1"));
        list.unshift(row("z"));
        list.push(row("p"));
        assertThat(list.ids()).containsExactly("z", "r0", "y", "r1", "r2", "x", "r3", "r4", "r5", "r9", "p");
    }

    @Test
    void insertionWhereNoTextIsBetween_movesThoseBehind() {
        raw("a", "k");
        raw("b", "k\u0000");
        raw("c", "k\u0000\u0000");
        raw("d", "l");
        list.after(row("x"), doc.row("a"));
        list.after(row("y"), doc.row("b"));

        assertThat(list.ids()).containsExactly("a", "x", "b", "y", "c", "d");
    }

    @Test
    void insertionBeforeTheEmptyKey_movesIt() {
        raw("a", "");
        raw("b", "\u0000");
        raw("c", "\u0000!");
        list.unshift(row("x"));

        assertThat(list.ids()).containsExactly("x", "a", "b", "c");
    }

    @Test
    void rowsWithoutAKey_comeLastById_andGetOneWhenSomethingGoesBehindThem() {
        doc.set("n2", Json.object("list", "todo"));
        doc.set("n1", Json.object("list", "todo", "_sort", 5));
        doc.set("n3", Json.object("list", "todo", "_sort", null));
        list.unshift(row("a"));
        assertThat(list.ids()).containsExactly("a", "n1", "n2", "n3");
        assertThat(doc.history()).hasSize(4);

        list.after(row("x"), doc.row("n1"));
        assertThat(list.ids()).containsExactly("a", "n1", "x", "n2", "n3");
        list.push(row("z"));
        assertThat(list.ids()).containsExactly("a", "n1", "x", "n2", "n3", "z");
        assertThat(keys()).isSorted();
    }

    @Test
    void rowInTheWayWithAForgedTimestamp_isAnErrorAndNotALoop() {
        doc.apply(Update.parse("[[\"a\",{\"list\":\"todo\",\"_sort\":\"V\"}],5e299,\"Z\"]"));
        doc.apply(Update.parse("[[\"b\",{\"list\":\"todo\",\"_sort\":\"V\"}],6e299,\"Z\"]"));

        assertThatIllegalStateException()
                .isThrownBy(() -> list.after(row("x"), doc.row("a")))
                .withMessageContaining("timestamp");
        assertThat(list.push(row("y"))).isEqualTo(list.last());
    }

    @Test
    void sequenceByRule_ordersAndMoves() {
        RowSequence open = doc.createSequence(row -> !Json.TRUE.equals(row.get("done")));
        open.push(row("a"));
        open.push(row("b"));
        open.before(doc.row("b"), doc.row("a"));
        assertThat(open.ids()).containsExactly("b", "a");
        doc.row("a").set("done", true);

        assertThat(open.ids()).containsExactly("b");
    }

    // Several replicas

    @Test
    void levelKeys_onSeveralReplicas_causeNoWrites() {
        Doc other = new Doc("B");
        other.createSequence("list", "todo");
        Pipe.connect(doc, other);
        raw("a", "V");
        other.set("b", Json.object("list", "todo", "_sort", "V"));

        assertThat(doc.history()).hasSize(2);
        assertThat(other.history()).hasSize(2);
    }

    @Test
    void concurrentInsertions_inOnePlace_stayTogether() {
        Doc other = new Doc(ReplicaOptions.defaults().id("B").random(new Random(2)));
        RowSequence otherList = other.createSequence("list", "todo");
        list.push(row("first"));
        list.push(row("last"));
        Pipe.connect(doc, other).close();
        for (int i = 0; i < 20; i++) {
            list.before(row("a" + (char) ('a' + i)), doc.row("last"));
            otherList.before(row("b" + (char) ('a' + i)), other.row("last"));
        }
        Pipe.connect(doc, other);

        assertThat(list.ids()).isEqualTo(otherList.ids()).hasSize(42);
        String order = String.join(
                "",
                list.ids().subList(1, 41).stream().map(id -> id.substring(0, 1)).toList());
        assertThat(order).matches("a{20}b{20}|b{20}a{20}");
    }

    @Test
    void keys_stayShort_howeverLongTheList() {
        for (int i = 0; i < 5_000; i++) {
            list.push(Json.object("n", i));
        }
        assertThat(keys()).allMatch(key -> key.length() <= 9);
        assertThat(list.toList(Map.class)).extracting(row -> row.get("n")).isSorted();
    }
}
