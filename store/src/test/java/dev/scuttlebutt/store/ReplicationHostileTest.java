package dev.scuttlebutt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.store.Replication.Refusal;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that says what it should not ends its own connection, and nothing else. */
@Timeout(60)
class ReplicationHostileTest {
    private static final Schema SCHEMA =
            Schema.builder().prefix("", "model", Model::new).build();
    private static final String HASH = "0".repeat(32);

    private final Semaphore ready = new Semaphore(0);
    private final StringBuilder said = new StringBuilder();
    private Store store;
    private Replication side;

    @BeforeEach
    void open() throws IOException {
        store = Store.open(new MemoryStorage(), SCHEMA);
        try (Handle<Model> handle = store.open("m", Model.class).join()) {
            handle.replica().set("k", 1);
        }
    }

    @AfterEach
    void close() throws Exception {
        side.close();
        // Whatever was said, what was there is there.
        try (Handle<Model> handle = store.open("m", Model.class).join()) {
            assertThat(handle.replica().toJson()).hasToString("{\"k\":1}");
        }
        store.close();
    }

    /** Greets, and so makes our side lead or follow. */
    private void begin(boolean lead, ReplicationOptions options) throws ProtocolException {
        side = Replication.of(store, options, lead ? "f" : "0");
        side.onReady(ready::release);
        say("{\"replication\":1,\"nonce\":\"7\",\"tail\":true}");
    }

    private void follow() throws ProtocolException {
        begin(false, ReplicationOptions.defaults());
    }

