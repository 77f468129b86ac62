package dev.scuttlebutt.cli.command;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The commands and events of every type. */
public final class ReplicaCommands {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SOURCES_TOLD = 3;

    private static final List<Verb<ReplicaCommands>> VERBS = List.of(
            Verb.of("json", "", "the visible state", (here, arguments) -> here.replica.toJson()),
            Verb.of(
                    "clock",
                    "",
                    "latest timestamp of each source",
                    (here, arguments) -> here.replica.clock().toJson()),
            Verb.of("history", "[CLOCK]", "the updates, or those a clock lacks", ReplicaCommands::history),
            Verb.of("id", "", "id of this replica", (here, arguments) -> Json.of(here.replica.id())),
            Verb.of("apply", "UPDATE", "take in an update as if a peer had sent it", ReplicaCommands::apply),
            Verb.of("await", "CLOCK [SECONDS]", "wait until this clock is reached", ReplicaCommands::await));

    private final Replica replica;
    private final Waiting waiting;

    private ReplicaCommands(Replica replica, Waiting waiting) {
        this.replica = replica;
        this.waiting = waiting;
    }

    /** Returns the commands, acting on a replica. */
    public static Scope scope(Replica replica, Waiting waiting) {
        return Scope.of(VERBS, new ReplicaCommands(replica, waiting));
    }

    /** Shows an event that replicas of every type have; others are left alone. */
    public static void show(ReplicaEvent event, EventSink out) {
        if (event instanceof ReplicaEvent.Applied applied) {
            out.show("_update", applied.update().toJson());
        } else if (event instanceof ReplicaEvent.Stale stale) {
            out.show("old_data", stale.update().toJson());
        } else if (event instanceof ReplicaEvent.Unverified unverified) {
            out.show("unverified_data", unverified.update().toJson());
        } else if (event instanceof ReplicaEvent.Refused refused) {
            out.show("refused", Json.array(refused.reason(), refused.update().toJson()));
        } else if (event instanceof ReplicaEvent.Invalid invalid) {
            out.show("invalid", Json.array(invalid.reason(), invalid.update().toJson()));
        } else if (event instanceof ReplicaEvent.Disposed) {
            out.show("dispose", Json.NULL);
        } else if (event instanceof ReplicaEvent.ListenerFailed failed) {
            out.show("error", Json.of(failed.failure().toString()));
        }
    }

    private Json history(Arguments arguments) throws CommandException {
        Clock since = arguments.has(0) ? arguments.clock(0) : Clock.EMPTY;
        return JsonArray.of(replica.history(since).stream().map(Update::toJson).toList());
    }

    private Json apply(Arguments arguments) throws CommandException {
        Update update = Update.parse(arguments.value(0).toString());
        return Json.of(replica.apply(update).name().toLowerCase(Locale.ROOT));
    }

    private Json await(Arguments arguments) throws CommandException {
        Clock wanted = arguments.clock(0);
        Duration patience = arguments.seconds(1, PATIENCE);
        if (!waiting.until(() -> replica.clock().covers(wanted), patience)) {
            throw new CommandException(
                    "not reached within " + Waiting.text(patience) + ": " + missing(replica.clock(), wanted));
        }
        return Json.TRUE;
    }

    private static String missing(Clock clock, Clock wanted) {
        return wanted.toMap().entrySet().stream()
                .filter(entry -> clock.latest(entry.getKey()) < entry.getValue())
                .limit(SOURCES_TOLD)
                .map(entry -> entry.getKey() + " is at " + text(clock.latest(entry.getKey())) + ", wanted "
                        + text(entry.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String text(double timestamp) {
        return timestamp == Clock.NEVER ? "nothing" : JsonWriter.text(timestamp);
    }
}
