package dev.scuttlebutt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Plays one replica of a recorded conversation: does what it was told and given, and notes what it says. The other
 * replicas are the recording.
 */
final class ExchangePlayer {
    /**
     * A line that left a stream.
     *
     * @param step how many actions the replica had gone through
     * @param echo useless to the peer, and may be missing
     */
    record Said(int step, String line, boolean echo) {
        boolean matches(Said actual) {
            return step == actual.step && (line.equals(actual.line) || sameHandshake(line, actual.line));
        }

        /** The order of the members of a clock carries no meaning. */
        private static boolean sameHandshake(String one, String other) {
            if (!one.startsWith("{") || !other.startsWith("{")) {
                return false;
            }
            JsonObject left = Json.parse(one).asObject();
            JsonObject right = Json.parse(other).asObject();
            return left.equals(right) && left.keys().equals(right.keys());
        }
    }

    private static final class Stream {
        final TextLink link;
        final List<Said> said = new ArrayList<>();
        final List<Said> recorded = new ArrayList<>();
        final List<String> recordedEvents = new ArrayList<>();
        boolean started;
        boolean recordedEnd;

        Stream(TextLink link) {
            this.link = link;
        }
    }

    private final JsonObject record;
    private final String name;
    private final List<JsonObject> log;
    private final SettableTime time = new SettableTime(0);
    private final Replica replica;
    private final Heard heard;
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Map<Integer, String> lines = new LinkedHashMap<>();
    private final List<String> recordedEvents = new ArrayList<>();
    private int step;

    private ExchangePlayer(JsonObject record, String name) {
        this.record = record;
        this.name = name;
        this.log = Vectors.member(record, "log").asArray().stream()
                .map(Json::asObject)
                .toList();
        JsonObject made = Vectors.member(Vectors.member(record, "replicas").asObject(), name)
                .asObject();
        ReplicaOptions options =
                ReplicaOptions.defaults().id(Vectors.text(made, "id")).time(time);
        this.replica = Vectors.text(made, "type").equals("events") ? new Events(options) : new Model(options);
        this.heard = Heard.from(replica);
    }

    static ExchangePlayer play(JsonObject record, String name) throws ProtocolException {
        ExchangePlayer player = new ExchangePlayer(record, name);
        for (int i = 0; i < player.log.size(); i++) {
            i = player.follow(i);
        }
        player.listenToAll();
        return player;
    }

    /** Maps the options of the original; null: there is nothing like it. */
    static SessionOptions options(JsonObject given) {
        boolean writable = !isFalse(given, "writable");
        boolean readable = !isFalse(given, "readable");
        if (!writable && !readable) {
            return null;
        }
        SessionOptions options;
        if (writable && readable) {
            options = SessionOptions.twoWay();
        } else if (readable) {
            options = SessionOptions.sendOnly().expectClock(given.has("clock"));
        } else {
            options = SessionOptions.receiveOnly().sendClock(given.has("sendClock"));
        }
        return options.tail(!isFalse(given, "tail")).meta(given.get("meta"));
    }

    private static boolean isFalse(JsonObject options, String name) {
        return Json.FALSE.equals(options.get(name));
    }

