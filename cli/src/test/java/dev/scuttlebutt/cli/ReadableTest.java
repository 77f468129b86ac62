package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadableTest {
    private final Readable plain = new Readable(new Style(false));

    @Test
    void members_areAligned() {
        assertThat(plain.result(Json.object("a", 1, "longer key", Json.array("x", null))))
                .isEqualTo("a             1\n\"longer key\"  [\"x\",null]\n");
    }

    @Test
    void objects_areATable() {
        assertThat(plain.result(
                        Json.array(Json.object("id", "a", "n", 1), Json.object("id", null, "error", "lost it"))))
                .isEqualTo("id  n  error\na   1  -\n-   -  lost it\n");
    }

    @Test
    void items_areLines() {
        assertThat(plain.result(Json.array(1, "two", Json.array()))).isEqualTo("1\n\"two\"\n[]\n");
    }

    @Test
    void emptyAndScalars_areJson() {
        assertThat(plain.result(Json.array())).isEqualTo("[]\n");
        assertThat(plain.result(Json.object())).isEqualTo("{}\n");
        assertThat(plain.result(Json.NULL)).isEqualTo("null\n");
        assertThat(plain.result(Json.of("a b"))).isEqualTo("\"a b\"\n");
    }

    @Test
    void whatATerminalWouldObey_isSpelledOut() {
        String hostile = "\u001b[2J\u009b31m\u007f\u202e";

        assertThat(plain.result(Json.of(hostile))).isEqualTo("\"\\u001b[2J\\u009b31m\\u007f\\u202e\"\n");
        assertThat(plain.result(Json.array(Json.object(hostile, hostile))))
                .doesNotContain("\u001b", "\u009b", "\u007f", "\u202e");
        assertThat(plain.event("change", Json.of(hostile))).doesNotContain("\u001b", "\u009b");
    }

    @Test
    void colours_areUsedOnlyWhereWelcome() {
        assertThat(new Readable(new Style(true)).result(Json.object("a", 1))).contains("\u001b[36m");
        assertThat(io(true, Map.of("TERM", "xterm")).colours()).isTrue();
        assertThat(io(true, Map.of("TERM", "xterm", "NO_COLOR", "1")).colours()).isFalse();
        assertThat(io(true, Map.of("TERM", "dumb")).colours()).isFalse();
        assertThat(io(false, Map.of("TERM", "xterm")).colours()).isFalse();
    }

    private static Io io(boolean terminal, Map<String, String> environment) {
        Io io = Cli.io(
                java.io.InputStream.nullInputStream(),
                java.io.OutputStream.nullOutputStream(),
                new java.io.StringWriter());
        return new Io(io.in(), io.out(), io.err(), terminal, environment, io.ending());
    }
}
