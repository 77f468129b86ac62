package dev.scuttlebutt.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps the place of a client's last handler until the server has agreed to speak WebSocket. */
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {
    private static final int MAX_RESPONSE = 1 << 14;
    private static final Duration PING = Duration.ofSeconds(30);

    private final Target target;
    private final LinkOptions options;
    private final Supplier<ChannelHandler> opener;
    private final Consumer<Throwable> onFailed;
    private @Nullable WebSocketClientHandshaker handshaker;
    private @Nullable Future<?> timeout;
    private boolean done;

    /**
     * Where to go.
     *
     * @param headers sent with the request
     */
    record Target(URI uri, Map<String, String> headers) {}

    /**
     * Makes one.
     *
     * @param opener makes the handler that takes the place
     * @param onFailed called once, when there will be none; the channel is closed then
     */
    WebSocketUpgrade(
            Target target, LinkOptions options, Supplier<ChannelHandler> opener, Consumer<Throwable> onFailed) {
        this.target = target;
        this.options = options;
        this.opener = opener;
        this.onFailed = onFailed;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        target.headers().forEach(headers::set);
        WebSocketClientHandshaker asking = WebSocketClientHandshakerFactory.newHandshaker(
                target.uri(), WebSocketVersion.V13, null, false, headers, options.settings.limits.maxLineBytes() + 1);
        handshaker = asking;
        context.pipeline()
                .addBefore(context.name(), null, new HttpClientCodec())
                .addBefore(context.name(), null, new HttpObjectAggregator(MAX_RESPONSE));
        long nanos = options.settings.connectNanos;
        if (nanos > 0) {
            timeout = context.executor()
                    .schedule(
                            () -> fail(context, Watchdog.late("the server did not answer within %s", nanos)),
                            nanos,
                            TimeUnit.NANOSECONDS);
        }
        asking.handshake(context.channel()).addListener(sent -> {
            if (sent.cause() != null) {
                fail(context, sent.cause());
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        WebSocketClientHandshaker asking = handshaker;
        if (!(message instanceof FullHttpResponse response) || asking == null || done) {
            context.fireChannelRead(message);
            return;
        }
        try {
            if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                String said = response.content().toString(StandardCharsets.UTF_8);
                throw new IOException("the server answered " + response.status() + " to the request for a WebSocket: "
                        + said.lines().findFirst().orElse("it said nothing more"));
            }
            asking.finishHandshake(context.channel(), response);
            finish();
            ChannelHandler carrier = opener.get();
            context.pipeline().replace(this, null, WebSocketLines.client(PING)).addLast(carrier);
        } catch (IOException | RuntimeException refused) {
            fail(context, refused);
        } finally {
            response.release();
        }
    }

    private void finish() {
        done = true;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(context, new IOException("the server hung up instead of answering"));
        context.fireChannelInactive();
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (!done) {
            finish();
            onFailed.accept(cause);
            context.close();
        }
    }
}
