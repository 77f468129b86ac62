package dev.scuttlebutt.cli;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.SessionEvent;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.cli.command.EventSink;
import dev.scuttlebutt.cli.command.ReplicaCommands;
import dev.scuttlebutt.cli.command.Scope;
import dev.scuttlebutt.cli.command.TypeCommands;
import dev.scuttlebutt.cli.command.Waiting;
import dev.scuttlebutt.cli.command.Words;
import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One replica, its connections, and what can be said to it. Safe from any thread; commands run one at a time. */
final class Node {
    /** How long the end waits for a command that is being run. */
    private static final long COMMAND_SECONDS = 2;

    private final Waiting waiting = new Waiting();
    private final ReentrantLock commands = new ReentrantLock();
    private final Connections connections;
    private final Scope scope;
    private final Consumer<ReplicaEvent> typeEvents;
    private final @Nullable EventSink events;
    private final EventBarrier told;
    private final @Nullable NodeJournal journal;
    private volatile boolean ending;
    private volatile boolean silent;

    private <R extends Replica> Node(
            TypeCommands<R> type,
            R replica,
            SessionOptions session,
            @Nullable NodeJournal journal,
            @Nullable EventSink events) {
        this.events = events;
        this.journal = journal;
        this.typeEvents = event -> type.show(event, this::show);
        this.connections = new Connections(
                replica, session, (peer, cause) -> show("error", Json.of(peer + ": " + Failure.text(cause))));
        this.scope = Scope.of(
                type.scope(replica, this::show), ReplicaCommands.scope(replica, waiting), NodeCommands.scope(this));
        this.told = new EventBarrier(replica);
        if (events != null) {
            replica.on(ReplicaEvent.class, this::show);
        }
    }

    /**
     * Makes the replica; there are no connections yet.
     *
     * @param events where events are shown, until the end begins; null: nowhere
     * @throws IllegalArgumentException if the type refuses the options
     */
    static <R extends Replica> Node create(
            TypeCommands<R> type, ReplicaOptions options, SessionOptions session, @Nullable EventSink events) {
        return new Node(type, type.create(options), session, null, events);
    }

    /**
     * Makes the replica and loads it from a file; there are no connections yet.
     *
     * @param events where events are shown, until the end begins; null: nowhere. Those of loading are not.
     * @param err where it is said what is wrong with the file
     * @throws IllegalArgumentException if the type refuses the options
     * @throws IOException if the file cannot be used
     */
    static <R extends Replica> Node create(
            TypeCommands<R> type,
            ReplicaOptions options,
            SessionOptions session,
            NodeJournal.Place place,
            @Nullable EventSink events,
            PrintWriter err)
            throws IOException {
        R replica = type.create(options);
        return new Node(type, replica, session, NodeJournal.open(place, replica, err), events);
    }

    Connections connections() {
        return connections;
    }

    Waiting waiting() {
        return waiting;
    }

    Scope scope() {
        return scope;
    }

    /** Says that no further command is to be run. */
    void quit() {
        ending = true;
    }

    /** Tells whether no further command will be run. */
    boolean isEnding() {
        return ending;
    }

    /**
     * Runs a command. The events of what has happened until then have been shown when it returns, and it is in the file.
     *
     * @return the result, null when there is none
     * @throws CommandException if it is unknown or wrong, or failed
     */
    @Nullable
    Json run(Words words) throws CommandException {
        commands.lock();
        try {
            if (ending) {
                throw new CommandException("the program is ending");
            }
            return scope.run(words);
        } catch (IllegalStateException notNow) {
            throw new CommandException(Failure.text(notNow));
        } catch (RuntimeException fault) {
            // One command more or less must not cost the connections of all others.
            throw new CommandException("internal error: " + fault);
        } finally {
            awaitEvents();
            if (journal != null) {
                journal.settle();
            }
            commands.unlock();
        }
    }

    /**
     * Ends: no further command, and no event of what happens from now on; what is due is sent, everything is closed, within
     * bounded time.
     *
     * @return peers that may lack updates made here, and why; empty if another thread ends it as well
     */
    List<String> close() {
        ending = true;
        waiting.end();
        boolean idle = awaitCommand();
        try {
            awaitEvents();
            silent = true;
            return connections.close();
        } finally {
            if (idle) {
                commands.unlock();
            }
        }
    }

    /**
     * Lets go of the file.
     *
     * @throws IOException if something could not be saved
     */
    void closeJournal() throws IOException {
        if (journal != null) {
            journal.close();
        }
    }

    private boolean awaitCommand() {
        try {
            return commands.tryLock(COMMAND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitEvents() {
        if (events != null) {
            told.await();
        }
    }

    private void show(ReplicaEvent event) {
        if (told.passes(event)) {
            return;
        }
        if (event instanceof SessionEvent session) {
            if (journal == null) {
                SessionEvents.show(session, 0, this::show);
            } else if (!journal.owns(session.session())) {
                SessionEvents.show(session, journal.sessions(), this::show);
            }
        } else {
            ReplicaCommands.show(event, this::show);
            typeEvents.accept(event);
        }
    }

    private void show(String name, Json data) {
        if (events != null && !silent) {
            events.show(name, data);
        }
    }
}
