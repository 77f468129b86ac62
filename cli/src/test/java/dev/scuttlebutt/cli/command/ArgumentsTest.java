package dev.scuttlebutt.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.json.Json;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Ada | \"Ada\"",
                "\"Ada\" | \"Ada\"",
                "true | true",
                "false | false",
                "null | null",
                "truer | \"truer\"",
                "-1.50e1 | -15",
                "[1, {\"a\":null}] | [1,{\"a\":null}]",
                "+1 | \"+1\"",
                ".5 | \".5\"",
                "'a' | \"'a'\""
            })
    void value_isJsonWhereTheWordStartsLikeIt(String word, String json) throws CommandException {
        assertThat(of("VALUE", word).value(0)).hasToString(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "-x", "1.2.3", "007", "12:30", "[1,]", "{\"a\"}", "\"\\x\""})
    void malformedJson_isRefusedByName(String word) {
        assertRefused(() -> of("VALUE", word).value(0), "VALUE starts like JSON and is none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "1", "-3", "true", "false", "null", "1.5"})
    void text_canBeAnyWordThatJavaScriptSpellsTheSame(String word) throws CommandException {
        assertThat(of("KEY", word).text(0)).isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e3", "1.0", "-0", "12345678901234567890", "[1]", "{}"})
    void text_thatWouldChange_needsQuotes(String word) {
        assertRefused(() -> of("KEY", word).text(0), "KEY is to be a text");
    }

    @Test
    void word_isTakenAsItStands() throws CommandException {
        assertThat(of("HOST:PORT", "127.0.0.1:7000").word(0)).isEqualTo("127.0.0.1:7000");
    }

    @Test
    void integer_refusesWhatIsNone() throws CommandException {
        assertThat(of("INDEX", "-7").integer(0)).isEqualTo(-7);
        for (String word : new String[] {"1.5", "x", "\"1\"", "3000000000", "null"}) {
            assertRefused(() -> of("INDEX", word).integer(0), "INDEX is to be a whole number, found " + word);
        }
    }

    @Test
    void object_refusesWhatIsNone() throws CommandException {
        assertThat(of("ROW", "{\"a\": 1}").object(0)).isEqualTo(Json.object("a", 1));
        assertRefused(() -> of("ROW", "[]").object(0), "ROW is to be an object, found []");
    }

    @Test
    void clock_wantsNumbers() throws CommandException {
        assertThat(of("CLOCK", "{\"a\":1.5}").clock(0)).isEqualTo(Clock.of(Map.of("a", 1.5)));
        assertRefused(() -> of("CLOCK", "{\"a\":\"1\"}").clock(0), "CLOCK is to have numbers for timestamps");
        assertRefused(() -> of("CLOCK", "3").clock(0), "CLOCK is to be an object");
    }

    @Test
    void seconds_haveADefaultAndBounds() throws CommandException {
        assertThat(of("[SECONDS]").seconds(0, Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
        assertThat(of("[SECONDS]", "0.25").seconds(0, Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
        assertRefused(() -> of("[SECONDS]", "-1").seconds(0, Duration.ZERO), "SECONDS is to be from 0 to");
        assertRefused(() -> of("[SECONDS]", "1e10").seconds(0, Duration.ZERO), "SECONDS is to be from 0 to");
        assertRefused(() -> of("[SECONDS]", "soon").seconds(0, Duration.ZERO), "SECONDS is to be a number");
    }

    @Test
    void longWords_areShortenedInErrors() {
        assertThatThrownBy(() -> of("INDEX", "x".repeat(1000)).integer(0))
                .hasMessage("INDEX is to be a whole number, found " + "x".repeat(40) + "…");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 1 | x takes no argument, found one argument",
                "KEY | 0 | x takes KEY, found none",
                "KEY VALUE | 3 | x takes KEY VALUE, found 3 arguments; a text with blanks needs \"quotes\"",
                "[CLOCK] | 2 | x takes [CLOCK], found 2 arguments; a text with blanks needs \"quotes\"",
                "NAME DATA… | 0 | x takes NAME DATA…, found none"
            })
    void wrongNumber_isRefusedWithTheUsage(String usage, int count, String message) {
        assertThatThrownBy(() -> Usage.of(usage).check("x", count)).hasMessage(message);
    }

    @Test
    void repeatedArgument_mayBeLeftOut() throws CommandException {
        Usage usage = Usage.of("NAME DATA…");

        usage.check("emit", 1);
        usage.check("emit", 100);
        assertThat(usage.name(99)).isEqualTo("DATA");
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(CommandException.class).hasMessageContaining(message);
    }

    private static Arguments of(String usage, String... words) throws CommandException {
        return new Arguments(
                Usage.of(usage), Words.of("command " + String.join(" ", words)).rest());
    }
}
