package dev.scuttlebutt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Effects in order, without a bound. One thread at a time may add and one at a time may take, each seeing what the one before
 * it did; the two may be different and need nothing in common.
 */
final class EffectQueue {
    /*
     * Since adding is ordered by the core's lock and taking by the counter of whoever drains, neither needs to compete for
     * anything: each side writes a counter that the other reads. A queue for any number of threads would pay for an atomic
     * instruction and a node at either end.
     *
     * Effects lie in chunks; the last place of a chunk leads to the next one.
     */
    private static final int LINK = 63;

    private static final VarHandle ADDED;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ADDED = lookup.findVarHandle(EffectQueue.class, "added", long.class);
            TAKEN = lookup.findVarHandle(EffectQueue.class, "taken", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // Of whoever adds.
    private @Nullable Object[] last = new Object[LINK + 1];
    private int lastEnd;
    private long added;

    // Of whoever takes.
    private @Nullable Object[] first = last;
    private int firstBegin;
    private long taken;

    void add(Object effect) {
        if (lastEnd == LINK) {
            @Nullable Object[] next = new Object[LINK + 1];
            last[LINK] = next;
            last = next;
            lastEnd = 0;
        }
        last[lastEnd++] = effect;
        ADDED.setRelease(this, added + 1);
    }

    /** Null when there is nothing. */
    @Nullable
    Object poll() {
        if (taken == (long) ADDED.getAcquire(this)) {
            return null;
        }
        if (firstBegin == LINK) {
            first = next(first);
            firstBegin = 0;
        }
        Object effect = first[firstBegin];
        first[firstBegin++] = null;
        TAKEN.setRelease(this, taken + 1);
        return effect;
    }

    private static @Nullable Object[] next(@Nullable Object[] chunk) {
        Object next = chunk[LINK];
        if (next == null) {
            throw new AssertionError("more was added than there was room for");
        }
        // A chunk that has become old would keep all that came after it from being collected with the young.
        chunk[LINK] = null;
        return (Object[]) next;
    }

    /** Any thread may ask. True only when all that this thread has added, or seen added, is taken. */
    boolean isEmpty() {
        return (long) TAKEN.getAcquire(this) == (long) ADDED.getAcquire(this);
    }
}
