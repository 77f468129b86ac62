package dev.scuttlebutt.hub;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the frames of a client that did not wait for the answer to its request for a WebSocket, until there is somebody to
 * hear them. For one channel, on its event loop.
 */
final class EarlyFrames extends ChannelInboundHandlerAdapter {
    /*
     * While it stands in the pipeline the channel is not read, so it gets what had been read already: one buffer, and the
     * rest of a frame that had begun. The limit does not rely on it.
     */
    private static final Logger LOG = LoggerFactory.getLogger(EarlyFrames.class);

    /** What a frame costs beside its content. */
    private static final int FRAME_BYTES = 64;

    private final int most;
    private final Deque<WebSocketFrame> kept = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private int bytes;
    private boolean tooMuch;

    /** @param most how many bytes are kept */
    EarlyFrames(int most) {
        this.most = most;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof WebSocketFrame frame)) {
            context.fireChannelRead(message);
            return;
        }
        bytes += FRAME_BYTES + frame.content().readableBytes();
        tooMuch |= bytes > most;
        if (tooMuch) {
            bytes = most;
            frame.release();
            drop();
        } else {
            kept.add(frame);
        }
    }

    /** Tells whether more has come than is kept: nothing is, then. */
    boolean isTooMuch() {
        return tooMuch;
    }

    /** Hands on what there is, and leaves the pipeline. */
    void deliver() {
        ChannelHandlerContext here = context;
        if (here == null || here.isRemoved()) {
            return;
        }
        boolean any = !kept.isEmpty();
        while (!kept.isEmpty()) {
            here.fireChannelRead(kept.poll());
        }
        if (any) {
            here.fireChannelReadComplete();
        }
        if (!here.isRemoved()) {
            here.pipeline().remove(this);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }

    private void drop() {
        while (!kept.isEmpty()) {
            kept.poll().release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug().addKeyValue("remote", context.channel().remoteAddress()).log("connection failed", cause);
        context.close();
    }
}
