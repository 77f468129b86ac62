package dev.scuttlebutt.types;

import dev.scuttlebutt.types.sequence.ItemTree;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is typed into an {@link RString} quickly, so that it becomes one update instead of one for each key. Nobody
 * sees it, not even here, until it is {@linkplain #flush written}: by the executor, or because something is typed elsewhere.
 * What others write meanwhile does not move it: it belongs behind the character that it was typed behind.
 *
 * <pre>{@code
 * Keystrokes keys = new Keystrokes(text, CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS));
 * }</pre>
 *
 * <p>Offsets are those of the text as it looks to the one who types, {@link #text}. May be called from any thread. Listeners
 * that are told of what is written must not wait for another thread that types here.
 */
public final class Keystrokes implements AutoCloseable {
    /*
     * What is pending lies in one place: behind the item with the key on the left, or at the beginning. Items that were
     * deleted by going backwards from there are on its right by now, and gone as far as the one who types can tell.
     */
    private final RString text;
    private final Executor later;
    private final ReentrantLock lock = new ReentrantLock();

    private boolean isPending;
    private boolean isScheduled;
    private @Nullable String left;
    private final List<String> deleted = new ArrayList<>();
    private final StringBuilder inserted = new StringBuilder();

    /**
     * Begins to collect.
     *
     * @param later runs what it is given after a while, which is how long a keystroke waits at most
     */
    public Keystrokes(RString text, Executor later) {
        this.text = text;
        this.later = later;
    }

    /** Returns the text with what is pending. O(n). */
    public String text() {
        lock.lock();
        try {
            return text.look(() -> {
                StringBuilder all = new StringBuilder(text.text());
                for (String key : deleted) {
                    // From the end to the beginning, so that what comes before is still where the tree says.
                    if (text.items.find(key)) {
                        int offset = text.items.offset();
                        all.delete(offset, offset + text.items.text().length());
                    }
                }
                return all.insert(start(), inserted).toString();
            });
        } finally {
            lock.unlock();
        }
    }

    /**
     * Types.
     *
     * @throws IndexOutOfBoundsException if there is no such place
     */
    public void insert(int at, String typed) {
        lock.lock();
        try {
            int within = isPending ? at - text.look(this::start) : -1;
            if (within < 0 || within > inserted.length()) {
                flush();
                if (!begin(at)) {
                    text.insert(at, typed);
                    return;
                }
                within = 0;
            }
            inserted.insert(within, typed);
            schedule();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes, as keys for going backwards do and others.
     *
     * @param length in units; less if there are not so many
     * @throws IndexOutOfBoundsException if there is no such place
     * @throws IllegalArgumentException if the length is negative
     */
    public void delete(int at, int length) {
        if (length < 0) {
            throw new IllegalArgumentException("the length to delete must not be negative, was " + length);
        }
        lock.lock();
        try {
            if (length == 0 || (isPending && cut(at, at + length))) {
                return;
            }
            flush();
            if (begin(at + length) && takeBack(at, at + length)) {
                schedule();
            } else {
                isPending = false;
                text.delete(at, length);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Deletes from what is pending, and perhaps what is right before it; false when that is not all. */
    private boolean cut(int from, int to) {
        int start = text.look(this::start);
        if (to < start || to > start + inserted.length()) {
            return false;
        }
        int first = Math.max(from, start) - start;
        int end = to - start;
        if (isInPair(first) || isInPair(end) || (from < start && !takeBack(from, start))) {
            return false;
        }
        inserted.delete(first, end);
        return true;
    }

    private boolean isInPair(int index) {
        return index > 0
                && index < inserted.length()
                && Character.isSurrogatePair(inserted.charAt(index - 1), inserted.charAt(index));
    }

    /** Writes what is pending. */
    public void flush() {
        lock.lock();
        try {
            if (isPending) {
                isPending = false;
                text.write(draft -> {
                    for (String key : deleted) {
                        if (text.items.find(key) && text.items.value() != null) {
                            draft.write(null);
                        }
                    }
                    if (!inserted.isEmpty()) {
                        int index = left == null ? 0 : text.indexAfter(left);
                        draft.insert(left, index, RString.units(inserted.toString()));
                    }
                });
            }
        } finally {
            if (!isPending) {
                left = null;
                deleted.clear();
                inserted.setLength(0);
            }
            lock.unlock();
        }
    }

    /** Writes what is pending. */
    @Override
    public void close() {
        flush();
    }

    private void schedule() {
        if (!isScheduled) {
            isScheduled = true;
            later.execute(() -> {
                lock.lock();
                try {
                    isScheduled = false;
                    flush();
                } finally {
                    lock.unlock();
                }
            });
        }
    }

    /** Returns the offset of what is pending. Both locks held. */
    private int start() {
        ItemTree items = text.items;
        if (left == null) {
            return 0;
        }
        boolean isThere = items.find(left);
        return items.offset() + (isThere ? items.text().length() : 0);
    }

    /** Begins anew at an offset; false where that lies within an item or a pair, or nowhere. */
    private boolean begin(int at) {
        return text.look(() -> {
            if (at < 0 || at > text.items.textLength() || text.isInPair(at)) {
                return false;
            }
            String key = null;
            if (at > 0) {
                int within = text.items.seekText(at - 1);
                if (within + 1 != text.items.text().length()) {
                    return false;
                }
                key = text.items.key();
            }
            left = key;
            isPending = true;
            return true;
        });
    }

    /** Takes the items before what is pending; false, and nothing done, when they are no whole items. */
    private boolean takeBack(int from, int to) {
        return text.look(() -> {
            if (from < 0 || text.isInPair(from)) {
                return false;
            }
            List<String> taken = new ArrayList<>();
            int at = to;
            while (at > from) {
                text.items.seekText(at - 1);
                at -= text.items.text().length();
                taken.add(text.items.key());
            }
            if (at < from) {
                return false;
            }
            // From the end to the beginning, all of them before those that were taken earlier.
            deleted.addAll(taken);
            if (at > 0) {
                text.items.seekText(at - 1);
                left = text.items.key();
            } else {
                left = null;
            }
            return true;
        });
    }
}
