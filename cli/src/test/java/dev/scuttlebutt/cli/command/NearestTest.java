package dev.scuttlebutt.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KNOWN = List.of("set", "delete", "history");

    @Test
    void slip_findsTheNearest() {
        assertThat(Nearest.of("histroy", KNOWN)).contains("history");
        assertThat(Nearest.of("sett", KNOWN)).contains("set");
        assertThat(Nearest.of("delte", KNOWN)).contains("delete");
    }

    @Test
    void otherWord_findsNothing() {
        assertThat(Nearest.of("frobnicate", KNOWN)).isEmpty();
        assertThat(Nearest.of("", KNOWN)).isEmpty();
        assertThat(Nearest.of("history".repeat(1_000_000), KNOWN)).isEmpty();
    }

    @Test
    void unknownCommand_namesAllWhereNoneIsNear() {
        assertThat(Nearest.unknownCommand("xyz", KNOWN))
                .hasMessage("unknown command xyz; known are set, delete, history");
        assertThat(Nearest.unknownCommand("st", KNOWN)).hasMessage("unknown command st; did you mean set?");
    }
}