    private void say(String... lines) throws ProtocolException {
        for (String line : lines) {
            side.receive(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Waits until our side has said something. */
    private void hear(String text) throws InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (said.indexOf(text) < 0) {
            buffer.clear();
            side.transmit(buffer);
            buffer.flip();
            if (buffer.hasRemaining()) {
                said.append(StandardCharsets.UTF_8.decode(buffer));
            } else {
                assertThat(ready.tryAcquire(20, TimeUnit.SECONDS))
                        .as("waited for %s, heard %s", text, said)
                        .isTrue();
            }
        }
    }

    private void assertRefused(String message, String... lines) {
        assertThatThrownBy(() -> say(lines))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(message);
        assertThat(side.outputEnded()).isTrue();
        assertThat(side.synced()).isCompletedExceptionally();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"id":"A","clock":{}}                          | expected the greeting of a replication
            GET / HTTP/1.1                                 | expected one JSON text per line
            {"replication":2,"nonce":"7"}                  | version 2
            {"replication":1,"nonce":"0","tail":false}     | connected with itself
            ["done"]                                       | expected the greeting""")
    void whatIsNoGreeting_isRefused(String line, String message) {
        side = Replication.of(store, ReplicationOptions.defaults(), "0");

        assertRefused(message, line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                       | expected one JSON text per line
            {}                                             | expected a line of a replication
            []                                             | expected a line of a replication
            ["shutdown"]                                   | a leader does not say "shutdown"
            ["same",1]                                     | a leader does not say "same"
            ["range"]                                      | expected a number
            ["range",1.5,"",null,null,1]                   | expected a number
            ["range",1,null,null,null,1]                   | expected a text
            ["range",1,"",null,null,1000000]               | expected a number up to 1024
            ["compare",1,[["m","model"]]]                  | a document is
            ["compare",1,[["",null]]]                      | the name of a document
            ["compare",1,7]                                | expected a list
            ["delete",1,"a\\u0000b"]                       | the name of a document
            ["open",1,"../\\u001b","model"]                | the name of a document
            [1,"SYNC"]                                     | no document was opened under the number 1
            [99999999999999999999,"SYNC"]                  | the line of a document is
            [1                                             | the line of a document is
            [1,]                                           | the line of a document is
            ["end",3]                                      | no document was opened under the number 3
            ["refused",3,"no"]                             | refuses what nobody asked for
            ["more"]                                       | asks for more before anything was told""")
    void whatALeaderMustNotSay_isRefused(String line, String message) throws Exception {
        follow();

        assertRefused(message, line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ["open",1,"x","model"]                         | a follower does not say "open"
            ["delete",1,"x"]                               | a follower does not say "delete"
            ["same",7]                                     | answers what nobody asked
            ["documents",7,[],null]                        | answers what nobody asked
            ["deleted",7]                                  | has deleted what nobody asked for
            ["changed",["x"]]                              | tells of changes that nobody asked for
            ["documents",1,[["b",null],["a",null]],null]   | out of order
            ["documents",1,[["a",null],["a",null]],null]   | out of order
            ["documents",1,[["b",null]],"a"]               | does not lead on
            ["documents",1,[],""]                          | does not lead on
            ["done"]                                       | is done before there is an end""")
    void whatAFollowerMustNotSay_isRefused(String line, String message) throws Exception {
        begin(true, ReplicationOptions.defaults());
        hear("[\"range\",1,");

        assertRefused(message, line);
        assertThat(store.find("a")).isNull();
    }

    @Test
    void longLine_isRefused_beforeItIsWhole() throws Exception {
        begin(false, ReplicationOptions.defaults().limits(Limits.defaults().maxLineBytes(1000)));

        assertThatThrownBy(() -> side.receive(ByteBuffer.wrap("[".repeat(2000).getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("at most 1032 bytes");
    }

    @Test
    void deepNesting_isRefused() throws Exception {
        follow();

        assertRefused("expected one JSON text per line", "[\"range\"," + "[".repeat(100_000));
    }

    @Test
    void tooManyQuestions_areRefused() throws Exception {
        follow();
        String[] lines = new String[17];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "[\"range\"," + i + ",\"\",null,null,10]";
        }

        // Answers come only when the store has been flushed, so some may be through already: then more are too many.
        assertThatThrownBy(() -> {
                    for (int round = 0; round < 1_000; round++) {
                        say(lines);
                    }
                })
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void tooManyOpenDocuments_areRefused() throws Exception {
        follow();
        String[] lines = new String[65];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "[\"open\"," + (i + 1) + ",\"d" + i + "\",\"model\"]";
        }

        assertRefused("opens more than 64 documents at a time", lines);
        assertThat(store.list(NameRange.prefix("d"))).isEmpty();
    }

    @Test
    void numberUsedTwice_isRefused() throws Exception {
        follow();

        assertRefused(
                "the numbers of documents ascend", "[\"open\",5,\"x\",\"model\"]", "[\"open\",5,\"y\",\"model\"]");
    }

    @Test
    void moreDocumentsThanMayBeNew_areRefused_eachForItself() throws Exception {
        begin(false, ReplicationOptions.defaults().maxNewDocuments(1));
        say("[\"open\",1,\"m\",\"model\"]", "[\"open\",2,\"x\",\"model\"]", "[\"open\",3,\"y\",\"model\"]");
        hear("[\"refused\",3,\"more than 1 documents that were not there\"]");
        say("[\"delete\",4,\"never there\"]");
        hear("[\"refused\",4,");

        assertThat(store.find("never there")).isNull();
        assertThat(side.synced()).isNotDone();
    }

    @Test
    void documentThatIsTooLong_isRefused_andItsUpdatesAreNot() throws Exception {
        begin(false, ReplicationOptions.defaults().maxDocumentBytes(100));
        say("[\"open\",1,\"x\",\"model\"]");
        hear("[1,{\"id\":");
        say("[1,{\"id\":\"S\",\"clock\":{}}]", "[1,[[\"k\",\"" + "v".repeat(200) + "\"],1,\"S\"]]");
        hear("[\"refused\",1,\"document \\\"x\\\" has more than 100 bytes\"]");
        // What was on its way is passed over.
        say("[1,[[\"k\",2],2,\"S\"]]", "[\"end\",1]", "[\"done\"]");
        hear("[\"done\"]");

        assertThat(side.report().refusals()).extracting(Refusal::document).containsExactly("x");
        assertThat(store.find("x")).isNull();
    }

    @Test
    void updatesThatTheTypeDoesNotAccept_changeNothing() throws Exception {
        follow();
        say("[\"open\",1,\"m\",\"model\"]");
        hear("[1,{\"id\":");
        say("[1,{\"id\":\"S\",\"clock\":{}}]", "[1,[17,1,\"S\"]]", "[1,[[\"k\",2],\"late\",\"S\"]]", "[1,\"SYNC\"]");
        say("[\"end\",1]");
        hear("[\"end\",1]");
        say("[\"done\"]");
        hear("[\"done\"]");

        assertThat(side.report().exchanged()).isEqualTo(1);
    }

    @Test
    void malformedMessageOfADocument_endsTheConnection() throws Exception {
        follow();
        say("[\"open\",1,\"m\",\"model\"]");

        assertRefused("", "[1,{\"id\":]");
    }

    @Test
    void endInTheMiddle_isAFailure() throws Exception {
        follow();
        say("[\"open\",1,\"m\",\"model\"]");

        assertThatThrownBy(() -> side.receiveEnd()).hasMessageContaining("before both sides had everything");
        assertThat(side.synced()).isCompletedExceptionally();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void randomLines_endTheConnectionAtWorst(boolean lead) throws Exception {
        String[] words = {
            "[",
            "]",
            "\"range\"",
            "\"documents\"",
            "\"open\"",
            "\"end\"",
            "\"changed\"",
            "\"compare\"",
            "\"done\"",
            "\"\"",
            "\"more\"",
            "\"deleted\"",
            "\"same\"",
            "\"refused\"",
            "1",
            "2",
            "3",
            ",",
            ",",
            ",",
            "null",
            "{}",
            "\"x\"",
            "\"model\"",
            "[[\"x\",null]]",
            "[[\"x\",\"model\",\"" + HASH + "\"]]",
            "1e9",
            "-1",
            "[[\"k\",2],0,\"S\"]"
        };
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            begin(lead, ReplicationOptions.defaults().deletions(false));
            try {
                for (int i = 0; i < 30; i++) {
                    StringBuilder line = new StringBuilder("[");
                    for (int n = random.nextInt(8); n >= 0; n--) {
                        line.append(words[random.nextInt(words.length)]).append(n > 0 ? "," : "]");
                    }
                    say(line.toString());
                    side.transmit(ByteBuffer.allocate(1 << 14));
                }
            } catch (ProtocolException refused) {
                assertThat(side.outputEnded()).as("seed %d", seed).isTrue();
            }
            side.close();
        }
    }
}
