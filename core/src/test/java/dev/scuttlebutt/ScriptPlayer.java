package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Plays a recorded script with replicas of ours, which are linked by lines. */
final class ScriptPlayer {
    /** A line on its way. */
    private record Line(Link link, boolean toB, String text) {
        String from() {
            return toB ? link.a : link.b;
        }
    }

    private static final class Link {
        final String a;
        final String b;
        final TextLink atA;
        final TextLink atB;
        boolean endedA;
        boolean endedB;

        Link(String a, TextLink atA, String b, TextLink atB) {
            this.a = a;
            this.atA = atA;
            this.b = b;
            this.atB = atB;
        }
    }

    private final PlayedType type;
    private final Map<String, Replica> values = new LinkedHashMap<>();
    private final Map<String, SettableTime> times = new LinkedHashMap<>();
    private final Map<String, Heard> heard = new LinkedHashMap<>();
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Deque<Line> onTheirWay = new ArrayDeque<>();
    private final List<List<String>> wire = new ArrayList<>();
    private final Map<String, Set<String>> received = new LinkedHashMap<>();
    private final Set<String> differences = new TreeSet<>();

    private double wall = 1_700_000_000_000.0;

    private ScriptPlayer(PlayedType type) {
        this.type = type;
    }

    static ScriptPlayer play(JsonObject script, PlayedType type) throws ProtocolException {
        ScriptPlayer player = new ScriptPlayer(type);
        Vectors.member(script, "replicas").asObject().forEach((name, made) -> {
            SettableTime time = new SettableTime(player.wall);
            Replica replica = type.create(made.asObject(), time);
            player.values.put(name, replica);
            player.times.put(name, time);
            player.heard.put(name, Heard.from(replica));
            player.received.put(name, new HashSet<>());
        });
        for (Json step : Vectors.member(script, "steps").asArray()) {
            player.step(step.asObject());
        }
        Vectors.member(script, "final").asObject().forEach((name, last) -> player.compareFinal(name, last.asObject()));
        return player;
    }

    /** Returns in what it differs from the recording: {@code ret}, {@code events}, {@code wire}, {@code final}. */
    Set<String> differences() {
        return differences;
    }

    Value value(String name) {
        return (Value) replica(name);
    }

    /** Returns a replica by its name, or a part by its path: {@code A/part/part}. */
    Replica replica(String path) {
        String[] names = path.split("/");
        Replica replica = whole(path);
        for (int i = 1; i < names.length; i++) {
            replica = type.part(replica, names[i]);
        }
        return replica;
    }

    private Replica whole(String path) {
        return Objects.requireNonNull(values.get(name(path)));
    }

    private static String name(String path) {
        return path.split("/")[0];
    }

    /** Returns the lines that went over the links, each with its sender. */
    List<List<String>> wire() {
        return wire;
    }

    private void step(JsonObject step) throws ProtocolException {
        Map<String, Integer> before = new LinkedHashMap<>();
        heard.forEach((name, events) -> before.put(name, events.events().size()));
        int lines = wire.size();
        if (step.has("now")) {
            wall = Vectors.member(step, "now").asDouble();
            times.values().forEach(time -> time.set(wall));
        }
        switch (Vectors.text(step, "do")) {
            case "call" -> call(step);
            case "update" -> {
                Outcome outcome = replica(Vectors.text(step, "on")).apply(update(step.get("update")));
                if (step.has("throws")) {
                    compare("throws", true, outcome != Outcome.STALE);
                } else {
                    compare("ret", step.get("ret"), Json.of(outcome != Outcome.STALE));
                }
            }
            case "read" -> read(step);
            case "connect" -> connect(step);
            case "disconnect" -> {
                Link link = links.remove(Vectors.text(step, "link"));
                link.atA.session().close();
                link.atB.session().close();
            }
            case "id" ->
                compare(
                        "ret",
                        step.get("ret"),
                        Json.of(replica(Vectors.text(step, "on")).id()));
            case "tick", "note", "async-throw" -> {}
            case "state" -> compareState("state", replica(Vectors.text(step, "on")), step);
            case "transact" -> call(step);
            default -> throw new AssertionError("no such step: " + step);
        }
        deliver();
        if (step.has("events")) {
            compareEvents(step, before);
        }
        compareWire(step, wire.subList(lines, wire.size()));
    }

