package dev.scuttlebutt;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The history in memory. */
final class ArrivalLog implements History {
    /*
     * Updates lie in arrival order, each with a position that is never reused. Arrival order keeps cause before effect
     * as this replica saw them, and per source it equals timestamp order, because the clock refuses anything older. A
     * peer therefore needs one number to resume.
     *
     * Forgetting clears the slot. When more than half of the slots are empty the arrays are compacted; positions survive
     * because they are looked up by binary search, not used as indexes. A compaction starts a new epoch, after which a
     * cursor finds its place again.
     *
     * Per source, the timestamps and slots of its updates lie side by side, in ascending order. They answer what a clock
     * lacks by binary search, and where an update lies that is to be forgotten.
     *
     * What is held when a peer shakes hands goes out by timestamp and source, a merge of the sources. It must stop at
     * the position where the log ended then: without the bound a later update of one source could overtake an earlier
     * one of the same source that a slow merge had not reached, and the receiver would drop the earlier one for ever.
     *
     * A linked list would let a slow peer pin every node behind it.
     */
    private static final int SMALL = 64;
    private static final int GONE = -1;

    private final boolean heldInArrivalOrder;
    private final Map<String, Source> sources = new HashMap<>();
    private @Nullable Source recent;
    private @Nullable Update[] slots = new Update[SMALL];
    private long[] positions = new long[SMALL];
    private int used;
    private int live;
    private long end;
    private int epoch;

    ArrivalLog(boolean heldInArrivalOrder) {
        this.heldInArrivalOrder = heldInArrivalOrder;
    }

    @Override
    public void append(Update update) {
        if (used == slots.length) {
            makeRoom();
        }
        source(update.source()).add(update.timestamp(), used);
        slots[used] = update;
        positions[used] = end++;
        used++;
        live++;
    }

    @Override
    public void forget(Update update) {
        Source source = find(update.source());
        if (source == null) {
            return;
        }
        int slot = source.slotOf(update.timestamp());
        if (slot == GONE || slots[slot] == null) {
            return;
        }
        slots[slot] = null;
        live--;
        if (live < used / 2 && used > SMALL) {
            compact();
        }
    }

    @Override
    public int size() {
        return live;
    }

    @Override
    public Cursor open(Clock peer) {
        return new LogCursor(peer);
    }

    private Source source(String id) {
        Source source = find(id);
        if (source == null) {
            source = new Source(id);
            sources.put(id, source);
            recent = source;
        }
        return source;
    }

    @SuppressWarnings("ReferenceEquality") // a quick first try; the map decides
    private @Nullable Source find(String id) {
        Source source = recent;
        if (source != null && source.id == id) {
            return source;
        }
        source = sources.get(id);
        if (source != null) {
            recent = source;
        }
        return source;
    }

    private void makeRoom() {
        if (live < used / 2) {
            compact();
        } else {
            int capacity = slots.length + (slots.length >> 1);
            slots = Arrays.copyOf(slots, capacity);
            positions = Arrays.copyOf(positions, capacity);
        }
    }

    private void compact() {
        // The updates themselves are not looked at: they lie all over memory.
        int capacity = Math.max(SMALL, live + (live >> 1));
        @Nullable Update[] liveSlots = new Update[capacity];
        long[] livePositions = new long[capacity];
        int[] moved = new int[used];
        int to = 0;
        for (int from = 0; from < used; from++) {
            Update update = slots[from];
            if (update == null) {
                moved[from] = GONE;
            } else {
                liveSlots[to] = update;
                livePositions[to] = positions[from];
                moved[from] = to++;
            }
        }
        slots = liveSlots;
        positions = livePositions;
        used = to;
        epoch++;
        for (Iterator<Source> all = sources.values().iterator(); all.hasNext(); ) {
            if (!all.next().compact(moved)) {
                all.remove();
            }
        }
        recent = null;
    }

