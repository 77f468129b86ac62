package dev.scuttlebutt.journal;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands what is in a file to a replica. */
final class Loader implements JournalReader.Visitor, AutoCloseable {
    /*
     * A history is handed over when its end has been read, because the updates of one source have to come in ascending
     * order, and there are files in which they do not. What follows the history came in the order in which it was
     * applied.
     *
     * What the header says was seen counts only when the file is intact. The clock would otherwise cover what was lost,
     * and no peer would send it again.
     */
    private static final int BATCH = 1024;
    private static final long LISTENER_SECONDS = 10;

    private record Place(long line, long offset) {}

    private final Path file;
    private final Replica replica;
    private final JournalOptions options;
    private final Quarantine quarantine;
    private final Session session;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<BadLine> badLines = new ArrayList<>();
    private final Map<String, double[]> holds = new HashMap<>();
    private final List<Update> updates = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private boolean inHistory = true;
    private boolean synced;
    private @Nullable BadLine torn;
    private boolean tornHeader;
    private @Nullable String id;
    private Clock clock = Clock.EMPTY;
    private long headerAt;
    private long syncEnd;
    private int headers;
    private List<Update> batch = List.of();
    private int batchFrom;

    private long setAside;

    // Guarded by this: listeners may be called on other threads.
    private final Map<Update, String> rejected = new IdentityHashMap<>();

    Loader(Path file, Replica replica, JournalOptions options) {
        this.file = file;
        this.replica = replica;
        this.options = options;
        this.quarantine = new Quarantine(file);
        this.session = replica.open(SessionOptions.receiveOnly().sendClock(false));
        listen(ReplicaEvent.Invalid.class, event -> reject(event.update(), event.reason()));
        listen(ReplicaEvent.Unverified.class, event -> reject(event.update(), event.reason()));
        listen(ReplicaEvent.Refused.class, event -> reject(event.update(), event.reason()));
    }

    private <E extends ReplicaEvent> void listen(Class<E> type, Consumer<E> listener) {
        subscriptions.add(replica.on(type, listener));
    }