    private static Update update(Json tuple) {
        return Update.parse(tuple.toString());
    }

    private void call(JsonObject step) {
        String name = name(Vectors.text(step, "on"));
        double stamp = wall;
        Json events = step.get("events");
        for (Json event : events == null ? List.<Json>of() : events.asArray().toList()) {
            List<Json> parts = event.asArray().toList();
            boolean part = parts.get(0).asString().equals("@" + name)
                    && Vectors.text(step, "on").contains("/");
            parts = part ? parts.subList(1, parts.size()) : parts;
            if (Set.of("_update", "old_data").contains(parts.get(0).asString())) {
                Update update = update(parts.get(1));
                stamp = update.source().equals(whole(name).id()) ? update.timestamp() : stamp;
            }
        }
        locally(name, stamp, () -> type.call(whole(name), step));
    }

    /** Acts at the time that the recorded tuple shows. */
    private void locally(String name, double stamp, Runnable action) {
        times.get(name).set(stamp);
        action.run();
        times.get(name).set(wall);
    }

    private void read(JsonObject step) {
        Replica replica = replica(Vectors.text(step, "on"));
        List<Json> arguments = step.get("args").asArray().toList();
        Json actual;
        if (Vectors.text(step, "method").equals("history")) {
            actual = history(
                    replica,
                    arguments.isEmpty()
                            ? Clock.EMPTY
                            : Clock.of(arguments.get(0).asObject()));
        } else {
            actual = type.read(replica, Vectors.text(step, "method"), arguments);
        }
        compare("ret", step.get("ret"), actual);
    }

    private static JsonArray history(Replica replica, Clock since) {
        return JsonArray.of(replica.history(since).stream().map(Update::toJson).toList());
    }

    private void connect(JsonObject step) {
        String a = Vectors.text(step, "a");
        String b = Vectors.text(step, "b");
        Link link = new Link(
                a,
                new TextLink(replica(a), ExchangePlayer.options(options(step, "optsA"))),
                b,
                new TextLink(replica(b), ExchangePlayer.options(options(step, "optsB"))));
        links.put(Vectors.text(step, "link"), link);
        if (step.has("between")) {
            collect();
            for (Json event : Vectors.member(step, "events").asArray()) {
                List<Json> parts = event.asArray().toList();
                if (parts.get(0).asString().equals("@" + a)
                        && parts.get(1).asString().equals("_update")) {
                    Update early = update(parts.get(2));
                    if (early.source().equals(replica(a).id())) {
                        locally(a, early.timestamp(), () -> replica(a).localUpdate(early.change()));
                        return;
                    }
                }
            }
            throw new AssertionError("no early update in " + step);
        }
    }

    private static JsonObject options(JsonObject step, String key) {
        Json options = step.get(key);
        return options == null ? Json.object() : options.asObject();
    }

    // Lines

    private void collect() {
        for (Link link : links.values()) {
            link.atA.take().forEach(text -> onTheirWay.add(new Line(link, true, text)));
            link.atB.take().forEach(text -> onTheirWay.add(new Line(link, false, text)));
        }
    }

    private void deliver() throws ProtocolException {
        while (true) {
            collect();
            Line line = onTheirWay.poll();
            if (line == null) {
                if (!deliverEnds()) {
                    return;
                }
                continue;
            }
            wire.add(List.of(line.from(), line.text()));
            received.get(line.toB() ? line.link().b : line.link().a).add(line.text());
            (line.toB() ? line.link().atB : line.link().atA).give(line.text());
        }
    }

    private boolean deliverEnds() throws ProtocolException {
        boolean any = false;
        for (Link link : links.values()) {
            if (!link.endedA && link.atA.wire().outputEnded()) {
                link.endedA = true;
                link.atB.end();
                any = true;
            }
            if (!link.endedB && link.atB.wire().outputEnded()) {
                link.endedB = true;
                link.atA.end();
                any = true;
            }
        }
        return any;
    }

