/** The data types. */
@NullMarked
package dev.scuttlebutt.types;

import org.jspecify.annotations.NullMarked;
