/**
 * Measures this library and the npm packages beside each other, from outside: whole operations, whole processes.
 *
 * <p>Each figure comes from a process that has done nothing else, and those of the two sides alternate.
 */
@NullMarked
package dev.scuttlebutt.bench;

import org.jspecify.annotations.NullMarked;
