package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.scuttlebutt.json.Json;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowIndexTest {
    private final Doc doc = new Doc("A");

    @BeforeEach
    void fill() {
        set("bea", "ann");
        set("cat", "ann");
        set("dot", 7);
        set("eve", "bob");
        set("fox", null);
        doc.set("gus", Json.object("other", 1));
    }

    private void set(String id, Object owner) {
        doc.set(id, Json.object("owner", owner));
    }

    private static List<String> ids(List<Row> rows) {
        return rows.stream().map(Row::id).toList();
    }

    @Test
    void rows_areFoundByValue_andKeptUpToDate() {
        RowIndex index = doc.createIndex("owner");
        set("ada", "ann");
        set("eve", "ann");
        doc.remove("cat");

        assertThat(ids(index.rows("ann"))).containsExactly("ada", "bea", "eve");
        assertThat(ids(index.rows(7))).containsExactly("dot");
        assertThat(ids(index.rows(null))).containsExactly("fox");
        assertThat(index.rows("7")).isEmpty();
        assertThat(index.rows("bob")).isEmpty();
        assertThat(index.count("ann")).isEqualTo(3);
        assertThat(index.count("bob")).isZero();
        assertThat(index.size()).isEqualTo(5);
        assertThat(index.field()).isEqualTo("owner");
    }

    @Test
    void values_areTheDifferentOnesInOrder() {
        RowIndex index = doc.createIndex("owner");

        assertThat(index.values()).containsExactly(Json.of(7), Json.of("ann"), Json.of("bob"), Json.NULL);
        assertThat(ids(index.rows())).containsExactly("dot", "bea", "cat", "eve", "fox");
        assertThat(doc.createIndex("nothing").values()).isEmpty();
    }

    @Test
    void between_isARangeOfValues() {
        RowIndex index = doc.createIndex("owner");

        assertThat(ids(index.between("a", "b"))).containsExactly("bea", "cat");
        assertThat(ids(index.between("ann", "bob"))).containsExactly("bea", "cat");
        assertThat(ids(index.between(0, "z"))).containsExactly("dot", "bea", "cat", "eve");
        assertThat(index.between("z", "a")).isEmpty();
    }

    @Test
    void index_isShared_untilItIsClosed() {
        RowIndex index = doc.createIndex("owner");
        assertThat(doc.createIndex("owner")).isSameAs(index);
        index.close();
        index.close();

        assertThatIllegalStateException().isThrownBy(index::size).withMessageContaining("closed");
        assertThat(doc.createIndex("owner").size()).isEqualTo(5);
    }
}
