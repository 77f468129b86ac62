package dev.scuttlebutt.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Carries lines in WebSocket messages, one line in each: stands between Netty's decoder of frames and a
 * {@link SessionHandler}, for one channel.
 *
 * <p>A message may come with or without a line feed at its end, in any number of frames, as text or binary; those that go
 * out are text and have it, so that a peer may take what it gets for a stream. Pings are answered. The end of the output is a
 * close frame, and a close frame that comes ends the session.
 */
public final class WebSocketLines extends ChannelDuplexHandler {
    /*
     * What the session writes are buffers cut anywhere. A line of which only a part is there goes out as a frame that is not
     * the last of its message, and the rest follows in the next: nothing is kept back here, whatever a line's length.
     *
     * Closing has two steps. Our close frame is written, then what still comes is thrown away until the peer's close frame,
     * or the end of its patience: closing the socket with bytes unread would reset it and could take our reason with it.
     */
    private static final int FIN = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int MAX_CONTROL = 125;
    private static final int MAX_HEADER = 14;
    private static final long GOODBYE_SECONDS = 2;
    private static final ByteBuf LINE_FEED = Unpooled.unreleasableBuffer(
            Unpooled.wrappedBuffer(new byte[] {'\n'}).asReadOnly());

    private final boolean masked;
    private final long pingNanos;

    // Event loop only.
    private boolean insideMessage;
    private boolean closeSent;
    private boolean peerClosed;
    private byte lastByte;
    private boolean heard;
    private int code;
    private String reason = "";
    private @Nullable Future<?> pinger;

    private WebSocketLines(boolean masked, Duration ping) {
        this.masked = masked;
        this.pingNanos = ping.toNanos();
    }

    /**
     * The side of a server.
     *
     * @param ping how often to ask a silent peer whether it is still there; one that does not answer before the next
     *     time is cut off. Zero: never.
     */
    public static WebSocketLines server(Duration ping) {
        return new WebSocketLines(false, ping);
    }

    /** The side of a client. See {@link #server}. */
    public static WebSocketLines client(Duration ping) {
        return new WebSocketLines(true, ping);
    }

