/** Small programs that show one thing each. */
@NullMarked
package dev.scuttlebutt.examples;

import org.jspecify.annotations.NullMarked;
