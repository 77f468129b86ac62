package dev.scuttlebutt.types.crdt;

import org.jspecify.annotations.Nullable;

/** The room between two members of a sequence where a row shall go. To be used with the document's lock held. */
final class Gap {
    /*
     * Members are in the order of their keys, those without a key last. A new key has to be above the left neighbour's and
     * below the right neighbour's. It cannot be
     *
     * - when the left neighbour has no key: then it and all others without one before it need keys;
     * - when there is no text between the two keys. That is so when they are equal, or the right one is the left one and
     *   some U+0000. Rows of such keys stand side by side behind the left neighbour. The last of them is moved up first, so
     *   that their order stays; when all have moved there is room.
     */
    private final RowTree rows;
    private final int index;
    private final @Nullable RowState moved;

    private Gap(RowTree rows, int index, @Nullable RowState moved) {
        this.rows = rows;
        this.index = index;
        this.moved = moved;
    }

    /**
     * The gap before the member at an index.
     *
     * @param moved a row that is about to leave its place, so that it is nobody's neighbour
     */
    static Gap before(RowTree rows, int index, @Nullable RowState moved) {
        return new Gap(rows, index, moved);
    }

    static boolean isTaken(RowTree rows, String key) {
        int at = firstFrom(rows, key);
        return at < rows.size() && key.equals(RowOrder.sortKey(rows.get(at)));
    }

    @Nullable
    String leftKey() {
        return keyOf(up(index - 1, -1));
    }

    @Nullable
    String rightKey() {
        return keyOf(up(index, 1));
    }

    /** Returns the member that needs another place before there is one in the gap; null when there is one. */
    @Nullable
    RowState firstToMove() {
        RowState unplaced = firstUnplacedOnLeft();
        return unplaced != null ? unplaced : lastInTheWay();
    }

    /** Returns the first member without a key among those before the gap. */
    private @Nullable RowState firstUnplacedOnLeft() {
        RowState left = up(index - 1, -1);
        if (left == null || RowOrder.sortKey(left) != null) {
            return null;
        }
        return up(rows.firstFrom(row -> RowOrder.sortKey(row) == null ? 1 : -1), 1);
    }

    /** Returns the last member behind the gap which leaves no room behind the left neighbour. */
    private @Nullable RowState lastInTheWay() {
        String left = leftKey();
        String from = left == null ? "" : left;
        int end = rows.firstFrom(row -> {
            String key = RowOrder.sortKey(row);
            return key == null || (key.compareTo(from) > 0 && hasRoom(from, key)) ? 1 : -1;
        });
        RowState last = end <= index ? null : up(end - 1, -1);
        return last == null || rows.indexOf(last) < index ? null : last;
    }

    @Nullable
    String keyBefore(RowState member) {
        return keyOf(up(rows.indexOf(member) - 1, -1));
    }

    @Nullable
    String keyAfter(RowState member) {
        return keyOf(up(rows.indexOf(member) + 1, 1));
    }

    /** Tells whether there is a text between the two that can go on with any letters; the left one is not above. */
    private static boolean hasRoom(String left, String right) {
        if (!right.startsWith(left)) {
            return true;
        }
        for (int i = left.length(); i < right.length(); i++) {
            if (right.charAt(i) != 0) {
                return true;
            }
        }
        return false;
    }

    private static int firstFrom(RowTree rows, String key) {
        return rows.firstFrom(row -> {
            String other = RowOrder.sortKey(row);
            return other == null ? 1 : other.compareTo(key);
        });
    }

    private static @Nullable String keyOf(@Nullable RowState row) {
        return row == null ? null : RowOrder.sortKey(row);
    }

    /** Returns the member at an index, or the next one in this direction if it is the one that is about to leave. */
    private @Nullable RowState up(int at, int step) {
        if (at < 0 || at >= rows.size()) {
            return null;
        }
        RowState row = rows.get(at);
        return row == moved ? up(at + step, step) : row;
    }
}
