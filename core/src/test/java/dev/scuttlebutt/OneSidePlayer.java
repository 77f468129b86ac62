package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Plays one replica of a recorded exchange between two; the other one is the recording. Notes where it says other lines,
 * echoes and the meta of its handshake aside.
 */
final class OneSidePlayer {
    private final PlayedType type;
    private final String name;
    private final SettableTime time = new SettableTime(1_700_000_000_000.0);
    private final Replica replica;
    private final Map<String, TextLink> links = new LinkedHashMap<>();
    private final Set<String> received = new HashSet<>();
    private final Set<String> differences = new TreeSet<>();

    private OneSidePlayer(JsonObject script, PlayedType type, String name) {
        this.type = type;
        this.name = name;
        this.replica = type.create(
                Vectors.member(Vectors.member(script, "replicas").asObject(), name)
                        .asObject(),
                time);
    }

    static OneSidePlayer play(JsonObject script, PlayedType type, String name) throws ProtocolException {
        OneSidePlayer player = new OneSidePlayer(script, type, name);
        for (Json step : Vectors.member(script, "steps").asArray()) {
            player.step(step.asObject());
        }
        JsonObject last =
                Vectors.member(Vectors.member(script, "final").asObject(), name).asObject();
        if (!type.state(player.replica).equals(last.get("state"))) {
            player.differences.add("final");
        }
        return player;
    }

    /** Tells whether both replicas have one link at a time, so that who hears a line is known. */
    static boolean canPlay(JsonObject script) {
        return Vectors.text(script, "kind").equals("exchange")
                && Vectors.member(script, "replicas").asObject().size() == 2;
    }

    /** Returns in what it differs: {@code wire: line}, {@code final}. */
    Set<String> differences() {
        return differences;
    }

    Replica replica() {
        return replica;
    }

    private void step(JsonObject step) throws ProtocolException {
        if (step.has("now")) {
            time.set(Vectors.member(step, "now").asDouble());
        }
        List<String> said = new ArrayList<>();
        String on = step.has("on") ? Vectors.text(step, "on") : "";
        boolean mine = on.equals(name) || on.startsWith(name + "/");
        switch (Vectors.text(step, "do")) {
            case "call", "transact" -> {
                if (mine) {
                    locally(ownStamp(step), () -> type.call(replica, step));
                }
            }
            case "connect" -> {
                String options = Vectors.text(step, "a").equals(name) ? "optsA" : "optsB";
                Json given = step.get(options);
                links.put(
                        Vectors.text(step, "link"),
                        new TextLink(
                                replica, ExchangePlayer.options(given == null ? Json.object() : given.asObject())));
                collect(said);
                Update early = step.has("between") && Vectors.text(step, "a").equals(name) ? earlyUpdate(step) : null;
                if (early != null) {
                    locally(early.timestamp(), () -> replica.localUpdate(early.change()));
                }
            }
            case "disconnect" -> {
                TextLink link = links.remove(Vectors.text(step, "link"));
                if (link != null) {
                    link.session().close();
                }
            }
            case "update" -> {
                if (mine) {
                    replica.apply(Update.parse(Vectors.member(step, "update").toString()));
                }
            }
            default -> {}
        }
        collect(said);
        converse(step, said);
    }

    private void converse(JsonObject step, List<String> said) throws ProtocolException {
        List<String> recorded = new ArrayList<>();
        Json wire = step.get("wire");
        for (Json line : wire == null ? List.<Json>of() : wire.asArray().toList()) {
            String sender = line.asArray().get(0).asString();
            String text = line.asArray().get(1).asString();
            if (sender.equals(name)) {
                recorded.add(text);
            } else if (!sender.equals("throw")) {
                received.add(text);
                for (TextLink link : List.copyOf(links.values())) {
                    link.give(text);
                }
                collect(said);
            }
        }
        compare(recorded, said);
    }

    private void compare(List<String> recorded, List<String> said) {
        int at = 0;
        for (String text : recorded) {
            if (at < said.size() && same(text, said.get(at))) {
                at++;
            } else if (!received.contains(text)) {
                differences.add("wire: " + text);
            }
        }
        said.subList(at, said.size()).forEach(more -> differences.add("wire: + " + more));
    }

    private static boolean same(String recorded, String actual) {
        return recorded.equals(actual)
                || (recorded.startsWith("{")
                        && actual.startsWith("{")
                        && Json.parse(recorded)
                                .equals(Json.parse(actual).asObject().without("meta")));
    }

    private void collect(List<String> said) {
        links.values().forEach(link -> said.addAll(link.take()));
    }

    private void locally(double stamp, Runnable action) {
        double wall = time.millis();
        time.set(stamp);
        action.run();
        time.set(wall);
    }

    private double ownStamp(JsonObject step) {
        Json events = step.get("events");
        for (Json event : events == null ? List.<Json>of() : events.asArray().toList()) {
            List<Json> parts = event.asArray().toList();
            int at = parts.get(0).asString().startsWith("@") ? 1 : 0;
            if (parts.get(at).asString().equals("_update")) {
                Update update = Update.parse(parts.get(at + 1).toString());
                if (update.source().equals(replica.id())) {
                    return update.timestamp();
                }
            }
        }
        return time.millis();
    }

    private Update earlyUpdate(JsonObject step) {
        for (Json event : Vectors.member(step, "events").asArray()) {
            List<Json> parts = event.asArray().toList();
            if (parts.size() > 2
                    && parts.get(0).asString().equals("@" + name)
                    && parts.get(1).asString().equals("_update")) {
                Update update = Update.parse(parts.get(2).toString());
                if (update.source().equals(replica.id())) {
                    return update;
                }
            }
        }
        throw new AssertionError("no early update in " + step);
    }
}
