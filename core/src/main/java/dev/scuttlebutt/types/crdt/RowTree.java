package dev.scuttlebutt.types.crdt;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Rows in order, each found by its index and its index by the row, in O(log n). */
final class RowTree {
    /*
     * A B+ tree whose nodes know how many rows are below and which is the first. The counts lead from an index to a row,
     * the first rows, by comparison, from a row to its index. So all changes are made by index and need no comparison.
     *
     * The order of a row comes from its fields, which change. A row has to be taken out before its fields change and put
     * back afterwards; nothing here notices when that is forgotten. To keep the keys that rows were sorted by would need
     * an object for each row and set.
     */
    private static final int MAX = 64;

    private abstract static sealed class Node permits Leaf, Branch {
        /** Number of items or children. */
        int size;

        abstract int count();

        abstract RowState first();

        abstract RowState get(int index);

        /** Returns the new right neighbour if the node had to be split. */
        abstract @Nullable Node insert(int index, RowState row);

        abstract void remove(int index);

        /** Splits at this place; returns the right part. */
        abstract Node split(int at);

        /** Takes over all of the right neighbour. */
        abstract void append(Node right);

        abstract void forEach(Consumer<? super RowState> action);
    }

    private static final class Leaf extends Node {
        final @Nullable RowState[] rows = new RowState[MAX];

        @Override
        int count() {
            return size;
        }

        @Override
        RowState first() {
            return get(0);
        }

        @Override
        RowState get(int index) {
            RowState row = rows[index];
            if (row == null) {
                throw new AssertionError("no row at " + index + " of " + size);
            }
            return row;
        }

        @Override
        @Nullable
        Node insert(int index, RowState row) {
            if (size == MAX) {
                // Where rows are added at the end the left part stays full.
                int middle = index == MAX ? MAX : MAX / 2;
                Node right = split(middle);
                if (index > middle || middle == MAX) {
                    right.insert(index - middle, row);
                } else {
                    insert(index, row);
                }
                return right;
            }
            System.arraycopy(rows, index, rows, index + 1, size - index);
            rows[index] = row;
            size++;
            return null;
        }

        @Override
        void remove(int index) {
            System.arraycopy(rows, index + 1, rows, index, size - index - 1);
            size--;
            rows[size] = null;
        }

        @Override
        Node split(int at) {
            Leaf right = new Leaf();
            right.size = size - at;
            System.arraycopy(rows, at, right.rows, 0, right.size);
            Arrays.fill(rows, at, size, null);
            size = at;
            return right;
        }

        @Override
        void append(Node right) {
            System.arraycopy(((Leaf) right).rows, 0, rows, size, right.size);
            size += right.size;
        }

        @Override
        void forEach(Consumer<? super RowState> action) {
            for (int i = 0; i < size; i++) {
                action.accept(get(i));
            }
        }
    }

    private static final class Branch extends Node {
        final @Nullable Node[] children = new Node[MAX];

        /** The first row of each child, at hand: searches look at little else. */
        final @Nullable RowState[] firsts = new RowState[MAX];

        int count;

        Node child(int at) {
            Node child = children[at];
            if (child == null) {
                throw new AssertionError("no child at " + at + " of " + size);
            }
            return child;
        }

        void add(Node child) {
            children[size] = child;
            firsts[size] = child.first();
            size++;
            count += child.count();
        }

        RowState first(int at) {
            RowState first = firsts[at];
            if (first == null) {
                throw new AssertionError("no child at " + at + " of " + size);
            }
            return first;
        }

        @Override
        int count() {
            return count;
        }

        @Override
        RowState first() {
            return first(0);
        }

        @Override
        RowState get(int index) {
            int rest = index;
            int at = 0;
            while (rest >= child(at).count()) {
                rest -= child(at++).count();
            }
            return child(at).get(rest);
        }

        @Override
        @Nullable
        Node insert(int index, RowState row) {
            int rest = index;
            int at = 0;
            while (at < size - 1 && rest > child(at).count()) {
                rest -= child(at++).count();
            }
            Node added = child(at).insert(rest, row);
            firsts[at] = child(at).first();
            count++;
            return added == null ? null : insertChild(at + 1, added);
        }

