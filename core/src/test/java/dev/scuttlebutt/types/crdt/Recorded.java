package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the recordings have in common. */
final class Recorded {
    private Recorded() {}

    static List<String> texts(Json array) {
        return array.asArray().stream().map(Json::asString).toList();
    }

    /** The sets and the sequence that the recorded replicas had. */
    static final class Views {
        final Doc doc;
        private final JsonObject expected;
        private final Map<String, RowSet> sets = new HashMap<>();
        private final @Nullable RowSequence sequence;

        Views(Doc doc, JsonObject record) {
            this.doc = doc;
            this.expected = Vectors.member(record, "final").asObject();
            if (expected.get("sets") instanceof JsonObject byValue) {
                byValue.keys().forEach(value -> sets.put(value, doc.createSet("type", value)));
            }
            sequence = expected.has("seq") ? doc.createSequence("list", "todo") : null;
        }

        void check() {
            assertThat(doc.toJson()).isEqualTo(Vectors.member(expected, "json"));
            sets.forEach((value, set) -> assertThat(set.ids())
                    .isEqualTo(texts(
                            Vectors.member(Vectors.member(expected, "sets").asObject(), value))));
            if (sequence != null) {
                assertThat(sequence.ids()).isEqualTo(texts(Vectors.member(expected, "seq")));
            }
        }
    }
}
