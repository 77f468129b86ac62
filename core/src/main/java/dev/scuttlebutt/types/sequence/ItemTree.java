package dev.scuttlebutt.types.sequence;

import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All position keys ever written, in their order, each with the update that won it and its value unless it was deleted.
 * Finds a key, the value at an index and the value at an offset of the text in O(log n). Guarded by its owner's lock.
 *
 * <p>Calls work at a place, where the last search ended: {@link #find}, {@link #seek} and {@link #seekText} set it.
 */
public final class ItemTree {
    /*
     * A B+ tree that only grows, since a deleted key stays as a tombstone. A branch knows of each child how many values and
     * how much text it has. The key that separates two children is the first one of the right one's leftmost leaf. A
     * split makes new nodes to the right only, so that the leftmost leaf of a node never changes.
     *
     * There is no hash table of keys: it would hold every key a second time, as a string, which costs more than all else
     * here. People type at one place for a while, and so do the updates that tell of it; a search begins where the last
     * one ended.
     *
     * Those who type leave full leaves behind: what comes after the last key of a full one goes into the next one or
     * begins a new one.
     */
    private static final int MAX_KEPT = 1 << 10;

    private final boolean hasText;
    private final KeyBytes wanted = new KeyBytes();

    /** The key at the place, if it is known as a text, or the one that was looked for there in vain. */
    private @Nullable String sought;

    private boolean isThere;
    private ItemNode root;
    private ItemLeaf leaf;
    private int slot;
    private int count;
    private int text;
    private boolean isBasic = true;

    /**
     * Creates an empty tree.
     *
     * @param hasText whether lengths of texts are wanted; otherwise they are all zero
     */
    public ItemTree(boolean hasText) {
        this.hasText = hasText;
        leaf = new ItemLeaf(hasText);
        root = leaf;
    }

    /** Returns the number of values. */
    public int size() {
        return count;
    }

    /** Returns the length of all texts together. */
    public int textLength() {
        return text;
    }

    /** Tells whether there was never a surrogate, nor an item of several units, so that nobody needs to look for pairs. */
    public boolean isBasic() {
        return isBasic;
    }

    // Searches

    /** Goes to a key, or to where it belongs; tells whether it is there, perhaps as a tombstone. */
    public boolean find(String key) {
        if (!key.equals(sought)) {
            wanted.trim(MAX_KEPT);
            wanted.set(key);
            isThere = find();
            sought = key;
        }
        return isThere;
    }

    private boolean find() {
        int at = leaf.findNear(wanted, slot);
        if (at == ItemLeaf.UNKNOWN) {
            if (!isWithin(leaf)) {
                leaf = leafFor();
            }
            at = leaf.find(wanted);
        }
        slot = at < 0 ? -1 - at : at;
        return at >= 0;
    }

    private boolean isWithin(ItemLeaf candidate) {
        ItemLeaf next = candidate.next;
        return candidate.size > 0 && candidate.compare(wanted, 0) >= 0 && (next == null || next.compare(wanted, 0) < 0);
    }

    private ItemLeaf leafFor() {
        ItemNode node = root;
        while (node instanceof ItemBranch branch) {
            int low = 0;
            int high = branch.size - 1;
            while (low < high) {
                int middle = (low + high + 1) >>> 1;
                if (branch.firsts[middle].compare(wanted, 0) >= 0) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            node = branch.children[low];
        }
        return (ItemLeaf) node;
    }

    /** Goes to the value at an index from 0 to {@link #size} - 1. */
    public void seek(int index) {
        sought = null;
        int rest = index;
        ItemNode node = root;
        while (node instanceof ItemBranch branch) {
            int at = 0;
            while (rest >= branch.counts[at]) {
                rest -= branch.counts[at++];
            }
            node = branch.children[at];
        }
        leaf = (ItemLeaf) node;
        slot = leaf.slotOfVisible(rest);
    }

    /**
     * Goes to the value that has the unit at an offset of the text, from 0 to {@link #textLength} - 1.
     *
     * @return how many units of it come before the offset
     */
    public int seekText(int offset) {
        sought = null;
        int rest = offset;
        ItemNode node = root;
        while (node instanceof ItemBranch branch) {
            int at = 0;
            while (rest >= branch.texts[at]) {
                rest -= branch.texts[at++];
            }
            node = branch.children[at];
        }
        leaf = (ItemLeaf) node;
        if (leaf.isPlain()) {
            slot = leaf.slotOfVisible(rest);
            return 0;
        }
        slot = 0;
        int length = leaf.textLength(slot);
        while (rest >= length) {
            rest -= length;
            length = leaf.textLength(++slot);
        }
        return rest;
    }

    /** Goes on to the next value; false, and nowhere, when there is none. */
    public boolean next() {
        ItemLeaf at = leaf;
        long rest = slot == ItemLeaf.MAX - 1 ? 0 : at.visible & -1L << (slot + 1);
        while (rest == 0) {
            ItemLeaf following = at.next;
            if (following == null) {
                return false;
            }
            at = following;
            rest = at.visible;
        }
        sought = null;
        leaf = at;
        slot = Long.numberOfTrailingZeros(rest);
        return true;
    }

    /** Goes back to the value before, if that is quickly found; otherwise false, and nowhere. */
    public boolean previous() {
        int before = leaf.visibleBefore(slot);
        if (before > 0) {
            sought = null;
            slot = leaf.slotOfVisible(before - 1);
        }
        return before > 0;
    }

    // Where a search has ended

    /** Returns how many values come before this place. */
    public int index() {
        int sum = leaf.visibleBefore(slot);
        ItemNode node = leaf;
        ItemBranch parent;
        while ((parent = node.parent) != null) {
            for (int i = 0; i < node.place; i++) {
                sum += parent.counts[i];
            }
            node = parent;
        }
        return sum;
    }

    /** Returns how much text comes before this place. */
    public int offset() {
        int sum = leaf.isPlain() ? leaf.visibleBefore(slot) : 0;
        for (int i = 0; i < slot && !leaf.isPlain(); i++) {
            sum += leaf.textLength(i);
        }
        ItemNode node = leaf;
        ItemBranch parent;
        while ((parent = node.parent) != null) {
            for (int i = 0; i < node.place; i++) {
                sum += parent.texts[i];
            }
            node = parent;
        }
        return sum;
    }

    /** Returns the key. */
    public String key() {
        String known = sought;
        if (known == null || !isThere) {
            known = leaf.key(slot);
            sought = known;
            isThere = true;
        }
        return known;
    }

    /** Returns the value, or null when it was deleted. */
    public @Nullable Json value() {
        return leaf.value(slot);
    }

    /** Returns the value's text. */
    public String text() {
        if (!leaf.isVisible(slot)) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        leaf.appendText(slot, out);
        return out.toString();
    }

    /** Returns the only unit of the value's text, or -1 when it has more or less. */
    public int unit() {
        return leaf.isVisible(slot) && !leaf.isBoxed(slot) ? leaf.unit(slot) : -1;
    }

    /** Returns the update that won the key. */
    public Update winner() {
        return update(leaf.winner(slot));
    }

    private static Update update(Object winner) {
        return winner instanceof SharedUpdate shared ? shared.update : (Update) winner;
    }

    // Changes

    /** Returns what to hand in as the winner of several keys. */
    public static Object shared(Update update) {
        return new SharedUpdate(update);
    }

    /**
     * Puts the key that was looked for last, and is not there, at its place, as a tombstone. To be called right after
     * {@link #find}.
     *
     * @param winner an {@link Update} with one key, or {@link #shared}
     */
    public void insert(Object winner) {
        while (leaf.isFullFor(wanted)) {
            divide();
        }
        leaf.insert(slot, wanted, winner);
        isThere = true;
        if (winner instanceof SharedUpdate shared) {
            shared.keys++;
        }
    }

    private void divide() {
        if (slot == leaf.size) {
            ItemLeaf next = leaf.next;
            if (next == null || next.isFullFor(wanted)) {
                leaf.tighten();
                next = leaf.split(slot);
                addAfter(leaf, next);
            }
            leaf = next;
            slot = 0;
            return;
        }
        int at = slot == 0 ? 0 : leaf.size / 2;
        ItemLeaf right = leaf.split(at);
        addAfter(leaf, right);
        if (slot > at) {
            leaf = right;
            slot -= at;
        }
    }

    private void addAfter(ItemNode left, ItemNode right) {
        ItemBranch parent = left.parent;
        if (parent == null) {
            parent = new ItemBranch();
            parent.insert(0, left);
            root = parent;
        } else {
            parent.refresh(left.place);
        }
        int at = left.place + 1;
        if (parent.size < ItemBranch.MAX) {
            parent.insert(at, right);
            return;
        }
        int middle = at == parent.size ? parent.size : parent.size / 2;
        ItemBranch more = parent.split(middle);
        if (at > middle || middle == ItemBranch.MAX) {
            more.insert(at - middle, right);
        } else {
            parent.insert(at, right);
        }
        addAfter(parent, more);
    }

    /**
     * Makes an update the winner of the key here.
     *
     * @return the update that has lost its last key by this, or null
     */
    public @Nullable Update win(Object winner) {
        Object old = leaf.winner(slot);
        leaf.setWinner(slot, winner);
        if (winner instanceof SharedUpdate shared) {
            shared.keys++;
        }
        if (old instanceof SharedUpdate shared) {
            return --shared.keys == 0 ? shared.update : null;
        }
        return (Update) old;
    }

    /** Gives the key here a value of one unit. */
    public void setUnit(char unit) {
        int wasCount = leaf.isVisible(slot) ? 1 : 0;
        int wasText = hasText ? leaf.textLength(slot) : 0;
        leaf.setUnit(slot, unit);
        isBasic &= !Character.isSurrogate(unit);
        changed(1 - wasCount, hasText ? 1 - wasText : 0);
    }

    /** Gives the key here a value. */
    public void setValue(Json value) {
        int wasCount = leaf.isVisible(slot) ? 1 : 0;
        int wasText = hasText ? leaf.textLength(slot) : 0;
        leaf.setValue(slot, value);
        isBasic = false;
        changed(1 - wasCount, hasText ? leaf.textLength(slot) - wasText : 0);
    }

    /** Takes the value of the key here away. */
    public void delete() {
        if (leaf.isVisible(slot)) {
            int wasText = hasText ? leaf.textLength(slot) : 0;
            leaf.clear(slot);
            changed(-1, -wasText);
        }
    }

    private void changed(int moreCount, int moreText) {
        count += moreCount;
        text += moreText;
        ItemNode node = leaf;
        ItemBranch parent;
        while ((parent = node.parent) != null) {
            parent.counts[node.place] += moreCount;
            parent.texts[node.place] += moreText;
            node = parent;
        }
    }

    // All

    /** Calls for every value, in order. */
    public void forEach(Consumer<? super Json> action) {
        for (ItemLeaf at = root.first(); at != null; at = at.next) {
            for (long rest = at.visible; rest != 0; rest &= rest - 1) {
                Json value = at.value(Long.numberOfTrailingZeros(rest));
                if (value != null) {
                    action.accept(value);
                }
            }
        }
    }

    /** Calls for every key that has a value, in order. */
    public void forEachKey(Consumer<? super String> action) {
        for (ItemLeaf at = root.first(); at != null; at = at.next) {
            for (long rest = at.visible; rest != 0; rest &= rest - 1) {
                action.accept(at.key(Long.numberOfTrailingZeros(rest)));
            }
        }
    }

    /** Returns the text of all values. */
    public String allText() {
        StringBuilder out = new StringBuilder(text);
        for (ItemLeaf at = root.first(); at != null; at = at.next) {
            for (long rest = at.visible; rest != 0; rest &= rest - 1) {
                at.appendText(Long.numberOfTrailingZeros(rest), out);
            }
        }
        return out.toString();
    }
}
