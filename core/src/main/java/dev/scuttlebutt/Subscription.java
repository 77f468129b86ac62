package dev.scuttlebutt;

/** A listener's place at a replica. Closing it ends the calls; closing it again does nothing. Safe from any thread. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    /** Ends the subscription. A call that is under way on another thread may still complete. */
    @Override
    void close();
}
