/** Replicas that outlive their process: the exchange with a peer, kept in a file. */
@NullMarked
package dev.scuttlebutt.journal;

import org.jspecify.annotations.NullMarked;
