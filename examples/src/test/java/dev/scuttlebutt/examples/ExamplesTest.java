package dev.scuttlebutt.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every example runs and says what its reader is told it says. */
@Timeout(60)
final class ExamplesTest {

    private interface Program {
        void main(String[] arguments) throws Exception;
    }

    @Test
    void helloReplication_bothEndEqual() throws Exception {
        assertThat(output(HelloReplication::main))
                .containsExactly(
                        "kitchen hears of the wine: \"white\"",
                        "kitchen {\"wine\":\"white\",\"cheese\":1}",
                        "cellar  {\"wine\":\"white\",\"cheese\":1}");
    }

    @Test
    void overTcp_historyThenLive() throws Exception {
        assertThat(output(OverTcp::main))
                .containsExactly("home hears: said before anybody was listening", "home hears: hello from the office");
    }

    @Test
    void remembered_isThereAgain() throws Exception {
        assertThat(output(Remembered::main))
                .containsExactly(
                        "the disk has it",
                        "loaded {\"Merlot\":5,\"Riesling\":12}",
                        "the same replica: true",
                        "a backup has 4 lines");
    }

    @Test
    void votes_latestOfEachCounts() throws Exception {
        assertThat(output(Votes::main)).containsExactly("alan counts {coffee=3}");
    }

    @Test
    void taskList_bothSeeWhatBothDid() throws Exception {
        assertThat(output(TaskList::main))
                .containsExactly(
                        "ada sees",
                        "1 [x] sow peas (grace)",
                        "2 [ ] call home (grace)",
                        "grace sees",
                        "1 [x] sow peas (grace)",
                        "2 [ ] call home (grace)");
    }

    private static String[] output(Program program) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toArray(String[]::new);
    }
}
