/** Messages as bytes: one JSON text per line. */
@NullMarked
package dev.scuttlebutt.wire;

import org.jspecify.annotations.NullMarked;
