package dev.scuttlebutt.types.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against recordings of the library {@code between}. */
class BetweenTest {
    private static List<JsonObject> records(String kind) {
        List<JsonObject> records = Vectors.sequenceLines("between.jsonl").stream()
                .filter(record -> Vectors.text(record, "kind").equals(kind))
                .toList();
        assertThat(records).isNotEmpty();
        return records;
    }

    @Test
    void alphabet_isThatOfTheOriginal() {
        JsonObject record = records("alphabet").get(0);
        assertThat(Alphabet.LETTERS).isEqualTo(Vectors.text(record, "chars"));
        assertThat(Alphabet.letter(Alphabet.LOWEST)).hasToString(Vectors.text(record, "lo"));
        assertThat(Alphabet.letter(Alphabet.HIGHEST)).hasToString(Vectors.text(record, "hi"));
    }

    @Test
    void recordedPairs_giveTheRecordedMiddle() {
        for (JsonObject record : records("between")) {
            String lower = Vectors.text(record, "a");
            String upper = Vectors.text(record, "b");
            String middle = Between.of(lower, upper);
            assertThat(middle).as("%s", record).isEqualTo(Vectors.text(record, "out"));
            if (Alphabet.isJsSafe(lower) && Alphabet.isJsSafe(upper)) {
                assertThat(middle.compareTo(lower) > 0 && middle.compareTo(upper) < 0 && !upper.startsWith(middle))
                        .isTrue();
                assertThat(Alphabet.isJsSafe(middle)).isTrue();
            }
        }
    }

    @Test
    void pairsAtWhichTheOriginalHangs_areNoticed() {
        for (JsonObject record : records("hang")) {
            assertThat(Between.of(Vectors.text(record, "a"), Vectors.text(record, "b")))
                    .as("%s", record)
                    .isNull();
        }
    }

    @Test
    void recordedChains_giveTheRecordedKeys() {
        for (JsonObject record : records("chain")) {
            boolean append = Vectors.text(record, "direction").equals("append");
            JsonArray keys = Vectors.member(record, "keys").asArray();
            Json tails = Vectors.member(record, "tails");
            String last = append ? "!" : "~";
            for (int i = 0; i < keys.size(); i++) {
                String middle = append ? Between.of(last, "~") : Between.of("!", last);
                last = middle
                        + (tails.isNull()
                                ? ""
                                : tails.asArray()
                                        .get(i % tails.asArray().size())
                                        .asString());
                assertThat(last).isEqualTo(keys.get(i).asString());
            }
        }
    }
}
