package dev.scuttlebutt.wire;

import dev.scuttlebutt.ProtocolException;
import java.nio.ByteBuffer;

/**
 * One side of an exchange in bytes: what a transport carries. It has no socket, thread or timer.
 *
 * <p>A transport hands in what it reads ({@link #receive}, then {@link #receiveEnd}), and takes what is to be written
 * ({@link #transmit}) while its channel has room: after {@link #receive}, when {@link #onReady} calls, and when the
 * channel has room again. When {@link #outputEnded} it ends its output. When the channel is gone it calls
 * {@link #close()}.
 *
 * <p>One thread at a time may receive and one at a time transmit; they may be two.
 */
public interface ByteSession extends AutoCloseable {

    /**
     * Takes all bytes in, however the stream was cut.
     *
     * @throws ProtocolException if the peer breaks the protocol. The session is closed; the transport is to close its
     *     channel.
     */
    void receive(ByteBuffer in) throws ProtocolException;

    /**
     * Says that the peer has ended its output.
     *
     * @throws ProtocolException if it ended where it must not
     */
    void receiveEnd() throws ProtocolException;

    /**
     * Writes as much as there is and fits.
     *
     * @return false when nothing more is to be sent now; true when {@code out} is full and there may be more
     */
    boolean transmit(ByteBuffer out);

    /**
     * Sets what is called when {@link #transmit} may have something again, and when the output has ended. There is one
     * callback; it must be quick. Transmit once after setting it.
     */
    void onReady(Runnable wakeup);

    /** Tells whether nothing will be sent any more. The transport then ends its output, and keeps reading. */
    boolean outputEnded();

    /** Ends at once. Closing again does nothing. */
    @Override
    void close();

    /** Ends at once because of a failure of the channel. */
    void close(Throwable cause);
}