    /** Index of the first slot whose position is not below the given one. */
    private int slotFrom(long position) {
        // Who is up to date asks for the end: no search through memory that has not been looked at for long.
        int low = position == end ? used : 0;
        int high = used;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positions[middle] < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The updates of one source, in ascending order. */
    private static final class Source {
        final String id;
        double[] timestamps = new double[4];
        int[] slots = new int[4];
        int size;
        private int next;

        Source(String id) {
            this.id = id;
        }

        void add(double timestamp, int slot) {
            if (size == slots.length) {
                int capacity = size + (size >> 1) + 2;
                timestamps = Arrays.copyOf(timestamps, capacity);
                slots = Arrays.copyOf(slots, capacity);
            }
            timestamps[size] = timestamp + 0.0;
            slots[size] = slot;
            size++;
        }

        /** Slot of the update with this timestamp, or {@link #GONE} when there is none. */
        int slotOf(double timestamp) {
            // What was written in one order is often superseded in that order.
            int index = next;
            if (index >= size || timestamps[index] != timestamp) {
                index = indexOf(timestamp);
                if (index < 0) {
                    return GONE;
                }
            }
            next = index + 1;
            return slots[index];
        }

        /** Index, or negative as {@link Arrays#binarySearch(double[], double)}. */
        int indexOf(double timestamp) {
            // Adding 0.0 folds -0 into 0, which binary search would tell apart.
            return Arrays.binarySearch(timestamps, 0, size, timestamp + 0.0);
        }

        /** Tells whether its last update is, without a search: most peers lack nothing of most sources. */
        boolean isAfter(double timestamp) {
            return size > 0 && timestamps[size - 1] > timestamp;
        }

        int firstAfter(double timestamp) {
            int index = indexOf(timestamp);
            return index < 0 ? -index - 1 : index + 1;
        }

        /** Follows its updates to where they moved, and gives memory back; false when nothing is left. */
        boolean compact(int[] moved) {
            int to = 0;
            for (int from = 0; from < size; from++) {
                int slot = moved[slots[from]];
                if (slot != GONE) {
                    timestamps[to] = timestamps[from];
                    slots[to++] = slot;
                }
            }
            size = to;
            next = 0;
            if (size < slots.length / 4 && slots.length > 16) {
                timestamps = Arrays.copyOf(timestamps, size + 4);
                slots = Arrays.copyOf(slots, size + 4);
            }
            return size > 0;
        }
    }

    private final class LogCursor implements Cursor {
        private final LiveClock peer = new LiveClock();
        private final long heldEnd = end;
        private long stop = Long.MAX_VALUE;
        private long position;
        private boolean caughtUp;
        private int slot;
        private int seenEpoch = -1;
        private final PriorityQueue<Run> runs = new PriorityQueue<>();

        LogCursor(Clock clock) {
            peer.raise(clock);
            position = heldInArrivalOrder ? firstLacking() : 0;
        }

        private long firstLacking() {
            int first = used;
            for (Source source : sources.values()) {
                double known = peer.latest(source.id);
                if (source.isAfter(known)) {
                    first = Math.min(first, source.slots[source.firstAfter(known)]);
                }
            }
            return first == used ? end : positions[first];
        }

        @Override
        public @Nullable Update nextHeld() {
            if (caughtUp) {
                return null;
            }
            Update next = heldInArrivalOrder ? nextInArrivalOrder(heldEnd) : nextInStampOrder();
            if (next == null) {
                caughtUp = true;
                runs.clear();
                position = heldEnd;
                slot = slotFrom(position);
                seenEpoch = epoch;
            }
            return next;
        }

        @Override
        public @Nullable Update nextLive() {
            return nextInArrivalOrder(stop);
        }

        private @Nullable Update nextInArrivalOrder(long limit) {
            if (seenEpoch != epoch) {
                slot = slotFrom(position);
                seenEpoch = epoch;
            }
            while (slot < used && positions[slot] < limit) {
                Update update = slots[slot];
                position = positions[slot] + 1;
                slot++;
                if (update != null && peer.raise(update.source(), update.timestamp())) {
                    return update;
                }
            }
            return null;
        }

        private @Nullable Update nextInStampOrder() {
            if (seenEpoch != epoch) {
                findRuns();
            }
            while (true) {
                Run run = runs.peek();
                if (run == null) {
                    return null;
                }
                Update update = run.update;
                if (runs.size() == 1) {
                    if (!run.advance()) {
                        runs.clear();
                    }
                } else {
                    runs.poll();
                    if (run.advance()) {
                        runs.add(run);
                    }
                }
                // The peer may have sent us a part of it meanwhile, or the slot may have been cleared.
                if (slots[run.previousSlot] == update && peer.raise(update.source(), update.timestamp())) {
                    return update;
                }
            }
        }

        private void findRuns() {
            runs.clear();
            for (Source source : sources.values()) {
                double known = peer.latest(source.id);
                if (source.isAfter(known)) {
                    Run run = new Run(source, source.firstAfter(known));
                    if (run.advance()) {
                        runs.add(run);
                    }
                }
            }
            seenEpoch = epoch;
        }

        @Override
        public boolean peerHas(String source, double timestamp) {
            return peer.raise(source, timestamp);
        }

        @Override
        public boolean covers(Update update) {
            return peer.covers(update);
        }

        @Override
        public int behind() {
            int behind = 0;
            for (Source source : sources.values()) {
                for (int i = source.firstAfter(peer.latest(source.id)); i < source.size; i++) {
                    if (slots[source.slots[i]] != null) {
                        behind++;
                    }
                }
            }
            return behind;
        }

        @Override
        public void stopAtEnd() {
            stop = end;
        }

        @Override
        public void close() {
            runs.clear();
            caughtUp = true;
            stop = 0;
        }

        /** The part of one source that the peer lacks and that was held at the handshake. */
        private final class Run implements Comparable<Run> {
            private final Source source;
            private int next;
            private int previousSlot;
            private int currentSlot;
            private Update update;

            @SuppressWarnings("NullAway") // set by advance(), which is called before anything looks
            Run(Source source, int next) {
                this.source = source;
                this.next = next;
            }

            /** Moves to the next update still held; false at the end. */
            boolean advance() {
                previousSlot = currentSlot;
                while (next < source.size) {
                    int candidate = source.slots[next++];
                    if (positions[candidate] >= heldEnd) {
                        return false;
                    }
                    Update held = slots[candidate];
                    if (held != null) {
                        currentSlot = candidate;
                        update = held;
                        return true;
                    }
                }
                return false;
            }

            @Override
            public int compareTo(Run other) {
                return Update.STAMP_ORDER.compare(update, other.update);
            }
        }
    }
}
