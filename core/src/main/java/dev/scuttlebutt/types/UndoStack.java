package dev.scuttlebutt.types;

import dev.scuttlebutt.Update;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Undoes and redoes what was changed through one {@link RArray}, and nothing that others have done. Made by
 * {@link RArray#undoStack}.
 *
 * <p>To undo is to change again: with one update items that were inserted are deleted, items that were deleted are back at
 * their place, values that were replaced are back. Where somebody else has changed an item meanwhile, it is left alone.
 *
 * <p>Changes that follow each other quickly are one group and undone together. The last 1,000 groups are kept.
 *
 * <p>May be called from any thread.
 */
public final class UndoStack {
    /*
     * A group knows of each key what it was before and after. It may be undone as far as the keys still are as it left
     * them, by a write from here: undoing what came later restores just that.
     */
    private static final int MAX_GROUPS = 1_000;

    /** Keys in all groups. The oldest groups are dropped beyond. */
    private static final int MAX_STEPS = 2_000_000;

    /** Changes of one source that belong together. */
    private record Group(String source, Map<String, ItemDraft.Step> steps) {
        void add(ItemDraft.Step later) {
            steps.merge(
                    later.key(), later, (first, last) -> new ItemDraft.Step(last.key(), first.before(), last.after()));
        }
    }

    private final RArray array;
    private final double grouping;
    private final Deque<Group> undo = new ArrayDeque<>();
    private final Deque<Group> redo = new ArrayDeque<>();
    private int steps;
    private double latest;
    private boolean separate = true;
    private int nesting;

    UndoStack(RArray array, Duration grouping) {
        this.array = array;
        this.grouping = grouping.toNanos() / 1e6;
    }

    /** Undoes the last group; false when there is none of which anything can be undone. */
    public boolean undo() {
        return revert(undo, redo);
    }

    /** Does again what was undone last; false when nothing was, or there was another change since. */
    public boolean redo() {
        return revert(redo, undo);
    }

    /** Tells whether there is a group to undo. It may turn out that others have changed all of it. */
    public synchronized boolean canUndo() {
        return !undo.isEmpty();
    }

    /** Tells whether there is a group to do again. */
    public synchronized boolean canRedo() {
        return !redo.isEmpty();
    }

    /** Ends a group: the next change begins a new one, for example because the caret was moved. */
    public synchronized void separate() {
        separate = true;
    }

    /** Makes one group of all changes that are made meanwhile. */
    public void group(Runnable changes) {
        enter(1);
        try {
            changes.run();
        } finally {
            enter(-1);
        }
    }

    private synchronized void enter(int more) {
        if (nesting == 0 || nesting + more == 0) {
            separate = true;
        }
        nesting += more;
    }

    /** Forgets everything. */
    public synchronized void clear() {
        undo.clear();
        redo.clear();
        steps = 0;
        separate = true;
    }

    /** Takes down a change that was made. */
    synchronized void add(Collection<ItemDraft.Step> made, String source, double now) {
        redo.forEach(group -> steps -= group.steps().size());
        redo.clear();
        Group group = undo.peekLast();
        boolean joins = group != null
                && !separate
                && group.source().equals(source)
                && (nesting > 0 || Math.abs(now - latest) <= grouping);
        if (group == null || !joins) {
            group = new Group(source, new LinkedHashMap<>());
            undo.addLast(group);
        }
        steps -= group.steps().size();
        made.forEach(group::add);
        steps += group.steps().size();
        latest = now;
        separate = false;
        while (undo.size() > MAX_GROUPS || (steps > MAX_STEPS && undo.size() > 1)) {
            steps -= undo.removeFirst().steps().size();
        }
    }

    private boolean revert(Deque<Group> from, Deque<Group> to) {
        Group group;
        while ((group = take(from)) != null) {
            List<ItemDraft.Step> made = new ArrayList<>();
            Update update = array.revert(group.steps().values(), group.source(), made);
            if (update != null) {
                put(to, update.source(), made);
                return true;
            }
        }
        return false;
    }

    private synchronized @Nullable Group take(Deque<Group> from) {
        Group group = from.pollLast();
        separate = true;
        if (group != null) {
            steps -= group.steps().size();
        }
        return group;
    }

    private synchronized void put(Deque<Group> to, String source, List<ItemDraft.Step> made) {
        Group group = new Group(source, new LinkedHashMap<>());
        made.forEach(group::add);
        to.addLast(group);
        steps += group.steps().size();
    }
}
