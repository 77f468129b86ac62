package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Readings of a wall clock that the timestamp generator of the original was given, {@code timestamps.json} and
 * {@code types/clock.jsonl}. What it made of them is not to be imitated: it repeats, runs back, and stops for ever.
 * Peers take any ascending doubles.
 */
class TimestampVectorsTest {
    /** Readings, and what the original made of them. */
    private record Sequence(String name, double[] readings, double[] originals) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sequence> sequences() {
        List<Sequence> sequences = new ArrayList<>();
        JsonObject core = Vectors.json("timestamps.json").asObject();
        for (Json each : core.get("sequences").asArray()) {
            JsonObject sequence = each.asObject();
            sequences.add(new Sequence(
                    Vectors.text(sequence, "name"),
                    doubles(sequence.get("nows")),
                    Vectors.texts(sequence, "results").stream()
                            .mapToDouble(Double::parseDouble)
                            .toArray()));
        }
        for (JsonObject sequence : Vectors.typeLines("clock.jsonl")) {
            if (!sequence.has("calls")) {
                sequences.add(new Sequence(
                        Vectors.text(sequence, "case"),
                        doubles(sequence.get("wall")),
                        doubles(sequence.get("timestamps"))));
            }
        }
        return sequences.stream();
    }

    private static double[] doubles(Json array) {
        return array.asArray().stream().mapToDouble(Json::asDouble).toArray();
    }

    private static double[] stamps(double[] readings) {
        SettableTime time = new SettableTime(0);
        Stamper stamper = new Stamper(time);
        return DoubleStream.of(readings)
                .map(reading -> {
                    time.set(reading);
                    return stamper.next(Clock.NEVER);
                })
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void anyReadings_giveAscendingTimestamps_neverBehindTheClock(Sequence sequence) {
        double[] stamps = stamps(sequence.readings());

        for (int i = 0; i < stamps.length; i++) {
            assertThat(stamps[i]).isGreaterThanOrEqualTo(sequence.readings()[i]);
            if (i > 0) {
                assertThat(stamps[i]).isGreaterThan(stamps[i - 1]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void readingsThatAscend_areTheTimestamps_asInTheOriginal(Sequence sequence) {
        double[] stamps = stamps(sequence.readings());
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < stamps.length; i++) {
            // The original takes a first reading of 0 for one that it has seen.
            if (sequence.readings()[i] > highest && sequence.readings()[i] > 0) {
                assertThat(stamps[i]).isEqualTo(sequence.readings()[i]).isEqualTo(sequence.originals()[i]);
            }
            highest = Math.max(highest, sequence.readings()[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void timestamp_isAboveWhatIsKnown_andReadsBackFromItsText(Sequence sequence) {
        SettableTime time = new SettableTime(0);
        Stamper stamper = new Stamper(time);
        double known = DoubleStream.of(sequence.originals()).max().orElseThrow() + 1000;
        for (double reading : sequence.readings()) {
            time.set(reading);
            double stamp = stamper.next(known);
            assertThat(stamp).isGreaterThan(known);
            assertThat(Double.parseDouble(JsonWriter.text(stamp))).isEqualTo(stamp);
            known = stamp;
        }
    }

    @Test
    void clockThatStandsStill_neverStopsTheStamper() {
        List<double[]> frozen = new ArrayList<>();
        for (Json each :
                Vectors.json("timestamps.json").asObject().get("frozen").asArray()) {
            JsonObject recorded = each.asObject();
            frozen.add(new double[] {
                Vectors.member(recorded, "now").asDouble(),
                Vectors.member(recorded, "count").asDouble()
            });
        }
        for (JsonObject recorded : Vectors.typeLines("clock.jsonl")) {
            if (recorded.has("calls")) {
                frozen.add(new double[] {
                    Vectors.member(recorded, "wall").asDouble(),
                    Vectors.member(recorded, "calls").asDouble()
                });
            }
        }
        assertThat(frozen).hasSize(2 + 4);
        for (double[] each : frozen) {
            Stamper stamper = new Stamper(new SettableTime(each[0]));
            double last = Clock.NEVER;
            // The original returns so many values and then never again.
            for (int i = 0; i < 3 * each[1]; i++) {
                double next = stamper.next(Clock.NEVER);
                assertThat(next).isGreaterThan(last);
                last = next;
            }
        }
    }

    @Test
    void everySequence_isThere() {
        assertThat(sequences()).hasSize(9 + 8);
    }

    @Test
    void defaultIds_areNotThoseOfTheOriginal_butOfItsAlphabet() {
        // ids.json shows the original's: hexadecimal digits, of any length down to none.
        List<JsonObject> random = Vectors.json("ids.json").asObject().get("random").asArray().stream()
                .map(Json::asObject)
                .toList();
        assertThat(random).isNotEmpty();
        for (JsonObject recorded : random) {
            assertThat(Vectors.text(recorded, "id")).matches("[0-9A-F]*");
        }
        assertThat(ReplicaOptions.defaults().chooseId()).matches("[0-9A-F]{32}");
    }
}