    /** Does one entry of the log and returns the index of the last one that is done with. */
    private int follow(int index) throws ProtocolException {
        JsonObject entry = log.get(index);
        String kind = Vectors.text(entry, "k");
        switch (kind) {
            case "line" -> onLine(entry);
            case "end" -> {
                Stream stream = streams.get(Vectors.text(entry, "from"));
                if (stream != null) {
                    stream.recordedEnd = true;
                }
            }
            case "stream" -> {
                Stream stream = streams.get(Vectors.text(entry, "stream"));
                if (stream != null && !Vectors.text(entry, "event").equals("synced")) {
                    stream.recordedEvents.add(Vectors.text(entry, "event"));
                }
            }
            case "replica" -> {
                if (Vectors.text(entry, "on").equals(name)) {
                    Json detail = entry.has("update") ? entry.get("update") : entry.get("streams");
                    recordedEvents.add(Vectors.text(entry, "event") + " "
                            + (entry.has("update") ? detail.asString() : detail.toString()));
                }
            }
            case "open" -> {
                if (Vectors.text(entry, "on").equals(name)) {
                    SessionOptions options =
                            options(Vectors.member(entry, "opts").asObject());
                    streams.put(
                            Vectors.text(entry, "stream"),
                            new Stream(new TextLink(replica, Objects.requireNonNull(options, "not offered"))));
                }
            }
            case "local" -> {
                if (Vectors.text(entry, "on").equals(name)) {
                    step++;
                    int last = local(index);
                    listenToAll();
                    return last;
                }
            }
            case "recv", "input", "recvEnd" -> receive(entry, streams.get(Vectors.text(entry, "to")));
            case "endCall" -> {
                Stream stream = streams.get(Vectors.text(entry, "stream"));
                if (stream != null) {
                    step++;
                    stream.started = true;
                    stream.link.session().receiveEnd();
                    listenToAll();
                }
            }
            case "close", "note", "lineAfterEnd" -> {}
            default -> throw new AssertionError("no such entry: " + entry);
        }
        return index;
    }

    private void onLine(JsonObject entry) {
        String line = Vectors.text(entry, "line");
        lines.put((int) Vectors.member(entry, "seq").asDouble(), line);
        Stream stream = streams.get(Vectors.text(entry, "from"));
        if (stream != null) {
            // The original starts a stream in the next turn of its event loop, which the recording shows by the line.
            stream.started = true;
            listen(stream);
            stream.recorded.add(new Said(step, line.strip(), entry.has("echo")));
        }
    }

    private void receive(JsonObject entry, Stream stream) throws ProtocolException {
        if (stream == null) {
            return;
        }
        step++;
        stream.started = true;
        listen(stream);
        if (entry.has("seq")) {
            stream.link.give(
                    lines.get((int) Vectors.member(entry, "seq").asDouble()).strip());
        } else if (entry.has("line")) {
            stream.link.give(Vectors.text(entry, "line").strip());
        } else {
            stream.link.end();
        }
        listenToAll();
    }

    private void listenToAll() {
        streams.values().stream().filter(stream -> stream.started).forEach(this::listen);
    }

    private void listen(Stream stream) {
        stream.link.take().forEach(line -> stream.said.add(new Said(step, line, false)));
    }

    // Local changes

    private int local(int index) {
        JsonObject entry = log.get(index);
        if (Vectors.text(entry, "op").equals("_update")) {
            replica.apply(Update.parse(Vectors.text(entry, "update")));
            return index;
        }
        boolean nested = index + 1 < log.size()
                && Vectors.text(log.get(index + 1), "k").equals("local")
                && Vectors.text(log.get(index + 1), "on").equals(name)
                && Vectors.text(record, "name").contains("nested");
        if (!nested) {
            change(index);
            return index;
        }
        boolean[] done = new boolean[1];
        replica.on(ReplicaEvent.class, event -> {
            if (!done[0]) {
                done[0] = true;
                change(index + 1);
            }
        });
        change(index);
        return index + 1;
    }

    /** Makes a change at the time and with the value that the recorded tuple shows. */
    private void change(int index) {
        JsonObject entry = log.get(index);
        Json key = entry.has("key")
                ? entry.get("key")
                : entry.get("args").asArray().get(0);
        for (JsonObject later : log.subList(index, log.size())) {
            if (Vectors.text(later, "k").equals("replica")
                    && Vectors.text(later, "on").equals(name)
                    && later.has("update")) {
                Update update = Update.parse(Vectors.text(later, "update"));
                if (update.source().equals(replica.id())
                        && update.change().asArray().get(0).equals(key)) {
                    time.set(update.timestamp());
                    change(update.change().asArray());
                    return;
                }
            }
        }
        throw new AssertionError("no tuple follows " + entry);
    }

