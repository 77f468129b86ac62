package dev.scuttlebutt.netty;

import java.net.SocketAddress;

/**
 * Hears of connections as they come and go. All methods do nothing by default.
 *
 * <p>They are called on event loops: they must not block, and {@code join} there waits for ever. One that throws is
 * logged and disturbs nobody. What is said on a session is told by its replica ({@code SessionEvent}).
 */
public interface LinkListener {

    /** A connection was made or accepted, and its session opened. */
    default void opened(Connection connection) {}

    /** A connection is gone and its session closed. {@link Connection#failure} tells why, if it did not end as agreed. */
    default void closed(Connection connection) {}

    /**
     * A connection could not be made or was not accepted.
     *
     * @param remote whom it would have been with
     * @param cause why
     */
    default void failed(SocketAddress remote, Throwable cause) {}
}
