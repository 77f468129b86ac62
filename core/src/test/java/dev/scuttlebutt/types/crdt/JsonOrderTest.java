package dev.scuttlebutt.types.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JsonOrderTest {

    @Test
    void values_areOrderedByKindThenContent() {
        List<Json> ordered = Stream.of(
                        "false",
                        "true",
                        "-1e400",
                        "-1",
                        "0",
                        "0.5",
                        "1e21",
                        "\"\"",
                        "\"B\"",
                        "\"a\"",
                        "\"aa\"",
                        "\"\\ud83d\"",
                        "\"\\uffff\"",
                        "[]",
                        "[1]",
                        "[1,0]",
                        "[2]",
                        "{}",
                        "{\"a\":1}",
                        "{\"b\":0,\"a\":1}",
                        "{\"a\":2}",
                        "{\"b\":0}",
                        "null")
                .map(Json::parse)
                .toList();
        for (int i = 0; i < ordered.size(); i++) {
            for (int j = 0; j < ordered.size(); j++) {
                assertThat(Integer.signum(JsonOrder.INSTANCE.compare(ordered.get(i), ordered.get(j))))
                        .as("%s and %s", ordered.get(i), ordered.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void equalValues_areLevel() {
        assertThat(JsonOrder.INSTANCE.compare(Json.parse("[-0]"), Json.parse("[0]")))
                .isZero();
        assertThat(JsonOrder.INSTANCE.compare(Json.parse("{\"a\":1,\"b\":[2]}"), Json.parse("{\"b\":[2],\"a\":1}")))
                .isZero();
    }
}