        private @Nullable Node insertChild(int at, Node added) {
            if (size == MAX) {
                int middle = at == MAX ? MAX : MAX / 2;
                Branch right = (Branch) split(middle);
                // The new child's rows are still counted here, where they were before its left neighbour was split.
                if (at > middle || middle == MAX) {
                    right.insertChild(at - middle, added);
                    right.count += added.count();
                    count -= added.count();
                } else {
                    insertChild(at, added);
                }
                return right;
            }
            System.arraycopy(children, at, children, at + 1, size - at);
            System.arraycopy(firsts, at, firsts, at + 1, size - at);
            children[at] = added;
            firsts[at] = added.first();
            size++;
            return null;
        }

        @Override
        void remove(int index) {
            int rest = index;
            int at = 0;
            while (rest >= child(at).count()) {
                rest -= child(at++).count();
            }
            child(at).remove(rest);
            count--;
            if (child(at).size == 0) {
                removeChild(at);
                return;
            }
            firsts[at] = child(at).first();
            if (child(at).size < MAX / 4) {
                merge(at > 0 ? at - 1 : at);
            }
        }

        /** Joins a child with the next one, unless the result were nearly full and soon split again. */
        private void merge(int at) {
            if (at + 1 < size && child(at).size + child(at + 1).size <= MAX / 2) {
                child(at).append(child(at + 1));
                removeChild(at + 1);
            }
        }

        private void removeChild(int at) {
            System.arraycopy(children, at + 1, children, at, size - at - 1);
            System.arraycopy(firsts, at + 1, firsts, at, size - at - 1);
            size--;
            children[size] = null;
            firsts[size] = null;
        }

        @Override
        Node split(int at) {
            Branch right = new Branch();
            for (int i = at; i < size; i++) {
                right.add(child(i));
                children[i] = null;
                firsts[i] = null;
            }
            size = at;
            count -= right.count;
            return right;
        }

        @Override
        void append(Node right) {
            Branch more = (Branch) right;
            for (int i = 0; i < more.size; i++) {
                add(more.child(i));
            }
        }

        @Override
        void forEach(Consumer<? super RowState> action) {
            for (int i = 0; i < size; i++) {
                child(i).forEach(action);
            }
        }
    }

    private final Comparator<RowState> order;
    private Node root = new Leaf();

    /**
     * Creates an empty tree.
     *
     * @param order must tell any two rows apart
     */
    RowTree(Comparator<RowState> order) {
        this.order = order;
    }

    int size() {
        return root.count();
    }

    RowState get(int index) {
        return root.get(index);
    }

    void forEach(Consumer<? super RowState> action) {
        root.forEach(action);
    }

    /** Returns the index of a row, or -1 when it is not here. */
    int indexOf(RowState row) {
        int index = placeOf(row);
        return index < size() && get(index) == row ? index : -1;
    }

    private int placeOf(RowState row) {
        return firstFrom(other -> order.compare(other, row));
    }

    /**
     * Returns the index of the first row for which the probe is not negative, {@link #size} when there is none.
     *
     * @param probe must ascend along the order
     */
    int firstFrom(ToIntFunction<RowState> probe) {
        int before = 0;
        Node node = root;
        while (node instanceof Branch branch) {
            int low = 0;
            int high = branch.size - 1;
            // The last child whose first row is still before the place; its later rows may be, those of the next are
            // not.
            while (low < high) {
                int middle = (low + high + 1) >>> 1;
                if (probe.applyAsInt(branch.first(middle)) < 0) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            for (int i = 0; i < low; i++) {
                before += branch.child(i).count();
            }
            node = branch.child(low);
        }
        Leaf leaf = (Leaf) node;
        int low = 0;
        int high = leaf.size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (probe.applyAsInt(leaf.get(middle)) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return before + low;
    }

    /** Puts in a row that is not here; returns its index. */
    int add(RowState row) {
        int index = placeOf(row);
        insert(index, row);
        return index;
    }

    private void insert(int index, RowState row) {
        Node right = root.insert(index, row);
        if (right != null) {
            Branch top = new Branch();
            top.add(root);
            top.add(right);
            root = top;
        }
    }

    void remove(int index) {
        root.remove(index);
        while (root instanceof Branch branch && branch.size <= 1) {
            root = branch.size == 0 ? new Leaf() : branch.child(0);
        }
    }

    /** Fills the empty tree. */
    void addAll(List<RowState> rows) {
        RowState[] sorted = rows.toArray(RowState[]::new);
        Arrays.sort(sorted, order);
        for (int i = 0; i < sorted.length; i++) {
            insert(i, sorted[i]);
        }
    }
}
