package dev.scuttlebutt.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.Vectors;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories of kv, {@code types/kv.jsonl}. */
class KvDirectoryTest {
    @TempDir
    Path folder;

    static Stream<JsonObject> paths() {
        return Vectors.typeLines("kv.jsonl").stream()
                .filter(record -> Vectors.text(record, "kind").equals("kv-path"));
    }

    private static JsonObject script() {
        return Vectors.typeLines("kv.jsonl").stream()
                .filter(record -> Vectors.text(record, "kind").equals("kv-script"))
                .findFirst()
                .orElseThrow();
    }

    private KvDirectory directory() {
        return KvDirectory.at(folder);
    }

    private void write(JsonObject files) throws IOException {
        for (var file : files.entries()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue().asString());
        }
    }

    @Test
    void allRecordings_arePlayed() {
        assertThat(paths()).hasSize(45);
        assertThat(Vectors.typeLines("kv.jsonl")).hasSize(46);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void name_hasTheFileOfTheOriginal(JsonObject record) {
        String name = Vectors.text(record, "key");
        if (Vectors.member(record, "file").isNull()) {
            assertThatThrownBy(() -> directory().file(name)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(directory().file(name)).isEqualTo(folder.resolve(Vectors.text(record, "file")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "\ud800", "a\udc00b", "\udfff"})
    void nameThatNoFileCanHave_isRefused(String name) {
        assertThatThrownBy(() -> directory().file(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesOfLettersAndDigits_standForThemselves() {
        assertThat(directory().file("azAZ09-_.!~*'()")).hasFileName("azAZ09-_.!~*'()");
        assertThat(directory().file("@[`{/:")).hasFileName("%40%5B%60%7B%2F%3A");
    }

    @Test
    void longName_isRefusedByItsEncodedLength() {
        assertThat(directory().file("a".repeat(255))).hasFileName("a".repeat(255));
        assertThatThrownBy(() -> directory().file("a".repeat(256))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> directory().file("é".repeat(43))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void list_namesEachDocumentOnce_untilItIsDeleted() throws Exception {
        assertThat(directory().exists()).isFalse();
        for (Json step : Vectors.member(script(), "steps").asArray()) {
            write(Vectors.member(step.asObject(), "files").asObject());
            String last = Vectors.text(Vectors.member(step.asObject(), "do").asObject(), "op");
            if (last.equals("del")) {
                assertThat(directory().names()).containsExactly("r/1");
            } else {
                assertThat(directory().names()).startsWith("doc").doesNotHaveDuplicates();
            }
        }
        assertThat(directory().exists()).isTrue();
    }

    @Test
    void tornList_givesWhatItHas() throws Exception {
        write(Json.object(
                "02/__list", "[\"put\",\"a\"]\n[\"put\"]\n[\"put\",\"\\ud800\",1]\n{}\n[\"put\",\"b", "86/a", ""));

        assertThat(directory().names()).containsExactly("a");
    }

    @Test
    void document_isLoaded() throws Exception {
        Model model = new Model("A");
        model.set("x", 1);
        Files.createDirectories(directory().file("doc").getParent());
        FileJournal.save(directory().file("doc"), model);
        Model again = new Model();
        LoadReport report = directory().load("doc", again);

        assertThat(report.synced()).isTrue();
        assertThat(again.toJson()).isEqualTo(model.toJson());
        assertThatThrownBy(() -> directory().load("missing", again)).isInstanceOf(IOException.class);
    }
}
