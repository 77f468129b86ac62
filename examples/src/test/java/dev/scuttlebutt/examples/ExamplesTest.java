package dev.scuttlebutt.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    void stocktaking_followsTheDocuments() throws Exception {
        assertThat(output(Stocktaking::main))
                .containsExactly(
                        "bottles in all: 11",
                        "Merlot: 9",
                        "Rioja: 2",
                        "Merlot by cellar: {cellar/home=6, cellar/office=1}");
    }

    @Test
    void twoOffices_haveTheSame() throws Exception {
        assertThat(output(TwoOffices::main))
                .containsExactly(
                        "exchanged 2, deleted 1",
                        "Berlin has note/garden",
                        "Berlin has note/roof",
                        "Nairobi's garden: peas are \"sown\"");
    }

    @Test
    void votes_latestOfEachCounts() throws Exception {
        assertThat(output(Votes::main)).containsExactly("alan counts {coffee=3}");
    }

    @Test
    void sharedText_keepsWhatBothWrote() throws Exception {
        assertThat(output(SharedText::main))
                .containsExactly(
                        "ada sees Dear Bela and Cleo, see you on Sunday.|",
                        "grace sees Dear Bela and Cleo|, see you on Sunday.",
                        "ada sees Bela and Cleo and all the others, see you on Sunday. Bring plates!|",
                        "grace sees Bela and Cleo and all the others|, see you on Sunday. Bring plates!",
                        "ada sees Dear Bela and Cleo and all the others, see you on Sunday. Bring plates!|",
                        "grace sees Dear Bela and Cleo and all the others|, see you on Sunday. Bring plates!");
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

    @Test
    void announcements_reachThoseWhoComeLater() throws Exception {
        assertThat(output(Announcements::main))
                .containsExactly(
                        "the lighthouse hears: arrived [\"Dorothea\", 3]",
                        "the harbour hears: fog [\"from the north\"]",
                        "the lighthouse hears: arrived [\"Annegret\", 4]");
    }

    @Test
    void setting_latestIsEverywhere() throws Exception {
        assertThat(output(Setting::main))
                .containsExactly("desk  Theme[name=sea, dark=true]", "phone Theme[name=sea, dark=true]");
    }

    @Test
    void feed_removalReachesWhoWasAway() throws Exception {
        assertThat(output(Feed::main))
                .containsExactly(
                        "grace no longer sees {\"by\":\"ada\",\"text\":\"the kettel is on\"}",
                        "grace: coming",
                        "ada: the kettle is on",
                        "equal: true");
    }

    @Test
    void visitors_areForgottenFieldByField() throws Exception {
        assertThat(output(Visitors::main))
                .containsExactly(
                        "desk sees {\"badge 8\":{\"name\":\"Alan\"},\"badge 7\":{\"name\":\"Ada\",\"floor\":3}}",
                        "half an hour later: {\"badge 8\":{\"name\":\"Alan\"},\"badge 7\":{\"floor\":3}}",
                        "and at the end: {}");
    }

    @Test
    void whoIsHere_leavesAtOnceOrAfterTheTimeout() throws Exception {
        assertThat(output(WhoIsHere::main))
                .containsExactly(
                        "ada is here",
                        "grace is here",
                        "alan is here",
                        "alan has left",
                        "grace has left",
                        "here: {ada={\"cursor\":0}}");
    }

    @Test
    void profile_pathsDoNotDisturbEachOther() throws Exception {
        assertThat(output(Profile::main))
                .containsExactly(
                        "{\"name\":{\"given\":\"Ada\",\"family\":\"Lovelace\"},"
                                + "\"address\":{\"city\":\"London\",\"street\":\"St James's Square\"}}",
                        "family name: Lovelace",
                        "equal: true");
    }

    @Test
    void workspace_partsShareOneLink() throws Exception {
        assertThat(output(Workspace::main))
                .containsExactly(
                        "phone {\"settings\":{\"theme\":\"sand\"},\"feed\":[{\"text\":\"hello from the phone\"}]}",
                        "equal: true");
    }

    @Test
    void shelf_documentsAppearOverTheWire() throws Exception {
        assertThat(output(Shelf::main))
                .containsExactly(
                        "the phone has recipes, a Model",
                        "the phone cannot show history, but passes it on",
                        "bread: \"flour, water, salt\"");
    }

    @Test
    void playlist_insertionsStayTogether() throws Exception {
        List<String> lines = List.of(output(Playlist::main));
        List<String> kitchen = List.of("Waltz 200", "Polka 150");
        List<String> garden = List.of("March 180", "Gavotte 160");
        assertThat(lines).hasSize(6).endsWith("Finale 280", "the finale is number 4");
        assertThat(List.of(lines.subList(0, 2), lines.subList(2, 4))).containsExactlyInAnyOrder(kitchen, garden);
    }

    @Test
    void manuscript_keepsTheLinesOfBoth() throws Exception {
        assertThat(output(Manuscript::main))
                .containsExactly(
                        "Bread",
                        "500 g flour",
                        "300 ml water",
                        "1 spoon of salt",
                        "Bake it for an hour.",
                        "equal: true");
    }

    @Test
    void signed_strangersAreNotBelieved() throws Exception {
        assertThat(output(Signed::main))
                .containsExactly("refused: no key is known for its source", "the reader believes {\"bread\":3}");
    }

    @Test
    void manyDocuments_areThereAgain() throws Exception {
        assertThat(output(ManyDocuments::main)).containsExactly("peas are \"sown\"", "log/visits", "note/garden");
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
