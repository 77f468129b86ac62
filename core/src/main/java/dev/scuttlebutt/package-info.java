/**
 * The replica, what it replicates and how two of them agree.
 *
 * <p>Start with {@link dev.scuttlebutt.Update}, then {@link dev.scuttlebutt.Clock}, {@link dev.scuttlebutt.Replica}
 * and {@link dev.scuttlebutt.Session}.
 */
@NullMarked
package dev.scuttlebutt;

import org.jspecify.annotations.NullMarked;
