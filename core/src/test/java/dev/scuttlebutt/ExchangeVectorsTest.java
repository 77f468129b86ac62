package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole conversations of the original, {@code exchange-*.json}, played as each replica that took part.
 *
 * <p>{@code exchange-signed.json} is played by the tests of the signatures.
 */
class ExchangeVectorsTest {
    private static final List<String> FILES = List.of("model", "events", "oneway", "values", "legacy-5.5.20");

    /** A conversation and the replica that is played in it. */
    private record Part(JsonObject conversation, String replica) {
        ExchangePlayer play() throws ProtocolException {
            return ExchangePlayer.play(conversation, replica);
        }

        boolean isOurs() {
            JsonObject made = Vectors.member(
                            Vectors.member(conversation, "replicas").asObject(), replica)
                    .asObject();
            return !Vectors.text(made, "type").equals("model5520");
        }

        @Override
        public String toString() {
            return Vectors.text(conversation, "name") + " as " + replica;
        }
    }

    /** A part that is deliberately played otherwise. */
    private record Difference(String part, String reason, Consumer<ExchangePlayer> ours) {
        @Override
        public String toString() {
            return part + ": " + reason;
        }
    }

    private static final String NO_LEAK = "W13: a session that only receives gives nothing away";
    private static final String SENT_ONCE = "W22: nothing is sent a second time to a peer that sends its clock";
    private static final String STAYS_OPEN =
            "a session that has sent everything stays until its peer ends, so that no transport cuts the peer off";

    static final List<Difference> DIFFERENCES = List.of(
            new Difference("model-equal-timestamps as B", "W5: ties go to the greater source", player -> {
                assertThat(((Model) player.replica()).toJson()).hasToString("{\"k\":\"fromB\"}");
            }),
            new Difference("model-old-data as A", "timestamp 0 is a timestamp like any other", player -> {
                assertThat(((Model) player.replica()).get("z")).hasToString("6");
            }),
            new Difference(
                    "model-nested-set as A",
                    "W1: a change made by a listener does not hide the outer one",
                    says(
                            "A",
                            "{\"id\":\"A\",\"clock\":{}}",
                            "\"SYNC\"",
                            "[[\"x\",\"outer\"],1700001000001,\"A\"]",
                            "[[\"y\",\"inner\"],1700001000002,\"A\"]")),
            new Difference(
                    "events-nested-emit as A",
                    "W1",
                    says(
                            "A",
                            "{\"id\":\"A\",\"clock\":{}}",
                            "\"SYNC\"",
                            "[[\"x\",\"outer\"],1700100300001,\"A\"]",
                            "[[\"y\",\"inner\"],1700100300002,\"A\"]")),
            new Difference(
                    "model-remove-listener as B",
                    "W18: what is passed on does not depend on who listens",
                    says(
                            "B.c",
                            "{\"id\":\"B\",\"clock\":{\"B\":1700001300002}}",
                            "[[\"k\",\"new\"],1700001300002,\"B\"]",
                            "\"SYNC\"")),
            new Difference(
                    "model-clock-regression as A",
                    "W6: no local change is lost when the clock steps back",
                    says(
                            "A",
                            "{\"id\":\"A\",\"clock\":{}}",
                            "\"SYNC\"",
                            "[[\"k\",\"first\"],1700001400050,\"A\"]",
                            "[[\"k\",\"lost\"],1700001400050.0002,\"A\"]",
                            "[[\"k\",\"third\"],1700001400051,\"A\"]")),
            new Difference("values-not-json as A", "values that are not JSON are refused, not kept", player -> {
                // Played with what reached the peer. There NaN is in memory and null on the wire; here it is null.
                assertThat(((Model) player.replica()).keys()).contains("NaN");
                assertThat(((Model) player.replica()).toJson().has("NaN")).isFalse();
                assertThat(player.differences()).singleElement().asString().startsWith("json");
            }),
            new Difference("readable-false-both-plain as B", NO_LEAK, says("B", "\"SYNC\"")),
            new Difference("oneway-no-clock as B", NO_LEAK, says("B", "\"SYNC\"")),
            new Difference("oneway-clock-expected-but-not-sent as B", NO_LEAK, says("B", "\"SYNC\"")),
            new Difference("tail-false-read-to-write as B", NO_LEAK, says("B", "\"SYNC\"")),
            new Difference(
                    "oneway-readme as B",
                    NO_LEAK,
                    says("B", "{\"id\":\"B\",\"clock\":{\"A\":1700200200001,\"B\":1700200200003}}", "\"SYNC\"")),
            new Difference(
                    "oneway-clock-expected as B",
                    NO_LEAK,
                    says("B", "{\"id\":\"B\",\"clock\":{\"A\":1700200400001,\"B\":1700200400003}}", "\"SYNC\"")),
            new Difference(
                    "sendclock-vs-plain as B",
                    NO_LEAK,
                    says("B", "{\"id\":\"B\",\"clock\":{\"A\":1700200700001,\"B\":1700200700003}}", "\"SYNC\"")),
            new Difference(
                    "both-unreadable-sendclock as A",
                    NO_LEAK,
                    says("A", "{\"id\":\"A\",\"clock\":{\"A\":1700200900002}}", "\"SYNC\"")),
            new Difference(
                    "both-unreadable-sendclock as B",
                    NO_LEAK,
                    says("B", "{\"id\":\"B\",\"clock\":{\"A\":1700200900001,\"B\":1700200900003}}", "\"SYNC\"")),
            new Difference(
                    "tail-false-readme-pair as B",
                    NO_LEAK,
                    says("B", "{\"id\":\"B\",\"clock\":{\"A\":1700201400001,\"B\":1700201400003}}", "\"SYNC\"")),
            new Difference(
                    "meta-writestream as B",
                    NO_LEAK,
                    says(
                            "B",
                            "{\"id\":\"B\",\"clock\":{\"A\":1700201500001,\"B\":1700201500003},\"meta\":{\"s\":1}}",
                            "\"SYNC\"")),
            new Difference(
                    "oneway-readme as A",
                    SENT_ONCE,
                    says(
                            "A",
                            "{\"id\":\"A\",\"clock\":{\"A\":1700200200002}}",
                            "[[\"a1\",1],1700200200001,\"A\"]",
                            "[[\"a2\",2],1700200200002,\"A\"]",
                            "\"SYNC\"",
                            "[[\"aLive\",1],1700200200004,\"A\"]")),
            new Difference(
                    "writable-false-vs-plain as A",
                    SENT_ONCE,
                    says(
                            "A",
                            "{\"id\":\"A\",\"clock\":{\"A\":1700200600002}}",
                            "[[\"a1\",1],1700200600001,\"A\"]",
                            "[[\"a2\",2],1700200600002,\"A\"]",
                            "\"SYNC\"",
                            "[[\"aLive\",1],1700200600004,\"A\"]")),
            new Difference("tail-false-read-to-write as A", STAYS_OPEN, player -> {
                assertThat(player.replica().sessions()).isEmpty();
                assertThat(player.differences()).singleElement().asString().startsWith("events of the replica");
            }),
            new Difference("tail-false-readme-pair as A", STAYS_OPEN, player -> {
                assertThat(player.replica().sessions()).isEmpty();
                assertThat(player.differences())
                        .allMatch(difference ->
                                difference.startsWith("events of the replica") || difference.startsWith("A events"))
                        .hasSize(2);
            }));

