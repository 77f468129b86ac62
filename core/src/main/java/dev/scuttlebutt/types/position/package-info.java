/** Keys by whose order replicated items are sorted. */
@NullMarked
package dev.scuttlebutt.types.position;

import org.jspecify.annotations.NullMarked;
