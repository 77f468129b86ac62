package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.cli.command.Types;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A node alone, driven by lines. */
class NodeTest {
    static List<String> types() {
        return Types.names();
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyType_hasTheCommonCommands(String type) {
        assertThat(Cli.node(type, "id", "clock", "history", "sync", "peers", "quit"))
                .containsExactly(
                        "{\"ok\":\"me\"}",
                        "{\"ok\":{}}",
                        "{\"ok\":[]}",
                        "{\"ok\":true}",
                        "{\"ok\":[]}",
                        "{\"ok\":null}");
    }

    @Test
    void model_setGetDeleteKeysJson() {
        assertThat(Cli.node(
                        "model",
                        "set name \"Ada\"",
                        "set 10 {\"b\": 1, \"a\": [null, 1e2]}",
                        "set 2 word",
                        "get name",
                        "get 10",
                        "get nothing",
                        "delete name",
                        "get name",
                        "keys",
                        "json"))
                .containsExactly(
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":\"Ada\"}",
                        "{\"ok\":{\"b\":1,\"a\":[null,100]}}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":[\"2\",\"10\",\"name\"]}",
                        "{\"ok\":{\"2\":\"word\",\"10\":{\"b\":1,\"a\":[null,100]}}}");
    }

    @Test
    void events_emit() {
        assertThat(Cli.node("events", "emit hello", "emit say {\"to\": \"all\"} 1 two", "json"))
                .containsExactly(
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":[[\"hello\"],[\"say\",{\"to\":\"all\"},1,\"two\"]]}");
    }

    @Test
    void doc_rowsSetsSequences() {
        assertThat(Cli.node(
                        "doc",
                        "add {\"id\": \"milk\", \"list\": \"todo\"}",
                        "set milk {\"litres\": 2}",
                        "get milk",
                        "get nobody",
                        "push list buy {\"id\": \"a\"}",
                        "push list buy {\"id\": \"b\"}",
                        "before list buy {\"id\": \"c\"} b",
                        "after list buy {\"id\": \"d\"} b",
                        "sequence list buy",
                        "move list buy a after c",
                        "move list buy d before c",
                        "sequence list buy",
                        "move list buy nobody after c",
                        "move list buy a after milk",
                        "move list buy a near c",
                        "rm b",
                        "members list buy",
                        "members list todo",
                        "set milk {\"constructor\": 1}"))
                .containsExactly(
                        "{\"ok\":\"milk\"}",
                        "{\"ok\":null}",
                        "{\"ok\":{\"id\":\"milk\",\"list\":\"todo\",\"litres\":2}}",
                        "{\"ok\":null}",
                        "{\"ok\":\"a\"}",
                        "{\"ok\":\"b\"}",
                        "{\"ok\":\"c\"}",
                        "{\"ok\":\"d\"}",
                        "{\"ok\":[\"a\",\"c\",\"b\",\"d\"]}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":[\"d\",\"c\",\"a\",\"b\"]}",
                        "{\"error\":\"there is no row nobody\"}",
                        "{\"error\":\"milk is not in the sequence list buy\"}",
                        "{\"error\":\"move takes after or before, found near\"}",
                        "{\"ok\":null}",
                        "{\"ok\":[\"d\",\"c\",\"a\"]}",
                        "{\"ok\":[\"milk\"]}",
                        "{\"error\":\"a field cannot be called constructor: every JavaScript object has a member of that name,"
                                + " so JavaScript peers would ignore the field\"}");
    }

    @Test
    void expiryModel_keepsNoMoreThanItsBounds() {
        byte[] input = "set a 1\nset b 2\nset c 3\nkeys\napply [[\"old\",1],1000,\"peer\"]\njson\n"
                .getBytes(StandardCharsets.UTF_8);
        String[] node = {"node", "--type", "expiry-model", "--max", "2", "--max-age", "60000"};

        assertThat(Cli.run(input, node).lines())
                .endsWith("{\"ok\":[\"c\",\"b\"]}", "{\"ok\":\"ignored\"}", "{\"ok\":{\"c\":3,\"b\":2}}");
    }

    @Test
    void value_setGet() {
        assertThat(Cli.node("value", "get", "json", "set [1, 2]", "get", "set null", "json", "set done", "get"))
                .containsExactly(
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":[1,2]}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":null}",
                        "{\"ok\":\"done\"}");
    }

    @Test
    void apply_tellsWhatBecameOfTheUpdate() {
        assertThat(Cli.node(
                        "model",
                        "apply [[\"k\",\"v\"], 5, \"peer\"]",
                        "apply [[\"k\",\"v\"],5,\"peer\"]",
                        "apply [[\"k\",\"older\"],4,\"other\"]",
                        "apply [7,6,\"peer\"]",
                        "apply [1,2]",
                        "apply word",
                        "history",
                        "history {\"peer\":5}",
                        "json"))
                .containsExactly(
                        "{\"ok\":\"applied\"}",
                        "{\"ok\":\"stale\"}",
                        "{\"ok\":\"ignored\"}",
                        "{\"ok\":\"invalid\"}",
                        "{\"error\":\"an update is [change, timestamp, source], with a number and a text; found [1,2]\"}",
                        "{\"error\":\"an update is [change, timestamp, source], with a number and a text; found \\\"word\\\"\"}",
                        "{\"ok\":[[[\"k\",\"v\"],5,\"peer\"]]}",
                        "{\"ok\":[]}",
                        "{\"ok\":{\"k\":\"v\"}}");
    }

    @Test
    void await_isTrueOrNamesWhatIsMissing() {
        assertThat(Cli.node(
                        "model",
                        "apply [[\"k\",\"v\"],5.5,\"peer\"]",
                        "await {\"peer\":5.5}",
                        "await {}",
                        "await {\"peer\":6,\"other\":1} 0"))
                .containsExactly(
                        "{\"ok\":\"applied\"}",
                        "{\"ok\":true}",
                        "{\"ok\":true}",
                        "{\"error\":\"not reached within 0 s: peer is at 5.5, wanted 6; other is at nothing, wanted 1\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "set | set takes KEY VALUE, found none",
                "set a b c | set takes KEY VALUE, found 3 arguments; a text with blanks needs \\\"quotes\\\"",
                "sett a b | unknown command sett; did you mean set?",
                "emit a | unknown command emit; known are set, delete, get, keys, json, clock, history, id, apply, await,",
                "set a {\"b\" | the JSON that starts at column 7 has no end",
                "set a [1]2 | expected a blank behind the JSON that ends at column 9, found '2'",
                "set a 1.2.3 | VALUE starts like JSON and is none: ",
                "set [1] a | KEY is to be a text; ",
                "set __proto__ 1 | __proto__ cannot be a key",
                "history 5 | CLOCK is to be an object",
                "await {} soon | SECONDS is to be a number of seconds, found soon",
                "connect 7000 | expected HOST:PORT, found \\\"7000\\\": the port is missing",
                "connect a:0 | expected HOST:PORT, found \\\"a:0\\\": nobody listens on port 0",
                "disconnect 127.0.0.1:1 | no connection with 127.0.0.1:1",
                "help | unknown command help; ",
                "quit now | quit takes no argument, found one argument"
            })
    void mistake_isOneErrorAndChangesNothing(String line, String error) {
        List<String> answers = Cli.node("model", "set kept 1", line, "json", "clock");

        assertThat(answers).hasSize(4);
        assertThat(answers.get(1)).startsWith("{\"error\":\"" + error).endsWith("\"}");
        assertThat(answers.get(2)).isEqualTo("{\"ok\":{\"kept\":1}}");
        assertThat(answers.get(3)).startsWith("{\"ok\":{\"me\":");
    }

    @Test
    void textOfTheUser_isShortenedInErrors() {
        List<String> answers = Cli.node("model", "apply [" + "1,".repeat(100_000) + "1]", "x".repeat(100_000));

        assertThat(answers).hasSize(2).allMatch(answer -> answer.length() < 600);
    }

    @Test
    void blankLines_areNoCommands() {
        assertThat(Cli.node("value", "", "  \t", "get", "\r", "get\r"))
                .containsExactly("{\"ok\":null}", "{\"ok\":null}");
    }

    @Test
    void quit_endsBeforeTheRestOfTheInput() {
        assertThat(Cli.node("value", "quit", "get", "get")).containsExactly("{\"ok\":null}");
    }

    @Test
    void resultsWithLineBreaks_areOneLine() {
        assertThat(Cli.node("value", "set \"a\\nb\\u2028\\u0000\"", "get"))
                .containsExactly("{\"ok\":null}", "{\"ok\":\"a\\nb\u2028\\u0000\"}");
    }

    @Test
    void lastLineWithoutLineFeed_isACommand() {
        assertThat(Cli.run("id".getBytes(StandardCharsets.UTF_8), "node", "--type", "value", "--id", "a b")
                        .lines())
                .containsExactly("{\"ok\":\"a b\"}");
    }

    @Test
    void malformedUtf8_isOneErrorAndChangesNothing() {
        byte[] input = "set k \"?\"\njson\n".getBytes(StandardCharsets.UTF_8);
        input[7] = (byte) 0xFF;

        assertThat(Cli.run(input, "node", "--type", "model").lines())
                .containsExactly("{\"error\":\"line 1 is not UTF-8 from byte 8 on\"}", "{\"ok\":{}}");
    }

    @Test
    void hugeLine_isOneErrorAndTheNextIsRead() {
        byte[] input = ("set k \"" + "x".repeat(17 << 20) + "\"\njson\n").getBytes(StandardCharsets.UTF_8);

        assertThat(Cli.run(input, "node", "--type", "model").lines())
                .containsExactly("{\"error\":\"line 1 is longer than 16777216 bytes\"}", "{\"ok\":{}}");
    }

    @Test
    void deepNesting_isOneError() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        List<String> answers = Cli.node("value", "set " + deep, "get");

        assertThat(answers.get(0)).startsWith("{\"error\":\"VALUE starts like JSON and is none: ");
        assertThat(answers.get(1)).isEqualTo("{\"ok\":null}");
    }

    @Test
    void withoutId_eachReplicaHasItsOwn() {
        byte[] input = "id\n".getBytes(StandardCharsets.UTF_8);

        assertThat(Cli.run(input, "node", "--type", "model").out())
                .matches("\\{\"ok\":\"[0-9A-F]{32}\"}\n")
                .isNotEqualTo(Cli.run(input, "node", "--type", "model").out());
    }

    @Test
    void emptyInput_endsWithStatus0() {
        Cli.Result result = Cli.run("node", "--type", "model");

        assertThat(result).isEqualTo(new Cli.Result(0, "", ""));
    }

    @Test
    void listeners_areTheFirstLines() {
        byte[] input = "id\n".getBytes(StandardCharsets.UTF_8);
        List<String> lines = Cli.run(
                        input,
                        "node",
                        "--type",
                        "model",
                        "--id",
                        "me",
                        "--listen",
                        "127.0.0.1:0",
                        "--listen",
                        "localhost:0")
                .lines();

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("\\{\"listening\":\"127\\.0\\.0\\.1:[1-9][0-9]*\"}");
        assertThat(lines.get(1)).matches("\\{\"listening\":\"localhost:[1-9][0-9]*\"}");
        assertThat(lines.get(2)).isEqualTo("{\"ok\":\"me\"}");
    }
}
