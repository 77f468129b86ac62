package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code --events} prints: the names and the order of the original. */
class NodeEventsTest {
    @Test
    void model_tellsWhatTheOriginalTells() {
        assertThat(run(
                        "model",
                        "apply [[\"k\",1],5,\"a\"]",
                        "apply [[\"k\",2],6,\"b\"]",
                        "apply [[\"k\",2],6,\"b\"]",
                        "apply [3,7,\"b\"]"))
                .containsExactly(
                        "{\"event\":\"update\",\"data\":[[\"k\",1],5,\"a\"]}",
                        "{\"event\":\"change\",\"data\":[\"k\",1]}",
                        "{\"event\":\"_update\",\"data\":[[\"k\",1],5,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"_remove\",\"data\":[[\"k\",1],5,\"a\"]}",
                        "{\"event\":\"update\",\"data\":[[\"k\",2],6,\"b\"]}",
                        "{\"event\":\"change\",\"data\":[\"k\",2]}",
                        "{\"event\":\"_update\",\"data\":[[\"k\",2],6,\"b\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"old_data\",\"data\":[[\"k\",2],6,\"b\"]}",
                        "{\"ok\":\"stale\"}",
                        "{\"event\":\"invalid\",\"data\":[\"a change of a model is [key, value] with a text for key\",[3,7,\"b\"]]}",
                        "{\"ok\":\"invalid\"}");
    }

    @Test
    void events_areShownUnderOneName() {
        assertThat(run("events", "apply [[\"_update\",{\"x\":1},2],5,\"a\"]"))
                .containsExactly(
                        "{\"event\":\"emit\",\"data\":[\"_update\",{\"x\":1},2]}",
                        "{\"event\":\"_update\",\"data\":[[\"_update\",{\"x\":1},2],5,\"a\"]}",
                        "{\"ok\":\"applied\"}");
    }

    @Test
    void value_tellsLosersApart() {
        assertThat(run("value", "apply [\"new\",6,\"a\"]", "apply [\"old\",5,\"b\"]"))
                .containsExactly(
                        "{\"event\":\"change\",\"data\":\"new\"}",
                        "{\"event\":\"update\",\"data\":\"new\"}",
                        "{\"event\":\"_update\",\"data\":[\"new\",6,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"update\",\"data\":\"old\"}",
                        "{\"event\":\"_remove\",\"data\":[\"old\",5,\"b\"]}",
                        "{\"event\":\"_update\",\"data\":[\"old\",5,\"b\"]}",
                        "{\"ok\":\"applied\"}");
    }

    @Test
    void doc_tellsWhatHappensToRows() {
        assertThat(run(
                        "doc",
                        "apply [[\"r\",{\"x\":1}],5,\"a\"]",
                        "apply [[\"r\",{\"x\":2}],6,\"a\"]",
                        "apply [[\"r\",null],7,\"b\"]"))
                .containsExactly(
                        "{\"event\":\"add\",\"data\":{\"id\":\"r\",\"x\":1}}",
                        "{\"event\":\"create\",\"data\":{\"id\":\"r\",\"x\":1}}",
                        "{\"event\":\"update\",\"data\":[[\"r\",{\"x\":1}],5,\"a\"]}",
                        "{\"event\":\"row_update\",\"data\":{\"id\":\"r\",\"x\":1}}",
                        "{\"event\":\"_update\",\"data\":[[\"r\",{\"x\":1}],5,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"_remove\",\"data\":[[\"r\",{\"x\":1}],5,\"a\"]}",
                        "{\"event\":\"update\",\"data\":[[\"r\",{\"x\":2}],6,\"a\"]}",
                        "{\"event\":\"row_update\",\"data\":{\"id\":\"r\",\"x\":2}}",
                        "{\"event\":\"_update\",\"data\":[[\"r\",{\"x\":2}],6,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"_remove\",\"data\":[[\"r\",{\"x\":2}],6,\"a\"]}",
                        "{\"event\":\"remove\",\"data\":{\"id\":\"r\"}}",
                        "{\"event\":\"update\",\"data\":[[\"r\",null],7,\"b\"]}",
                        "{\"event\":\"_update\",\"data\":[[\"r\",null],7,\"b\"]}",
                        "{\"ok\":\"applied\"}");
    }

