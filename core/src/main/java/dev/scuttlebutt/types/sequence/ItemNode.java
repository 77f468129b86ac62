package dev.scuttlebutt.types.sequence;

import org.jspecify.annotations.Nullable;

/** A part of the tree. */
abstract sealed class ItemNode permits ItemLeaf, ItemBranch {
    @Nullable
    ItemBranch parent;

    /** Its index in the parent. */
    int place;

    /** Returns how many keys below have a value. */
    abstract int count();

    /** Returns the length of the text of all values below. */
    abstract int text();

    /** Returns the leftmost leaf, which is the same as long as the node lives. */
    abstract ItemLeaf first();
}