    /** Reads the file. */
    JournalReader.End load(Disk.Handle handle) throws IOException {
        JournalReader.End end = JournalReader.read(file, handle, options.limits(), this);
        deliver();
        BadLine first = badLines.isEmpty() ? torn : badLines.get(0);
        if (headers == 0 && session.stats().received() == 0 && first != null && !tornHeader) {
            throw new FileSystemException(file.toString(), null, "is no journal: " + first + "; nothing was changed");
        }
        // To set everything aside would empty the file of a replica of another type, or of one whose keys were
        // forgotten.
        long received = session.stats().received();
        if (received > 0 && setAside == received) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "holds nothing that this replica takes: " + badLines.get(badLines.size() - 1)
                            + "; it may be of another type, or signed with keys that are not trusted here;"
                            + " nothing was changed");
        }
        return end;
    }

    /** Makes the replica go on where the one that wrote the file left off. */
    void restore() {
        replica.restore(id, options.knownClock() ? clock : own(), synced && badLines.isEmpty());
    }

    private Clock own() {
        double latest = clock.latest(String.valueOf(id));
        return id == null || latest == Clock.NEVER ? Clock.EMPTY : Clock.of(Map.of(id, latest));
    }

    LoadReport report(JournalReader.End end) {
        Session.Stats stats = session.stats();
        return new LoadReport(
                end.bytes(),
                end.lines(),
                stats.received() - stats.stale() - stats.invalid() - stats.unverified() - stats.refused(),
                stats.stale(),
                badLines,
                torn,
                synced,
                id,
                clock);
    }

    Quarantine quarantine() {
        return quarantine;
    }

    /** Returns what a peer would have to have that has been sent this file. */
    Clock holds() {
        Map<String, Double> latest = new HashMap<>();
        holds.forEach((source, timestamp) -> latest.put(source, timestamp[0]));
        Clock lines = Clock.of(latest);
        return options.knownClock() ? lines.merge(clock) : lines;
    }

    /** Returns how many bytes the latest header and history have, 0 when there is none that is complete. */
    long history() {
        return syncEnd > headerAt ? syncEnd - headerAt : 0;
    }

    /** Tells whether updates can be written behind what is there. */
    boolean canResume() {
        return headers > 0 && synced && badLines.isEmpty();
    }

    @Override
    public void handshake(Handshake handshake, long line, long offset) throws IOException {
        deliver();
        headers++;
        headerAt = offset;
        inHistory = true;
        synced = false;
        id = handshake.id() == null ? id : handshake.id();
        clock = clock.merge(handshake.clock());
    }

    @Override
    public void update(Update update, long line, long offset) throws IOException {
        updates.add(update);
        places.add(new Place(line, offset));
        if (!inHistory && updates.size() == BATCH) {
            deliver();
        }
    }

    @Override
    public void sync(long line, long offset) throws IOException {
        deliver();
        inHistory = false;
        synced = true;
        syncEnd = offset + "\"SYNC\"\n".length();
    }

    @Override
    public void bad(BadLine bad, byte[] bytes) throws IOException {
        badLines.add(bad);
        quarantine.add(bad, bytes);
        if (badLines.size() > options.maxBadLines()) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "has more than " + options.maxBadLines() + " bad lines, the last is " + bad
                            + "; nothing was changed");
        }
    }

    @Override
    public void torn(BadLine tail, byte[] bytes) {
        torn = tail;
        tornHeader = tail.line() == 1 && bytes[0] == '{';
        quarantine.add(tail, bytes);
    }

    private void deliver() throws IOException {
        if (inHistory) {
            putInOrder();
        }
        for (int from = 0; from < updates.size(); from += BATCH) {
            int to = Math.min(from + BATCH, updates.size());
            List<Update> part = updates.subList(from, to);
            synchronized (this) {
                batch = part;
                batchFrom = from;
            }
            session.receive(part);
            awaitListeners();
            setAsideRejected();
            note(part);
        }
        synchronized (this) {
            batch = List.of();
        }
        updates.clear();
        places.clear();
    }

    private void note(List<Update> part) {
        String recent = null;
        double[] entry = null;
        for (Update update : part) {
            String source = update.source();
            if (entry == null || !source.equals(recent)) {
                entry = holds.computeIfAbsent(source, first -> new double[] {Clock.NEVER});
                recent = source;
            }
            if (Math.abs(update.timestamp()) <= Update.MAX_TIMESTAMP) {
                entry[0] = Math.max(entry[0], update.timestamp());
            }
        }
    }

    /** Sorts the updates of each source, within the places that they have. */
    private void putInOrder() {
        Map<String, double[]> latest = new HashMap<>();
        boolean ascending = true;
        for (Update update : updates) {
            double[] last = latest.computeIfAbsent(update.source(), first -> new double[] {Clock.NEVER});
            ascending &= update.timestamp() >= last[0];
            last[0] = update.timestamp();
        }
        if (ascending) {
            return;
        }
        Map<String, List<Integer>> bySource = new HashMap<>();
        for (int i = 0; i < updates.size(); i++) {
            bySource.computeIfAbsent(updates.get(i).source(), first -> new ArrayList<>())
                    .add(i);
        }
        Update[] oldUpdates = updates.toArray(new Update[0]);
        Place[] oldPlaces = places.toArray(new Place[0]);
        for (List<Integer> slots : bySource.values()) {
            Integer[] order = slots.toArray(new Integer[0]);
            Arrays.sort(order, (a, b) -> Double.compare(oldUpdates[a].timestamp(), oldUpdates[b].timestamp()));
            for (int i = 0; i < order.length; i++) {
                updates.set(slots.get(i), oldUpdates[order[i]]);
                places.set(slots.get(i), oldPlaces[order[i]]);
            }
        }
    }

    // What the replica does not accept

    private synchronized void reject(Update update, String reason) {
        for (Update candidate : batch) {
            if (candidate == update) {
                rejected.put(update, reason);
                notifyAll();
                return;
            }
        }
    }

    /** Listeners have usually been called by now; only when another thread is busy with them they have not. */
    private synchronized void awaitListeners() throws IOException {
        Session.Stats stats = session.stats();
        long expected = stats.invalid() + stats.unverified() + stats.refused() - setAside;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LISTENER_SECONDS);
        try {
            while (rejected.size() < expected) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new IllegalStateException(
                            "listeners of the replica are busy: a journal cannot be opened by one of them");
                }
                wait(millis);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while loading " + file, stopped);
        }
    }

    private void setAsideRejected() throws IOException {
        List<Update> part;
        Map<Update, String> reasons;
        synchronized (this) {
            if (rejected.isEmpty()) {
                return;
            }
            part = batch;
            reasons = new IdentityHashMap<>(rejected);
            rejected.clear();
        }
        setAside += reasons.size();
        for (int i = 0; i < part.size(); i++) {
            String reason = reasons.get(part.get(i));
            if (reason != null) {
                Place place = places.get(batchFrom + i);
                byte[] bytes = part.get(i).toString().getBytes(StandardCharsets.UTF_8);
                bad(new BadLine(place.line, place.offset, part.get(i).length() - 1, reason), bytes);
            }
        }
    }

    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
        session.close();
    }
}
