package dev.scuttlebutt.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Scuttleboat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ScuttleboatContractTest extends ReplicaContract<Scuttleboat> {
    private static final int STEPS = 30;
    private static final List<String> TYPES = List.of("Model", "Value", "List", "Nothing");

    @Override
    protected Workload<Scuttleboat> workload() {
        return Workloads.scuttleboat();
    }

    /** What holds where the contract stops: a key of two types has the same one everywhere, and nothing else is touched. */
    @Test
    void keyOfTwoTypes_hasOneEverywhere_andTheRestConverges() {
        int disputes = 0;
        for (long seed = 1; seed <= 2L * seeds(); seed++) {
            Gen gen = Gen.seeded(seed);
            Crowd<Scuttleboat> crowd = new Crowd<>(workload(), gen).work(STEPS);
            List<List<Update>> all = new ArrayList<>(crowd.sequences);
            List<Update> made = gen.interleave(crowd.sequences);
            for (int source = 0; source < 3; source++) {
                all.add(hostile("hostile" + source, made, gen));
            }
            Set<String> ofTwoTypes = keysOfTwoTypes(all);
            disputes += ofTwoTypes.size();
            Scuttleboat one = told(crowd, gen.interleave(all));
            for (Scuttleboat other : List.of(told(crowd, gen.interleave(all)), told(crowd, one.history()))) {
                String what = "seed " + seed + ", but for " + ofTwoTypes;
                assertEquals(one.manifest().toJson(), other.manifest().toJson(), what);
                assertEquals(classes(one), classes(other), what);
                assertEquals(states(one, ofTwoTypes), states(other, ofTwoTypes), what);
                assertEquals(history(one, ofTwoTypes), history(other, ofTwoTypes), what);
            }
        }
        assertTrue(disputes > seeds(), "keys of two types: " + disputes);
    }

    private static List<Update> hostile(String source, List<Update> made, Gen gen) {
        List<Update> sequence = new ArrayList<>();
        double timestamp = ManualTime.START - 20;
        for (int i = 0; i < STEPS; i++) {
            Json row = Json.object("key", "key" + gen.below(6), "type", gen.pick(TYPES));
            Json change = made.isEmpty() || gen.oneIn(3)
                    ? Json.array("__manifest__", Json.array("row" + gen.below(4), gen.oneIn(5) ? Json.NULL : row))
                    : gen.mutated(gen.pick(made).change());
            sequence.add(Update.of(change, timestamp, source));
            timestamp += gen.between(1, 3);
        }
        return sequence;
    }

    /** Reads what the rows say, as the specification does: rows whose key and type are texts. */
    private static Set<String> keysOfTwoTypes(List<List<Update>> all) {
        Map<String, Set<String>> types = new HashMap<>();
        for (List<Update> sequence : all) {
            for (Update update : sequence) {
                try {
                    Json fields = update.change().asArray().get(1).asArray().get(1);
                    String key = fields.asObject().get("key").asString();
                    types.computeIfAbsent(key, first -> new HashSet<>())
                            .add(fields.asObject().get("type").asString());
                } catch (RuntimeException noRow) {
                    continue;
                }
            }
        }
        Set<String> ofTwo = new TreeSet<>();
        types.forEach((key, given) -> {
            if (given.size() > 1) {
                ofTwo.add(key);
            }
        });
        return ofTwo;
    }

    private static Scuttleboat told(Crowd<Scuttleboat> crowd, List<Update> updates) {
        Scuttleboat told = crowd.create("told");
        updates.forEach(told::apply);
        return told;
    }

    private static Map<String, Class<?>> classes(Scuttleboat boat) {
        Map<String, Class<?>> classes = new TreeMap<>();
        boat.documents().forEach((key, document) -> classes.put(key, document.getClass()));
        return classes;
    }

    private static Map<String, Json> states(Scuttleboat boat, Set<String> without) {
        Map<String, Json> states = new TreeMap<>();
        boat.documents().forEach((key, document) -> states.put(key, document.toJson()));
        states.keySet().removeAll(without);
        return states;
    }

    private static List<Update> history(Scuttleboat boat, Set<String> without) {
        return boat.history().stream()
                .filter(update ->
                        !without.contains(update.change().asArray().get(0).asString()))
                .toList();
    }
}
