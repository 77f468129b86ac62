package dev.scuttlebutt;

import org.jspecify.annotations.Nullable;

/**
 * A rule on who may change what.
 *
 * <p>It is asked about every update that is news, after its signature was verified, before it is applied and passed on;
 * and about every change made here, before it is signed. One that is refused leaves clock and state as they were.
 *
 * <p>Replicas converge when all follow the same rule and the rule looks at nothing but the update. What is true of the
 * state at one replica may not be true yet at another.
 */
@FunctionalInterface
public interface Authority {

    /**
     * Returns why an update is refused, or null to allow it. Called without a lock, on the thread of the link or writer,
     * by several at once. An exception refuses, with its message.
     */
    @Nullable
    String objection(Update update);
}
