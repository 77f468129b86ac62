package dev.scuttlebutt.netty;

import dev.scuttlebutt.ProtocolException;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The peer closed a WebSocket and said why.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-7.4">RFC 6455, section 7.4</a>
 */
public final class WebSocketClosedException extends IOException {
    private static final long serialVersionUID = 1;

    private static final int PROTOCOL_ERROR = 1002;
    private static final int TOO_BIG = 1009;
    private static final int INTERNAL_ERROR = 1011;

    /** The peer was silent for too long. */
    private static final int TIMED_OUT = 4408;

    /** The peer asked for too much. */
    private static final int TOO_MANY = 4429;

    private final int code;
    private final String reason;

    WebSocketClosedException(int code, String reason) {
        super("closed by the peer with code " + code + (reason.isEmpty() ? "" : ": " + reason));
        this.code = code;
        this.reason = reason;
    }

    /** Returns the code of the close frame. */
    public int code() {
        return code;
    }

    /** Returns what the peer said, which may be empty. */
    public String reason() {
        return reason;
    }

    /** Tells whether to connect again makes no sense: the same would happen. */
    public boolean isFinal() {
        return isFinal(code);
    }

    static boolean isFinal(int code) {
        boolean ourMistake = code >= PROTOCOL_ERROR && code <= 1010 && code != 1004 && code != 1005 && code != 1006;
        return ourMistake || (code >= 4400 && code < 4500 && code != TIMED_OUT && code != TOO_MANY);
    }

    static int codeOf(@Nullable Throwable failure) {
        if (failure == null) {
            return 1000;
        }
        if (failure instanceof TooLongFrameException) {
            return TOO_BIG;
        }
        if (failure instanceof ProtocolException || failure instanceof CorruptedFrameException) {
            return PROTOCOL_ERROR;
        }
        return failure instanceof TimeoutException ? TIMED_OUT : INTERNAL_ERROR;
    }
}
