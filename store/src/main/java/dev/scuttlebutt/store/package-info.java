/**
 * Many documents by name. Start with {@link dev.scuttlebutt.store.Store}, then {@link dev.scuttlebutt.store.Schema} and
 * {@link dev.scuttlebutt.store.Storage}.
 */
@NullMarked
package dev.scuttlebutt.store;

import org.jspecify.annotations.NullMarked;
