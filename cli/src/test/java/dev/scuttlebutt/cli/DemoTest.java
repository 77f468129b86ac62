package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Store;
import org.junit.jupiter.api.Test;

class DemoTest {
    @Test
    void once_itShowsEverythingAndEnds() {
        Cli.Result result = Cli.run("demo", "--once");

        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.lines()).last().isEqualTo("All replicas are equal.");
        assertThat(result.lines()).hasSizeLessThan(40);
        assertThat(result.out())
                .contains("bob  {\"party\":\"picnic\",\"day\":\"Saturday\",\"food\":[\"bread\",\"cheese\"]}")
                .contains(
                        "bob  {\"party\":\"picnic\",\"day\":\"Monday\",\"food\":[\"bread\",\"cheese\"],\"place\":\"by the lake\"}")
                .contains("Cleo hears \"I do\"")
                .doesNotContain("\u001b");
    }

    @Test
    void stalledPeer_isSentLittleOfWhatWasWritten() {
        String line = Cli.run("demo", "--once")
                .out()
                .lines()
                .filter(text -> text.contains("nothing else for Dan"))
                .findFirst()
                .orElseThrow();

        assertThat(Integer.parseInt(line.replaceAll(".*sent ([0-9]+)\\.", "$1")))
                .isLessThan(20_000);
        assertThat(Integer.parseInt(line.replaceAll(".*holds ([0-9]+) updates.*", "$1")))
                .isEqualTo(14);
    }

    @Test
    void documents_areOfEveryKindThatThePageShows() throws Exception {
        try (Store store = Store.open(new MemoryStorage(), DocumentTypes.schema());
                DemoDocuments documents = DemoDocuments.fill(store)) {
            assertThat(documents.names().map(name -> name.split("/")[0]))
                    .containsExactlyInAnyOrder("string", "edit", "array", "doc", "model", "events");
        }
    }
}
