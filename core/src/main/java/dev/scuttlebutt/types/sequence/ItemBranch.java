package dev.scuttlebutt.types.sequence;

/** Inner node: children, and what each of them has. */
final class ItemBranch extends ItemNode {
    static final int MAX = 32;

    final ItemNode[] children = new ItemNode[MAX];
    final ItemLeaf[] firsts = new ItemLeaf[MAX];
    final int[] counts = new int[MAX];
    final int[] texts = new int[MAX];
    int size;

    void insert(int at, ItemNode child) {
        System.arraycopy(children, at, children, at + 1, size - at);
        System.arraycopy(firsts, at, firsts, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        System.arraycopy(texts, at, texts, at + 1, size - at);
        children[at] = child;
        firsts[at] = child.first();
        size++;
        refresh(at);
        child.parent = this;
        for (int i = at; i < size; i++) {
            children[i].place = i;
        }
    }

    /** Counts a child anew. */
    void refresh(int at) {
        counts[at] = children[at].count();
        texts[at] = children[at].text();
    }

    /** Moves the children from an index on into a branch of their own. */
    @SuppressWarnings("NullAway") // what is left behind the children is never looked at
    ItemBranch split(int at) {
        ItemBranch right = new ItemBranch();
        for (int i = at; i < size; i++) {
            right.children[i - at] = children[i];
            right.firsts[i - at] = firsts[i];
            right.counts[i - at] = counts[i];
            right.texts[i - at] = texts[i];
            children[i].parent = right;
            children[i].place = i - at;
            children[i] = null;
            firsts[i] = null;
        }
        right.size = size - at;
        size = at;
        return right;
    }

    @Override
    int count() {
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += counts[i];
        }
        return sum;
    }

    @Override
    int text() {
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += texts[i];
        }
        return sum;
    }

    @Override
    ItemLeaf first() {
        return firsts[0];
    }
}
