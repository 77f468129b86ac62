package dev.scuttlebutt.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Keeps the place of a channel's last handler until the other side has proved who it is. */
final class TlsGate extends ChannelInboundHandlerAdapter {
    private final Supplier<ChannelHandler> opener;
    private final Consumer<Throwable> onFailed;
    private boolean done;

    /**
     * Makes one.
     *
     * @param opener makes the handler that takes the place
     * @param onFailed called once, when there will be none; the channel is closed then
     */
    TlsGate(Supplier<ChannelHandler> opener, Consumer<Throwable> onFailed) {
        this.opener = opener;
        this.onFailed = onFailed;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                fail(context, handshake.cause());
            } else if (!done) {
                done = true;
                context.pipeline().replace(this, null, opener.get());
            }
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(context, new IOException("the peer hung up before it had proved who it is"));
        context.fireChannelInactive();
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (!done) {
            done = true;
            onFailed.accept(cause);
            context.close();
        }
    }
}
