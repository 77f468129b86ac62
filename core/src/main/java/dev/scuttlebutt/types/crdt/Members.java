package dev.scuttlebutt.types.crdt;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rows of which something is true, in order, kept up to date. Guarded by the document's lock. */
final class Members {
    /*
     * Membership is a function of the row's present state, so it is tested whenever the row changes; the original tests a
     * rule only when the row is new, and its replicas differ by the order in which updates came.
     *
     * The rule may be the application's code. It runs with the lock held while an update is half merged, so nothing it
     * throws may get out: such a row is no member. Whether a row is a member is not asked of the rule again but looked up
     * among the members, so a rule that changes its mind does no harm.
     */
    private static final System.Logger LOG = System.getLogger("dev.scuttlebutt");

    /** Hears what happens to the members; called with the lock held. */
    interface Observer {
        /** Tells whether anybody wants to know; finding out where a row is costs a search. */
        boolean isHeard();

        void added(int index, Edit edit);

        /** Comes before {@link #moved} if both happen. */
        void changed(int index, Edit edit);

        void moved(int from, int to, Edit edit);

        void removed(int index, Edit edit);
    }

    private final @Nullable String field;
    private final @Nullable Json value;
    private final @Nullable Predicate<? super JsonObject> rule;
    private final RowOrder order;
    private final @Nullable Observer observer;
    final RowTree rows;

    /** Whether {@link #before} was called for the change under way. */
    private boolean pending;

    /** The index from which the row was taken out for the change under way, because the change may move it; or -1. */
    private int takenFrom;

    private boolean ruleFailed;

    private Members(
            @Nullable String field,
            @Nullable Json value,
            @Nullable Predicate<? super JsonObject> rule,
            RowOrder order,
            @Nullable Observer observer) {
        this.field = field;
        this.value = value;
        this.rule = rule;
        this.order = order;
        this.observer = observer;
        this.rows = new RowTree(order::compare);
    }

    /** The rows in which a field has this value. */
    static Members having(String field, Json value, RowOrder order, Observer observer) {
        return new Members(field, value, null, order, observer);
    }

    /** The rows that have a field, in the order of their values. */
    static Members having(String field) {
        return new Members(field, null, null, RowOrder.by(field), null);
    }

    /** The rows whose state keeps a rule. */
    static Members keeping(Predicate<? super JsonObject> rule, RowOrder order, Observer observer) {
        return new Members(null, null, rule, order, observer);
    }

    /** Returns the field by whose value membership is decided, null when it is a rule. */
    @Nullable
    String field() {
        return field;
    }

    @Nullable
    Json value() {
        return value;
    }

    void fill(Collection<RowState> candidates) {
        rows.addAll(candidates.stream()
                .filter(row -> row.isVisible() && accepts(row, rule == null ? null : row.toJson()))
                .toList());
    }

    boolean isPending() {
        return pending;
    }

    /** To be called before the row is changed, unless the row is no member. */
    void before(Edit edit) {
        pending = true;
        takenFrom = order.dependsOn(edit.fields()) && edit.row.isVisible() ? rows.indexOf(edit.row) : -1;
        if (takenFrom >= 0) {
            rows.remove(takenFrom);
        }
    }

    /** To be called after the row was changed. */
    void after(Edit edit) {
        boolean accepted = edit.row.isVisible() && accepts(edit.row, rule == null ? null : edit.state());
        if (takenFrom >= 0 && pending) {
            settle(edit, accepted);
        } else if (pending && !order.dependsOn(edit.fields())) {
            // It is where it was, if it was here, so it can be looked for now. Often nobody needs to know.
            settleInPlace(edit, accepted);
        } else if (accepted) {
            enter(edit);
        }
        pending = false;
        takenFrom = -1;
    }

    /** The row was taken out. */
    private void settle(Edit edit, boolean accepted) {
        if (accepted) {
            int to = rows.add(edit.row);
            if (observer != null) {
                observer.changed(takenFrom, edit);
                if (to != takenFrom) {
                    observer.moved(takenFrom, to, edit);
                }
            }
        } else if (observer != null) {
            observer.removed(takenFrom, edit);
        }
    }

    private void settleInPlace(Edit edit, boolean accepted) {
        boolean heard = observer != null && observer.isHeard();
        if (accepted && !heard && rule == null && edit.wasVisible()) {
            // Neither the field nor the order has changed, or this would not be the set it was and is in.
            return;
        }
        int index = rows.indexOf(edit.row);
        if (index < 0) {
            if (accepted) {
                enter(edit);
            }
        } else if (!accepted) {
            rows.remove(index);
            if (observer != null) {
                observer.removed(index, edit);
            }
        } else if (observer != null && !edit.fields().isEmpty()) {
            observer.changed(index, edit);
        }
    }

    private void enter(Edit edit) {
        int index = rows.add(edit.row);
        if (observer != null) {
            observer.added(index, edit);
        }
    }

    private boolean accepts(RowState row, @Nullable JsonObject state) {
        if (field != null) {
            Json found = row.value(field);
            return found != null && (value == null || value.equals(found));
        }
        try {
            return rule != null && state != null && rule.test(state);
        } catch (Throwable failure) { // an Error of the application's, too, must not leave the row half merged
            if (!ruleFailed) {
                ruleFailed = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the rule of a set failed for row " + row.id
                                + ", which is therefore no member; further failures of this rule are not logged",
                        failure);
            }
            return false;
        }
    }
}
