/**
 * Tests for replicated data types: a contract that every type must keep, a simulation of networks that fail, and the
 * generators they draw from.
 *
 * <p>A type is described once, by a {@link dev.scuttlebutt.testkit.Workload}; {@link
 * dev.scuttlebutt.testkit.ReplicaContract} and {@link dev.scuttlebutt.testkit.Simulation} do the rest.
 */
@NullMarked
package dev.scuttlebutt.testkit;

import org.jspecify.annotations.NullMarked;