    private void change(JsonArray change) {
        List<Json> rest = change.toList().subList(1, change.size());
        if (replica instanceof Events events) {
            events.emit(change.get(0).asString(), rest.toArray());
        } else {
            ((Model) replica).set(change.get(0).asString(), rest.get(0));
        }
    }

    // Result

    /** Returns the lines that a stream said. */
    List<String> said(String stream) {
        return streams.get(stream).said.stream().map(Said::line).toList();
    }

    Replica replica() {
        return replica;
    }

    /** Returns in what it differs from the recording; empty when in nothing. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        streams.forEach((label, stream) -> {
            compareLines(label, stream, differences);
            compare(label + " events", stream.recordedEvents, events(stream), differences);
            if (stream.recordedEnd && !stream.link.wire().outputEnded()) {
                differences.add(label + " has not ended");
            }
        });
        compare("events of the replica", recordedEvents, events(), differences);
        compareFinal(differences);
        return differences;
    }

    private static void compareLines(String label, Stream stream, List<String> differences) {
        int at = 0;
        for (Said recorded : stream.recorded) {
            if (at < stream.said.size() && recorded.matches(stream.said.get(at))) {
                at++;
            } else if (!recorded.echo) {
                Object instead = at < stream.said.size() ? stream.said.get(at) : "nothing";
                differences.add(label + " should have said " + recorded + ", said " + instead);
                return;
            }
        }
        if (at < stream.said.size()) {
            differences.add(label + " also said " + stream.said.subList(at, stream.said.size()));
        }
    }

    private List<String> events(Stream stream) {
        List<String> events = new ArrayList<>();
        for (SessionEvent event : heard.all(SessionEvent.class)) {
            if (event.session() != stream.link.session()) {
                continue;
            }
            if (event instanceof SessionEvent.HandshakeReceived) {
                events.add("header");
            } else if (event instanceof SessionEvent.SyncSent) {
                events.add("syncSent");
            } else if (event instanceof SessionEvent.SyncReceived) {
                events.add("syncRecieved");
            } else if (event instanceof SessionEvent.Synced) {
                events.add("sync");
            }
        }
        if (stream.link.session().options().startsAtOnce()) {
            // They happen inside createStream there, where nobody can hear them.
            events.remove("syncSent");
            events.remove("sync");
        }
        return events;
    }

    private List<String> events() {
        List<String> events = new ArrayList<>();
        for (ReplicaEvent event : heard.events()) {
            if (event instanceof ReplicaEvent.Applied applied) {
                events.add("_update " + applied.update());
            } else if (event instanceof ReplicaEvent.Stale stale) {
                events.add("old_data " + stale.update());
            } else if (event instanceof SessionEvent.Closed closed) {
                events.add("unstream " + closed.remaining());
            }
        }
        return events;
    }

    private void compareFinal(List<String> differences) {
        JsonObject last =
                Vectors.member(Vectors.member(record, "final").asObject(), name).asObject();
        compare("clock", Clock.of(Json.parse(Vectors.text(last, "clock")).asObject()), replica.clock(), differences);
        compare(
                "history",
                Vectors.texts(last, "history"),
                replica.history().stream().map(Update::toString).toList(),
                differences);
        compare(
                "streams",
                (int) Vectors.member(last, "streams").asDouble(),
                replica.sessions().size(),
                differences);
        if (replica instanceof Model model) {
            compare("json", Vectors.text(last, "json"), model.toJson().toString(), differences);
            compare("keys", Vectors.texts(last, "keys"), model.keys(), differences);
        }
    }

    private static void compare(String what, Object recorded, Object actual, List<String> differences) {
        if (!recorded.equals(actual)) {
            differences.add(what + ": recorded " + recorded + ", found " + actual);
        }
    }
}
