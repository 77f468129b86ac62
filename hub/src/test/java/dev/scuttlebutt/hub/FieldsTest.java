package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that people write mean what they say, or are refused. */
class FieldsTest {
    @TempDir
    Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("file.json"), text);
    }

    @Test
    void knownFields_andFewerOfThem_pass() {
        Json object = Json.object("a", 1);

        assertThat(Fields.known(object.asObject(), "here", List.of("a", "b"))).isEqualTo(object);
        assertThat(Fields.known(Json.object().asObject(), "here", List.of("a")).size())
                .isZero();
    }

    @Test
    void otherField_isNamedWithItsPlaceAndWhatThereIs() {
        assertThatThrownBy(() -> Fields.known(Json.object("a", 1, "c", 2), "entry 3", List.of("a", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entry 3 has the field \"c\"; known are a, b");
    }

    private interface Reader {
        Object read(Path file) throws IOException;
    }

    private void assertRefused(String text, Reader reader, String said) throws IOException {
        Path file = write(text);

        assertThatThrownBy(() -> reader.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"token\":[]} | the file has the field \"token\"; known are tokens, anonymous",
                "{\"tokens\":[{\"token\":\"a\",\"right\":[]}]} | entry 1 of \"tokens\" has the field \"right\"",
                "{\"anonymous\":{\"name\":\"a\"}} | \"anonymous\" has the field \"name\"; known are read, write, admin",
                "{\"tokens\":[{\"read\":[]}]} | entry 1 of \"tokens\" has no \"token\"",
                "[] | expected an object, found an array",
            })
    void tokens_refuseWhatTheyDoNotKnow(String text, String said) throws IOException {
        assertRefused(text, Tokens::read, said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"peer\":[]} | the file has the field \"peer\"; known are peers",
                "{\"peers\":[{\"url\":\"http://a:1\",\"prefix\":[]}]} | an entry of \"peers\" has the field \"prefix\"",
                "{\"peers\":[{}]} | an entry of \"peers\" has no \"url\"",
            })
    void neighbours_refuseWhatTheyDoNotKnow(String text, String said) throws IOException {
        assertRefused(text, Neighbour::read, said);
    }

    @Test
    void fileThatIsNoText_isNamed() throws IOException {
        Path file = Files.write(folder.resolve("file.json"), new byte[] {'{', (byte) 0xFF, '}'});

        assertThatThrownBy(() -> Tokens.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": is no text in UTF-8");
        assertThatThrownBy(() -> Neighbour.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": is no text in UTF-8");
    }

    @Test
    void fileThatIsTooLong_isNotRead() throws IOException {
        Path file = write("{}" + " ".repeat(Fields.MAX_FILE_BYTES));

        assertThatThrownBy(() -> Tokens.read(file))
                .hasMessage(file + ": has more than " + Fields.MAX_FILE_BYTES + " bytes");
    }
}
