/**
 * What a user can say to a replica: lines of words, the commands of every replica and those of each type. Nothing here
 * knows of connections, so the same commands serve a part inside another replica.
 */
@NullMarked
package dev.scuttlebutt.cli.command;

import org.jspecify.annotations.NullMarked;