    private static Consumer<ExchangePlayer> says(String stream, String... lines) {
        return player -> {
            List<String> said = new ArrayList<>(player.said(stream));
            List<String> expected = new ArrayList<>(List.of(lines));
            if (said.get(0).startsWith("{")) {
                // The order of the members of a clock carries no meaning.
                assertThat(Json.parse(said.remove(0))).isEqualTo(Json.parse(expected.remove(0)));
            }
            assertThat(said).isEqualTo(expected);
        };
    }

    /** Both directions off: such a session could say nothing but its handshake. */
    private static final String NOT_OFFERED = "neither as A";

    static Stream<Part> parts() {
        return FILES.stream()
                .flatMap(file -> Vectors.objects("exchange-" + file + ".json").stream())
                .flatMap(conversation -> Vectors.member(conversation, "replicas").asObject().keys().stream()
                        .map(replica -> new Part(conversation, replica)))
                .filter(Part::isOurs);
    }

    private static boolean isListed(Part part) {
        return part.toString().equals(NOT_OFFERED)
                || DIFFERENCES.stream().anyMatch(difference -> difference.part().equals(part.toString()));
    }

    static Stream<Part> identicalParts() {
        return parts().filter(part -> !isListed(part));
    }

    private static Part part(String name) {
        return parts().filter(part -> part.toString().equals(name)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("identicalParts")
    void part_isPlayedAsRecorded(Part part) throws ProtocolException {
        assertThat(part.play().differences()).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("DIFFERENCES")
    void listedPart_isPlayedOurWay_andIsRightlyListed(Difference difference) throws ProtocolException {
        ExchangePlayer player = part(difference.part()).play();
        difference.ours().accept(player);

        assertThat(player.differences()).as("otherwise it need not be listed").isNotEmpty();
    }

    @Test
    void sessionWithBothDirectionsOff_isNotOffered() {
        assertThatNullPointerException().isThrownBy(() -> part(NOT_OFFERED).play());
    }

    @Test
    void everyPart_isPlayedOneWayOrTheOther() {
        assertThat(parts()).hasSize(84);
        assertThat(DIFFERENCES).hasSize(22).extracting(Difference::part).doesNotHaveDuplicates();
        assertThat(identicalParts()).hasSize(84 - 22 - 1);
    }

    @Test
    void conversationsOfEachFile_areAsManyAsRecorded() {
        Map<String, Integer> expected = Map.of("model", 14, "events", 5, "oneway", 15, "values", 4, "legacy-5.5.20", 4);
        for (String file : FILES) {
            assertThat(Vectors.objects("exchange-" + file + ".json")).as(file).hasSize(expected.get(file));
        }
    }
}
