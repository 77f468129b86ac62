/** Documents of rows: replicated tables with sets, sequences, indices and live queries. */
@NullMarked
package dev.scuttlebutt.types.crdt;

import org.jspecify.annotations.NullMarked;
