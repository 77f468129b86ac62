package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RowSetTest {
    private final Doc doc = new Doc("A");

    private Row add(String id, Object... fieldsAndValues) {
        return doc.set(id, Json.object(fieldsAndValues));
    }

    @Test
    void members_areRowsWithTheValue_earlierAndLater() {
        add("b", "type", "task");
        add("x", "type", "note");
        RowSet tasks = doc.createSet("type", "task");
        add("a", "type", "task");
        add("c", "title", "no type");

        assertThat(tasks.ids()).containsExactly("a", "b");
        assertThat(tasks.rows()).containsExactly(doc.row("a"), doc.row("b"));
        assertThat(tasks).containsExactlyElementsOf(tasks.rows());
        assertThat(tasks.stream()).hasSize(2);
        assertThat(tasks.toJson())
                .isEqualTo(Json.array(Json.object("id", "a", "type", "task"), Json.object("id", "b", "type", "task")));
        assertThat(tasks.field()).isEqualTo("type");
        assertThat(tasks.value()).isEqualTo(Json.of("task"));
        assertThat(tasks).hasToString("RowSet type=\"task\"");

        doc.row("a").set("type", "note");
        doc.row("x").set("type", "task");
        assertThat(tasks.ids()).containsExactly("b", "x");
        assertThat(doc.createSet("type", "note").ids()).containsExactly("a");
    }

    @Test
    void lookups_findMembersAndNothingElse() {
        RowSet set = doc.createSet("t", 1);
        assertThat(set.isEmpty()).isTrue();
        assertThat(set.first()).isNull();
        assertThat(set.last()).isNull();
        Row a = add("a", "t", 1);
        Row b = add("b", "t", 1);
        Row other = add("o", "t", 2);

        assertThat(set.contains(a)).isTrue();
        assertThat(set.contains("b")).isTrue();
        assertThat(set.contains(other)).isFalse();
        assertThat(set.contains("nobody")).isFalse();
        assertThat(set.contains(new Doc().row("a"))).isFalse();
        assertThat(set.get("a")).isEqualTo(a);
        assertThat(set.get("o")).isNull();
        assertThat(set.at(1)).isEqualTo(b);
        assertThat(set.at(2)).isNull();
        assertThat(set.at(-1)).isNull();
        assertThat(set.first()).isEqualTo(a);
        assertThat(set.last()).isEqualTo(b);
        assertThat(set.indexOf(b)).isEqualTo(1);
        assertThat(set.indexOf(other)).isEqualTo(-1);
        assertThat(set.next(a)).isEqualTo(b);
        assertThat(set.next(b)).isNull();
        assertThat(set.next(other)).isNull();
        assertThat(set.previous(b)).isEqualTo(a);
        assertThat(set.previous(a)).isNull();
        assertThat(set.previous(other)).isNull();
    }

    @Test
    void createSet_tellsKindsOfValuesApart() {
        RowSet number = doc.createSet("k", 1);
        RowSet text = doc.createSet("k", "1");
        RowSet object = doc.createSet("k", Map.of("a", List.of(1)));
        RowSet nothing = doc.createSet("k", null);
        add("number", "k", 1.0);
        add("text", "k", "1");
        add("object", "k", Map.of("a", List.of(1)));
        add("null", "k", null);
        add("absent", "x", 1);

        assertThat(number.ids()).containsExactly("number");
        assertThat(text.ids()).containsExactly("text");
        assertThat(object.ids()).containsExactly("object");
        assertThat(nothing.ids()).containsExactly("null");
        assertThat(doc.createSet("a:b", "c")).isNotSameAs(doc.createSet("a", "b:c"));
        assertThat(doc.createSet("k", 1)).isSameAs(number);
        assertThat(doc.createSequence("k", 1)).isNotSameAs(number).isSameAs(doc.createSequence("k", 1.0));
    }

    @Test
    void order_isBySortKeyOrId() {
        RowSet set = doc.createSet("t", 1);
        add("m", "t", 1);
        add("z", "t", 1, "_sort", "a");
        add("a", "t", 1, "_sort", "x");
        add("b", "t", 1, "_sort", "x");
        add("y", "t", 1, "_sort", 5);

        assertThat(set.ids()).containsExactly("z", "m", "a", "b", "y");
        doc.row("z").set("_sort", "y0");
        assertThat(set.ids()).containsExactly("m", "a", "b", "y", "z");
    }

    @Test
    void order_ofFields_keepsUp() {
        RowSet set = doc.createSet(row -> true, RowOrder.byDescending("stars").thenBy("name"));
        add("1", "stars", 3, "name", "b");
        add("2", "stars", 3, "name", "a");
        add("3", "stars", 5, "name", "c");
        add("4", "name", "no stars");
        add("5", "stars", null);
        assertThat(set.ids()).containsExactly("3", "2", "1", "4", "5");

        doc.row("4").set("stars", 4);
        doc.row("3").set("name", "z");
        doc.row("1").set("name", "A");
        assertThat(set.ids()).containsExactly("3", "4", "1", "2", "5");
        RowSet late = doc.createSet("stars", 3, RowOrder.by("stars").thenByDescending("name"));
        assertThat(late.ids()).containsExactly("2", "1");
    }

    @Test
    void rule_isAskedAtEveryChange() {
        RowSet cheap = doc.createSet(
                row -> row.get("price") != null && row.get("price").asDouble() < 10);
        add("a", "price", 20);
        add("b", "price", 5);
        add("c", "price", "a text, which the rule cannot take");
        assertThat(cheap.ids()).containsExactly("b");

        doc.row("a").set("price", 9);
        doc.row("b").set("price", 11);
        doc.row("c").set("price", 1);
        assertThat(cheap.ids()).containsExactly("a", "c");
        assertThat(cheap.field()).isNull();
        assertThat(cheap.value()).isNull();
        assertThat(cheap).hasToString("RowSet by rule");
    }

    @Test
    void ruleThatThrows_doesNotDisturbMerging() {
        RowSet set = doc.createSet(row -> {
            throw new StackOverflowError();
        });

        assertThat(doc.apply(Update.parse("[[\"r\",{\"x\":1}],1,\"Z\"]"))).isEqualTo(Outcome.APPLIED);
        assertThat(doc.row("r").get("x")).isEqualTo(Json.of(1));
        assertThat(set.isEmpty()).isTrue();
    }

    @Test
    void ruleThatChangesItsMind_keepsTheSetInOrder() {
        boolean[] open = {true};
        RowSet set = doc.createSet(row -> open[0]);
        for (int i = 0; i < 200; i++) {
            add("r" + i, "x", i);
        }
        open[0] = false;
        doc.row("r50").set("x", 0);
        doc.row("r60").set("_sort", "zz");
        open[0] = true;
        doc.row("r70").set("_sort", "zz");
        doc.row("r50").set("x", 1);

        assertThat(set.size()).isEqualTo(199);
        assertThat(set.last()).isEqualTo(doc.row("r70"));
        assertThat(set.contains("r50")).isTrue();
        assertThat(set.contains("r60")).isFalse();
        assertThat(set.ids()).doesNotHaveDuplicates();
    }

    @Test
    void remove_writesNullIntoTheField() {
        RowSet set = doc.createSet("t", 1);
        Row row = add("r", "t", 1, "x", 2);

        assertThat(set.remove(row)).isTrue();
        assertThat(set.remove(row)).isFalse();
        assertThat(set.remove(doc.row("nobody"))).isFalse();

        assertThat(set.isEmpty()).isTrue();
        assertThat(row.toJson()).isEqualTo(Json.object("id", "r", "t", null, "x", 2));
        assertThat(doc.history()).hasSize(2);
    }

    @Test
    void remove_whereWritingNullDoesNotHelp_isRefused() {
        Row row = add("r", "t", null);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> doc.createSet(any -> true).remove(row))
                .withMessageContaining("rule");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> doc.createSet("t", null).remove(row))
                .withMessageContaining("null");
    }

    record Item(String id, double price) {}

    @Test
    void toList_mapsRows() {
        doc.add(new Item("b", 2));
        doc.add(new Item("a", 1));

        assertThat(doc.createSet(row -> true, RowOrder.byDescending("price")).toList(Item.class))
                .containsExactly(new Item("b", 2), new Item("a", 1));
    }

    @Test
    void close_endsUpdating_andTheNextSetIsANewOne() {
        RowSet set = doc.createSet("t", 1);
        set.close();
        set.close();

        assertThatIllegalStateException().isThrownBy(set::size).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> set.follow(event -> {}));
        assertThatIllegalStateException().isThrownBy(() -> set.remove(doc.row("r")));
        add("r", "t", 1);
        RowSet next = doc.createSet("t", 1);
        assertThat(next).isNotSameAs(set);
        assertThat(next.ids()).containsExactly("r");

        RowSet byRule = doc.createSet(row -> true);
        byRule.close();
        assertThatThrownBy(byRule::ids).isInstanceOf(IllegalStateException.class);
        RowSet ordered = doc.createSet("t", 1, RowOrder.by("x"));
        ordered.close();
        add("s", "t", 1);
        assertThat(next.size()).isEqualTo(2);
    }

    // Events

    @Test
    void events_tellPlaces() {
        RowSet set = doc.createSet("t", 1, RowOrder.by("n"));
        Heard heard = Heard.from(doc);
        add("a", "t", 1, "n", 1);
        add("b", "t", 1, "n", 2);
        doc.row("a").set("n", 3);
        doc.row("b").set("x", 0);
        doc.row("b").set("t", 2);
        doc.remove("a");

        List<RowSet.Event> events = heard.all(RowSet.Event.class);
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Added", "Added", "Changed", "Moved", "Changed", "Removed", "Removed");
        RowSet.Moved moved = (RowSet.Moved) events.get(3);
        assertThat(moved.from()).isZero();
        assertThat(moved.to()).isEqualTo(1);
        assertThat(moved.state()).isEqualTo(Json.object("id", "a", "t", 1, "n", 3));
        RowSet.Changed changed = (RowSet.Changed) events.get(4);
        assertThat(changed.index()).isZero();
        assertThat(changed.fields()).containsExactly("x");
        assertThat(events.get(6))
                .isEqualTo(new RowSet.Removed(
                        set,
                        0,
                        doc.row("a"),
                        heard.all(Doc.RowRemoved.class).get(0).update()));
    }

    @Test
    void on_hearsOfItsSetAndClassAlone() {
        List<RowSet.Added> heard = new ArrayList<>();
        Subscription subscription = doc.createSet("t", 1).on(RowSet.Added.class, heard::add);
        doc.createSet("t", 2);
        add("a", "t", 2);
        add("b", "t", 1);
        doc.row("b").set("x", 1);
        subscription.close();
        add("c", "t", 1);

        assertThat(heard).extracting(added -> added.row().id()).containsExactly("b");
    }

    @Test
    void onEach_isCalledForMembersOfNowAndLater() {
        RowSet set = doc.createSet("t", 1);
        add("a", "t", 1);
        List<String> seen = new ArrayList<>();
        Subscription subscription = set.onEach(row -> seen.add(row.id()));
        add("b", "t", 1);
        doc.row("b").set("x", 1);
        subscription.close();
        add("c", "t", 1);

        assertThat(seen).containsExactly("a", "b");
    }

    @Test
    void follow_insideAListener_startsWithoutWhatIsStillToBeHeard() {
        RowSet set = doc.createSet("t", 1);
        Mirror mirror = new Mirror();
        boolean[] begun = {false};
        doc.on(Doc.RowAdded.class, added -> {
            if (!begun[0]) {
                begun[0] = true;
                add("second", "t", 1);
                set.follow(mirror::apply);
                add("third", "t", 1);
            }
        });

        add("first", "t", 1);

        assertThat(mirror.started).isEqualTo(1);
        assertThat(mirror.list()).isEqualTo(set.toJson());
        assertThat(set.size()).isEqualTo(3);
    }

    @Test
    void follow_whileOthersWrite_missesNothing() throws InterruptedException {
        RowSet set = doc.createSet("t", 1, RowOrder.by("n"));
        CountDownLatch running = new CountDownLatch(500);
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 5_000; i++) {
                add("r" + i % 50, "t", i % 3, "n", i % 17);
                running.countDown();
            }
        });
        writer.start();
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
        List<Mirror> mirrors = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Mirror mirror = new Mirror();
            mirrors.add(mirror);
            set.follow(mirror::apply);
        }
        writer.join();
        add("last", "t", 1, "n", 0);

        assertThat(mirrors).allSatisfy(mirror -> assertThat(mirror.list()).isEqualTo(set.toJson()));
    }

    @Test
    void setThatWasClosed_costsNothingMore_andCannotBeUsed() {
        int[] asked = {0};
        RowSet set = doc.createSet(row -> {
            asked[0]++;
            return true;
        });
        add("a", "t", 1);
        assertThat(set.isEmpty()).isFalse();
        set.close();
        int before = asked[0];
        add("b", "t", 1);

        assertThat(asked[0]).isEqualTo(before);
        assertThatIllegalStateException().isThrownBy(() -> set.follow(event -> {}));
        assertThatIllegalStateException().isThrownBy(() -> set.onEach(row -> {}));
    }

    /** A list on a screen. */
    static final class Mirror {
        private final List<Json> states = new ArrayList<>();
        int started;

        synchronized void apply(RowSet.Event event) {
            if (event instanceof RowSet.Started all) {
                started++;
                assertThat(all.rows()).hasSameSizeAs(all.states());
                states.addAll(all.states());
            } else if (event instanceof RowSet.Added added) {
                states.add(added.index(), added.state());
            } else if (event instanceof RowSet.Changed changed) {
                Json before = states.set(changed.index(), changed.state());
                assertThat(before.asObject().get("id"))
                        .isEqualTo(changed.state().get("id"));
            } else if (event instanceof RowSet.Moved moved) {
                Json same = states.remove(moved.from());
                assertThat(same).isEqualTo(moved.state());
                states.add(moved.to(), same);
            } else if (event instanceof RowSet.Removed removed) {
                Json gone = states.remove(removed.index());
                assertThat(Objects.requireNonNull(gone.asObject().get("id")).asString())
                        .isEqualTo(removed.row().id());
            }
        }

        synchronized JsonArray list() {
            return JsonArray.of(states);
        }
    }
}