    /** Sets what the close frame will say, unless it has been sent. On the event loop. */
    public void closeWith(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (pingNanos > 0) {
            heard = true;
            pinger = context.executor()
                    .scheduleAtFixedRate(() -> askPeer(context), pingNanos, pingNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (pinger != null) {
            pinger.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        handlerRemoved(context);
        context.fireChannelInactive();
    }

    private void askPeer(ChannelHandlerContext context) {
        boolean mayHaveSpoken = heard || !context.channel().config().isAutoRead();
        heard = false;
        if (!mayHaveSpoken) {
            context.fireExceptionCaught(new TimeoutException("the peer has not answered a ping"));
        } else if (!closeSent) {
            context.writeAndFlush(control(context, PING, Unpooled.EMPTY_BUFFER));
        }
    }

    // In

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        if (!(message instanceof WebSocketFrame frame)) {
            context.fireChannelRead(message);
            return;
        }
        if (frame instanceof CloseWebSocketFrame close) {
            onClose(context, close.statusCode(), close.reasonText());
            close.release();
        } else if (closeSent) {
            frame.release();
        } else if (frame instanceof PingWebSocketFrame) {
            // A peer that asks faster than it reads gets no answer: nothing piles up here.
            if (context.channel().isWritable() && frame.content().readableBytes() <= MAX_CONTROL) {
                context.writeAndFlush(control(context, PONG, frame.content()));
            }
            frame.release();
        } else if (frame instanceof PongWebSocketFrame) {
            frame.release();
        } else {
            onData(context, frame);
        }
    }

    private void onData(ChannelHandlerContext context, WebSocketFrame frame) {
        ByteBuf content = frame.content();
        boolean last = frame.isFinalFragment();
        if (content.isReadable()) {
            lastByte = content.getByte(content.writerIndex() - 1);
            context.fireChannelRead(content);
        } else {
            content.release();
        }
        if (last) {
            if (lastByte != '\n' && lastByte != 0) {
                context.fireChannelRead(LINE_FEED.duplicate());
            }
            lastByte = 0;
        }
    }

    private void onClose(ChannelHandlerContext context, int code, String reason) {
        if (peerClosed) {
            return;
        }
        peerClosed = true;
        SessionHandler handler = context.pipeline().get(SessionHandler.class);
        if (closeSent) {
            if (handler != null) {
                // Both have ended: that the connection goes is no loss. What cut() does comes first.
                handler.cut();
            }
            context.executor().execute(context::close);
            return;
        }
        sendClose(context, code < 1000 ? 1000 : code, "");
        if (handler == null) {
            context.close();
        } else if (code <= 1001) {
            handler.cut();
        } else {
            context.fireExceptionCaught(new WebSocketClosedException(code, reason));
        }
    }

    // Out

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf lines)) {
            context.write(message, promise);
        } else if (closeSent) {
            // After our close frame nothing may follow. The peer gets it when it comes back.
            ReferenceCountUtil.release(message);
            promise.setSuccess();
        } else {
            try {
                context.write(frames(context, lines), promise);
            } finally {
                lines.release();
            }
        }
    }

    private ByteBuf frames(ChannelHandlerContext context, ByteBuf lines) {
        int from = lines.readerIndex();
        int end = lines.writerIndex();
        ByteBuf out = context.alloc().ioBuffer(end - from + (end - from) / 8 + 2 * MAX_HEADER);
        while (from < end) {
            int lineFeed = lines.indexOf(from, end, (byte) '\n');
            boolean complete = lineFeed >= 0;
            int to = complete ? lineFeed + 1 : end;
            frame(out, (complete ? FIN : 0) | (insideMessage ? CONTINUATION : TEXT), lines, from, to);
            insideMessage = !complete;
            from = to;
        }
        return out;
    }

    private ByteBuf control(ChannelHandlerContext context, int kind, ByteBuf content) {
        ByteBuf out = context.alloc().ioBuffer(content.readableBytes() + MAX_HEADER);
        frame(out, FIN | kind, content, content.readerIndex(), content.writerIndex());
        return out;
    }

    private void frame(ByteBuf out, int first, ByteBuf content, int from, int to) {
        int length = to - from;
        int mask = masked ? 0x80 : 0;
        out.writeByte(first);
        if (length <= MAX_CONTROL) {
            out.writeByte(mask | length);
        } else if (length <= 0xFFFF) {
            out.writeByte(mask | 126).writeShort(length);
        } else {
            out.writeByte(mask | 127).writeLong(length);
        }
        if (!masked) {
            out.writeBytes(content, from, length);
            return;
        }
        int key = ThreadLocalRandom.current().nextInt();
        out.writeInt(key);
        for (int i = 0; i < length; i++) {
            out.writeByte(content.getByte(from + i) ^ (key >>> (24 - 8 * (i & 3))));
        }
    }

    // End

    /** Ends the output of the session: the peer is asked to close. */
    void endOutput(ChannelHandlerContext context) {
        if (!closeSent) {
            sendClose(context, code == 0 ? 1000 : code, reason);
        }
    }

    static @Nullable ChannelHandlerContext in(ChannelPipeline pipeline) {
        return pipeline.context(WebSocketLines.class);
    }

    private void sendClose(ChannelHandlerContext context, int code, String reason) {
        closeSent = true;
        ByteBuf content = context.alloc().buffer(MAX_CONTROL);
        try {
            content.writeShort(code);
            byte[] text = reason.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(text.length, MAX_CONTROL - 2);
            while (length < text.length && length > 0 && (text[length] & 0xC0) == 0x80) {
                length--;
            }
            content.writeBytes(text, 0, length);
            context.writeAndFlush(control(context, CLOSE, content));
        } finally {
            content.release();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!closeSent && context.channel().isActive()) {
            sayWhy(context);
        }
        if (peerClosed || !context.channel().isActive()) {
            // The reply to the peer's close frame is on its way; it goes out before the end.
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> context.close(promise));
            if (!context.channel().isWritable()) {
                context.close();
            }
            return;
        }
        context.channel().config().setAutoRead(true);
        Future<?> patience = context.executor().schedule(() -> context.close(), GOODBYE_SECONDS, TimeUnit.SECONDS);
        context.channel().closeFuture().addListener((ChannelFutureListener) closed -> {
            patience.cancel(false);
            promise.trySuccess();
        });
    }

    /** Puts a failure of the session into the close frame. */
    private void sayWhy(ChannelHandlerContext context) {
        SessionHandler handler = context.pipeline().get(SessionHandler.class);
        Throwable failure = handler == null ? null : handler.failure();
        if (code == 0) {
            code = WebSocketClosedException.codeOf(failure);
            reason = failure == null || failure.getMessage() == null ? "" : failure.getMessage();
        }
        sendClose(context, code, reason);
    }
}
