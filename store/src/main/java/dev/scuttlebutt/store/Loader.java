package dev.scuttlebutt.store;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.store.Storage.BadRow;
import dev.scuttlebutt.store.Storage.Block;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands the blocks of a document to its replica. */
final class Loader implements Storage.BlockReader, AutoCloseable {
    private final String name;
    private final Replica replica;
    private final StoreOptions options;
    private final Update.Parser parser;
    private final Subscription[] subscriptions;
    private final List<BadRow> badRows = new ArrayList<>();
    private int badBlocks;
    private Clock clock = Clock.EMPTY;
    private long snapshotBytes;
    private long blockBytes;

    // Listeners may be called on another thread while this one waits for nobody: the text is a courtesy.
    private volatile @Nullable String reason;

    Loader(String name, Replica replica, StoreOptions options) {
        this.name = name;
        this.replica = replica;
        this.options = options;
        this.parser = new Update.Parser(options.limits().maxDepth());
        this.subscriptions = new Subscription[] {
            replica.on(ReplicaEvent.Invalid.class, event -> reason = event.reason()),
            replica.on(ReplicaEvent.Unverified.class, event -> reason = event.reason()),
            replica.on(ReplicaEvent.Refused.class, event -> reason = event.reason())
        };
    }

    @Override
    public void read(Block block) throws IOException {
        if (block.snapshot()) {
            snapshotBytes += block.lines().length;
        } else {
            blockBytes += block.lines().length;
        }
        int before = badRows.size();
        if (block.damage() != null) {
            setAside(block, 0, block.damage(), 0, block.lines().length);
        } else {
            clock = clock.merge(block.clock());
            apply(block);
        }
        if (badRows.size() > before) {
            badBlocks++;
            if (badBlocks > options.maxBadRows()) {
                BadRow last = badRows.get(badRows.size() - 1);
                throw new IOException("document \"" + name + "\" has more than " + options.maxBadRows()
                        + " bad rows, the last is row " + last.key() + ", line " + last.line() + ": " + last.reason()
                        + "; nothing was changed");
            }
        }
    }

    private void apply(Block block) {
        byte[] lines = block.lines();
        int from = 0;
        int number = 0;
        while (from < lines.length) {
            int to = from;
            while (to < lines.length && lines[to] != '\n') {
                to++;
            }
            number++;
            String problem =
                    to - from > options.limits().maxLineBytes() ? "longer than a line may be" : apply(lines, from, to);
            if (problem != null) {
                setAside(block, number, problem, from, to);
            }
            from = to + 1;
        }
    }

    /** Returns what is wrong with the line, or null. */
    private @Nullable String apply(byte[] lines, int from, int to) {
        Update update;
        try {
            update = parser.parse(lines, from, to);
        } catch (JsonException malformed) {
            return malformed.getMessage();
        }
        if (update == null) {
            return "an update is [change, timestamp, source], with a number and a text";
        }
        Outcome outcome = replica.apply(update);
        return switch (outcome) {
            case APPLIED, IGNORED, STALE -> null;
            case INVALID, UNVERIFIED, REFUSED -> "the replica found it " + outcome + ": " + reason;
        };
    }

    private void setAside(Block block, int line, String problem, int from, int to) {
        badRows.add(new BadRow(name, block.key(), line, problem, Arrays.copyOfRange(block.lines(), from, to)));
    }

    /** Returns what the document had seen, superseded updates included. */
    Clock clock() {
        return clock;
    }

    List<BadRow> badRows() {
        return badRows;
    }

    long snapshotBytes() {
        return snapshotBytes;
    }

    long blockBytes() {
        return blockBytes;
    }

    @Override
    public void close() {
        for (Subscription subscription : subscriptions) {
            subscription.close();
        }
    }
}
