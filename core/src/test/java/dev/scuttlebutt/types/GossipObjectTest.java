package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scuttlebutt.Heard;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GossipObjectTest {
    private final SettableTime time = new SettableTime(100);
    private final GossipObject object = object("A");

    record Address(String street, int number) {}

    private GossipObject object(String id) {
        return new GossipObject(ReplicaOptions.defaults().id(id).time(time));
    }

    private static Update write(String path, Object value, double timestamp, String source) {
        return Update.of(Json.array(Json.array(Json.array((Object[]) path.split("\\.")), value)), timestamp, source);
    }

    private static Update delete(String path, double timestamp, String source) {
        return Update.of(Json.array(Json.array(Json.array((Object[]) path.split("\\.")))), timestamp, source);
    }

    // Everyday

    @Test
    void set_byPath_makesObjects_deleteTakesThemAway() {
        object.set("name", "Ada");
        object.set(List.of("address", "street"), "St James's Square");
        object.set(List.of("address", "number"), 12);
        assertThat(object.get(List.of("address"), Address.class)).isEqualTo(new Address("St James's Square", 12));
        assertThat(object.get("address", "number")).isEqualTo(Json.of(12));
        object.delete(List.of("address", "street"));
        object.delete(List.of("address", "number"));

        assertThat(object.toJson()).hasToString("{\"name\":\"Ada\"}");
        assertThat(object.get("address")).isNull();
    }

    @Test
    void set_ofAParent_wipesWhatIsBelow_andTheOtherWayRound() {
        object.set(List.of("a", "b"), 1);
        object.set("a", 2);
        assertThat(object.toJson()).hasToString("{\"a\":2}");
        object.set(List.of("a", "c"), 3);
        assertThat(object.toJson()).hasToString("{\"a\":{\"c\":3}}");
        object.delete(List.of("a", "c", "x"));

        assertThat(object.toJson()).as("a deletion below a value removes it").isEqualTo(Json.object());
    }

    @Test
    void transaction_isOneUpdate() {
        Heard heard = Heard.from(object);
        object.set("n", 0);
        object.transact().set(List.of("p"), 1).delete(List.of("n")).execute();

        assertThat(object.toJson()).hasToString("{\"p\":1}");
        assertThat(object.history()).hasSize(1);
        assertThat(object.history().get(0).change()).hasToString("[[[\"p\"],1],[[\"n\"]]]");
        GossipObject.Changed changed = heard.all(GossipObject.Changed.class).get(1);
        assertThat(changed.before()).hasToString("{\"n\":0}");
        assertThat(changed.after()).hasToString("{\"p\":1}");
    }

    @Test
    @Timeout(60)
    void transactionOfVeryManyChanges_isOneUpdateToo() {
        GossipObject.Transaction transaction = object.transact();
        for (int i = 0; i < 200_000; i++) {
            transaction.set(List.of("a", "k" + i), i);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> transaction.set(List.of("a"), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> transaction.delete(List.of("a", "k7", "below")));
        transaction.execute();

        assertThat(object.history()).hasSize(1);
        assertThat(object.get("a").asObject().size()).isEqualTo(200_000);
    }

    @Test
    void set_winsOverWhatItsUserSaw_whenTheOwnClockIsBehind() {
        object.apply(write("a.b", 1, 5000, "S"));
        object.set("a", 2);
        assertThat(object.get("a")).isEqualTo(Json.of(2));
        object.set(List.of("a", "b", "c"), 3);

        assertThat(object.get("a", "b", "c")).isEqualTo(Json.of(3));
    }

    @Test
    void whatCannotBeWritten_isRefused_andNothingIsRecorded() {
        for (Object value : List.of(List.of(), Map.of(), new int[] {1})) {
            assertThatIllegalArgumentException().isThrownBy(() -> object.set("k", value));
        }
        for (List<String> path : List.of(List.<String>of(), List.of(""), List.of("a", "__proto__"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> object.set(path, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> object.delete(path));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> object.transact().set(List.of("a"), 1).set(List.of("a", "b"), 1))
                .withMessageContaining("contradict");

        assertThat(object.history()).isEmpty();
        assertThat(object.clock().isEmpty()).isTrue();
    }

    @Test
    void malformedUpdates_areRefusedWithoutTrace() {
        for (String change : List.of(
                "null",
                "[]",
                "{}",
                "[1]",
                "[[]]",
                "[[[]]]",
                "[[[1],1]]",
                "[[[\"a\"],{}]]",
                "[[[\"a\"],[]]]",
                "[[[\"\"],1]]",
                "[[[\"__proto__\"],1]]",
                "[[[\"a\"],\"ref\",1]]",
                "[[[\"a\"],1],[[\"b\"],[]]]")) {
            assertThat(object.apply(Update.parse("[" + change + ",10,\"S\"]")))
                    .as(change)
                    .isEqualTo(Outcome.INVALID);
        }
        Update endless = write(String.join(".", Collections.nCopies(1000, "a")), 1, 10, "S");
        assertThat(object.apply(endless)).isEqualTo(Outcome.INVALID);

        assertThat(object.clock().isEmpty()).isTrue();
    }

    // The weaknesses of the original

    /** GO-1: x at a.b, then y at a, then z at a.c: who saw y before z and who saw z first differed for ever. */
    @Test
    void go1_wiping_endsTheSameInEveryOrder() {
        List<Update> updates = List.of(write("a.b", "x", 1, "S"), write("a", "y", 2, "T"), write("a.c", "z", 3, "U"));
        for (List<Integer> order : List.of(
                List.of(0, 1, 2),
                List.of(0, 2, 1),
                List.of(1, 0, 2),
                List.of(1, 2, 0),
                List.of(2, 0, 1),
                List.of(2, 1, 0))) {
            GossipObject told = object("told");
            order.forEach(index -> told.apply(updates.get(index)));
            assertThat(told.toJson()).as("%s", order).hasToString("{\"a\":{\"c\":\"z\"}}");
            assertThat(told.history()).isEqualTo(updates);
        }
    }

    /** GO-2: superseded updates were not passed on, so those who came later could not know what had been wiped. */
    @Test
    void go2_whatWiped_isPassedOn_althoughItWasWipedItself() {
        object.apply(write("a.c", "z", 3, "U"));
        GossipObject other = object("B");
        other.apply(write("a.b", "x", 1, "S"));
        Pipe.connect(object, other);
        assertThat(object.apply(write("a", "y", 2, "T"))).isEqualTo(Outcome.APPLIED);

        assertThat(other.toJson()).isEqualTo(object.toJson()).hasToString("{\"a\":{\"c\":\"z\"}}");
    }

    /** GO-3: reading below null threw; below a text it read the properties of texts. */
    @Test
    void go3_readingBelowAValue_givesNothing() {
        object.set("null", null);
        object.set("text", "abc");

        assertThat(object.get("null")).isSameAs(Json.NULL);
        assertThat(object.get("null", "x")).isNull();
        assertThat(object.get("text", "length")).isNull();
        assertThat(object.get("text", "0")).isNull();
        assertThat(object.get(List.of("absent", "x"), String.class)).isNull();
    }

    /** GO-4: paths through constructor and prototype wrote to all objects of the process. */
    @Test
    void go4_namesOfJavaScript_areOrdinaryKeys() {
        object.apply(write("constructor.prototype.x", 1, 10, "S"));
        object.apply(write("toString.x", 1, 11, "S"));

        assertThat(object.toJson()).hasToString("{\"constructor\":{\"prototype\":{\"x\":1}},\"toString\":{\"x\":1}}");
        assertThat(object("B").toJson()).isEqualTo(Json.object());
    }

    /** GO-5: a transaction that was changed after it was executed changed the stored update. */
    @Test
    void go5_executedTransaction_isDone() {
        List<String> path = new ArrayList<>(List.of("a"));
        GossipObject.Transaction transaction = object.transact().set(path, 1);
        path.set(0, "changed");
        transaction.execute();
        transaction.set(List.of("b"), 2);

        assertThat(object.toJson()).hasToString("{\"a\":1}");
        assertThatIllegalStateException().isThrownBy(transaction::execute);
    }

    /** GO-6: an empty transaction used up a timestamp. */
    @Test
    void go6_emptyTransaction_isRefused() {
        assertThatIllegalStateException().isThrownBy(() -> object.transact().execute());

        assertThat(object.clock().isEmpty()).isTrue();
    }

    /** GO-7: nothing told that an update was not needed any more, so stores never shrank. */
    @Test
    void go7_updateWithoutEffect_leavesTheHistory() {
        for (int i = 0; i < 100; i++) {
            object.transact().set(List.of("a"), i).set(List.of("b"), i).execute();
        }
        object.set("a", "last");

        assertThat(object.history()).hasSize(2);
    }

    @Test
    void contradictionWithinAReceivedUpdate_goesToTheLaterChange() {
        object.apply(Update.parse("[[[[\"a\"],1],[[\"a\",\"b\"],2],[[\"c\"],3],[[\"c\"],4]],10,\"S\"]"));

        assertThat(object.toJson()).hasToString("{\"a\":{\"b\":2},\"c\":4}");
    }
}
