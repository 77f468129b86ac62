/** The program {@code scuttlebutt}: one class per command, each a thin layer over the libraries. */
@NullMarked
package dev.scuttlebutt.cli;

import org.jspecify.annotations.NullMarked;