    @Test
    void bucket_tellsWhatHappensInItsParts_byTheirNames() {
        assertThat(run(
                        "bucket",
                        "apply [[\"m\",[\"k\",1]],5,\"a\"]",
                        "part m model",
                        "part sub bucket",
                        "sub: part v value",
                        "apply [[\"sub\",[\"v\",\"x\"]],6,\"a\"]",
                        "apply [[\"m\",7],7,\"a\"]"))
                .containsExactly(
                        "{\"event\":\"missing\",\"data\":\"m\"}",
                        "{\"event\":\"_update\",\"data\":[[\"m\",[\"k\",1]],5,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"m: update\",\"data\":[[\"k\",1],5,\"a\"]}",
                        "{\"event\":\"m: change\",\"data\":[\"k\",1]}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"event\":\"sub: v: change\",\"data\":\"x\"}",
                        "{\"event\":\"sub: v: update\",\"data\":\"x\"}",
                        "{\"event\":\"_update\",\"data\":[[\"sub\",[\"v\",\"x\"]],6,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"invalid\",\"data\":[\"a change of a model is [key, value] with a text for key\","
                                + "[[\"m\",7],7,\"a\"]]}",
                        "{\"ok\":\"invalid\"}");
    }

    @Test
    void boat_tellsWhatHappensInItsDocuments_byTheirKeys() {
        assertThat(run(
                        "boat",
                        "apply [[\"__manifest__\",[\"r\",{\"key\":\"plan\",\"type\":\"Model\"}]],5,\"a\"]",
                        "apply [[\"plan\",[\"k\",1]],6,\"a\"]",
                        "apply [[\"__manifest__\",[\"s\",{\"key\":5,\"type\":\"Model\"}]],7,\"a\"]",
                        "apply [[\"later\",[\"k\",1]],8,\"a\"]"))
                .containsExactly(
                        "{\"event\":\"create\",\"data\":\"plan\"}",
                        "{\"event\":\"_update\",\"data\":[[\"__manifest__\",[\"r\",{\"key\":\"plan\",\"type\":\"Model\"}]],5,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"plan: update\",\"data\":[[\"k\",1],6,\"a\"]}",
                        "{\"event\":\"plan: change\",\"data\":[\"k\",1]}",
                        "{\"event\":\"_update\",\"data\":[[\"plan\",[\"k\",1]],6,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"ignored\",\"data\":{\"id\":\"s\",\"key\":5,\"type\":\"Model\"}}",
                        "{\"event\":\"_update\",\"data\":[[\"__manifest__\",[\"s\",{\"key\":5,\"type\":\"Model\"}]],7,\"a\"]}",
                        "{\"ok\":\"applied\"}",
                        "{\"event\":\"missing\",\"data\":\"later\"}",
                        "{\"event\":\"_update\",\"data\":[[\"later\",[\"k\",1]],8,\"a\"]}",
                        "{\"ok\":\"applied\"}");
    }

    @Test
    void boat_tellsWhichDocumentsAreOfAnotherTypeNow() {
        assertThat(run(
                        "boat",
                        "apply [[\"__manifest__\",[\"s\",{\"key\":\"plan\",\"type\":\"Value\"}]],6,\"b\"]",
                        "apply [[\"__manifest__\",[\"r\",{\"key\":\"plan\",\"type\":\"Model\"}]],5,\"a\"]"))
                .containsSubsequence(
                        "{\"event\":\"replaced\",\"data\":[\"plan\",\"Model\"]}",
                        "{\"event\":\"create\",\"data\":\"plan\"}");
    }

    @Test
    void withoutTheOption_nothingIsTold() {
        assertThat(Cli.node("model", "apply [[\"k\",1],5,\"a\"]")).containsExactly("{\"ok\":\"applied\"}");
    }

    private static List<String> run(String type, String... lines) {
        byte[] input = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        return Cli.run(input, "node", "--type", type, "--events").lines();
    }
}
