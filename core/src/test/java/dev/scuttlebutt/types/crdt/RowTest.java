package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SettableTime;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowTest {
    private final Doc doc = new Doc(ReplicaOptions.defaults().id("A").time(new SettableTime(100)));

    private void apply(String text) {
        doc.apply(Update.parse(text));
    }

    @Test
    void row_knowsWhetherItExists_andItsState() {
        Row row = doc.row("r");
        assertThat(doc.has("r")).isFalse();
        row.set("x", 1);

        assertThat(doc.has("r")).isTrue();
        assertThat(row).hasToString("{\"id\":\"r\",\"x\":1}");
        assertThat(row).isEqualTo(doc.row("r")).hasSameHashCodeAs(doc.row("r"));
        assertThat(row).isNotEqualTo(doc.row("s")).isNotEqualTo(new Doc("A").row("r"));
    }

    @Test
    void rows_areListedById() {
        List<String> ids = List.of("b", "10", "a", "é", "B", "9", "c1", "c");
        ids.forEach(id -> doc.set(id, Json.object("x", 1)));

        assertThat(doc.rows())
                .extracting(Row::id)
                .isEqualTo(ids.stream().sorted().toList());
    }

    @Test
    void listenerThatIsTakenAway_leavesTheOthersOfTheSameRow() {
        List<String> heard = new ArrayList<>();
        Subscription first = doc.row("r").onChange(event -> heard.add("first"));
        Subscription second = doc.row("r").onChange(event -> heard.add("second"));
        doc.row("s").onChange(event -> heard.add("s"));
        doc.set("r", Json.object("x", 1));
        first.close();
        doc.set("r", Json.object("x", 2));
        second.close();
        second.close();
        doc.set("r", Json.object("x", 3));
        doc.set("s", Json.object("x", 3));

        assertThat(heard).containsExactly("first", "second", "second", "s");
    }

    @Test
    void remove_ofARowThatWasDeletedLater_isTheLastDeletion() {
        apply("[[\"r\",null],500,\"Z\"]");
        doc.remove("r");

        assertThat(doc.clock().latest("A")).isEqualTo(Math.nextUp(500.0));
        assertThat(doc.history()).hasSize(1).first().extracting(Update::source).isEqualTo("A");
    }

    /** A deleted row shows as long as a field written since is other than null, however they came. */
    @Test
    void nullsWrittenSinceADeletion_areCounted_whenTheDeletionComesLate() {
        apply("[[\"r\",{\"x\":null,\"y\":1,\"z\":null}],3,\"Z\"]");
        apply("[[\"r\",{\"x\":null}],4,\"Z\"]");
        apply("[[\"r\",null],2,\"Y\"]");
        assertThat(doc.has("r")).isTrue();
        apply("[[\"r\",{\"y\":null}],5,\"Z\"]");
        assertThat(doc.has("r")).isFalse();
        apply("[[\"r\",{\"z\":0}],6,\"Z\"]");
        assertThat(doc.has("r")).isTrue();
        apply("[[\"r\",null],3.5,\"Y\"]");
        assertThat(doc.row("r").toJson()).isEqualTo(Json.object("id", "r", "x", null, "y", null, "z", 0));
        apply("[[\"r\",{\"z\":null}],7,\"Z\"]");

        assertThat(doc.has("r")).isFalse();
        assertThat(doc.size()).isZero();
    }

    @Test
    void nullsAlone_whenTheDeletionComesLate_hideTheRow() {
        apply("[[\"r\",{\"w\":1}],1,\"Z\"]");
        apply("[[\"r\",{\"x\":null,\"y\":null}],3,\"Z\"]");
        assertThat(doc.has("r")).isTrue();
        apply("[[\"r\",null],2,\"Y\"]");

        assertThat(doc.has("r")).isFalse();
    }
}