    // Comparing

    private void compare(String what, Object recorded, Object actual) {
        if (!Objects.equals(recorded, actual)) {
            differences.add(what);
        }
    }

    /** An update that its sender had got before may be missing: it may be the echo to where it came from. */
    private void compareWire(JsonObject step, List<List<String>> actual) {
        int at = 0;
        Json recorded = step.get("wire");
        for (Json line : recorded == null ? List.<Json>of() : recorded.asArray().toList()) {
            if (line.asArray().get(0).asString().equals("throw")) {
                continue;
            }
            String sender = line.asArray().get(0).asString();
            String text = line.asArray().get(1).asString();
            if (at < actual.size()
                    && actual.get(at).get(0).equals(sender)
                    && sameLine(text, actual.get(at).get(1))) {
                at++;
            } else if (!(text.startsWith("[") && received.get(sender).contains(text))) {
                differences.add("wire");
                return;
            }
        }
        if (at < actual.size()) {
            differences.add("wire");
        }
    }

    private static boolean sameLine(String recorded, String actual) {
        return recorded.equals(actual)
                || (recorded.startsWith("{")
                        && actual.startsWith("{")
                        && Json.parse(recorded).equals(Json.parse(actual)));
    }

    /** The order within one update is our own, and is tested beside the type; whose events they are is compared. */
    private void compareEvents(JsonObject step, Map<String, Integer> before) {
        Json on = step.get("on");
        for (String name : values.keySet()) {
            List<String> recorded = new ArrayList<>();
            for (Json event : step.get("events").asArray()) {
                List<Json> parts = event.asArray().toList();
                String first = parts.get(0).asString();
                boolean other = first.startsWith("@");
                if (other
                        ? first.equals("@" + name)
                        : on != null && on.asString().equals(name)) {
                    String text = parts.subList(other ? 1 : 0, parts.size()).toString();
                    if (type.compares(text)) {
                        recorded.add(text);
                    }
                }
            }
            List<ReplicaEvent> all = heard.get(name).events();
            List<String> actual = new ArrayList<>(all.subList(before.get(name), all.size()).stream()
                    .flatMap(event -> describe(event).stream())
                    .toList());
            if (!echoesRemoved(recorded, actual).equals(sorted(actual))) {
                differences.add("events");
            }
        }
    }

    private List<String> describe(ReplicaEvent event) {
        if (event instanceof ReplicaEvent.Applied applied) {
            return List.of(
                    List.of(Json.of("_update"), applied.update().toJson()).toString());
        } else if (event instanceof ReplicaEvent.Stale stale) {
            return List.of(List.of(Json.of("old_data"), stale.update().toJson()).toString());
        }
        return type.describe(event);
    }

    /** An echo is old data to who gets it: where ours is missing, so is that event. */
    private static List<String> echoesRemoved(List<String> recorded, List<String> actual) {
        List<String> kept = new ArrayList<>(recorded);
        for (String event : recorded) {
            if (event.startsWith("[\"old_data\"") && count(kept, event) > count(actual, event)) {
                kept.remove(event);
            }
        }
        return sorted(kept);
    }

    private static long count(List<String> events, String event) {
        return events.stream().filter(event::equals).count();
    }

    private static List<String> sorted(List<String> events) {
        return events.stream().sorted().toList();
    }

    private void compareFinal(String name, JsonObject last) {
        compareState("final", replica(name), last);
    }

    /** In the order in which it was recorded: to ask for the history of some types changes it. */
    private void compareState(String what, Replica replica, JsonObject recorded) {
        compare(what, true, type.agrees(replica, recorded));
        compare(what, recorded.get("state"), type.state(replica));
        compare(what, recorded.get("history"), history(replica, Clock.EMPTY));
        compare(
                what,
                type.comparable(replica, Clock.of(recorded.get("sources").asObject())),
                type.comparable(replica, replica.clock()));
    }
}
