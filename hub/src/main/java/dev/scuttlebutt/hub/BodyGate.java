package dev.scuttlebutt.hub;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests with a body pass only from those who may administrate: it stands before the handler that keeps whole bodies
 * in memory, so that nobody else can fill it.
 */
final class BodyGate extends ChannelInboundHandlerAdapter {
    private final Access access;
    private boolean refusing;

    BodyGate(Access access) {
        this.access = access;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refusing) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request && hasBody(request) && !mayAdministrate(request)) {
            refusing = true;
            HttpUtil.setKeepAlive(request, false);
            Responses.error(
                    context,
                    request,
                    HttpResponseStatus.UNAUTHORIZED,
                    "only requests of those who may administrate have a body");
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request)
                || request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        && !"0".equals(request.headers().get(HttpHeaderNames.CONTENT_LENGTH));
    }

    private boolean mayAdministrate(HttpRequest request) {
        if (!access.tokens().areNeeded()) {
            return false;
        }
        String token = HttpHandler.token(request, new QueryStringDecoder(request.uri()));
        Tokens.@Nullable Grant grant = token == null ? null : access.tokens().grant(Tokens.digest(token));
        return grant != null
                && grant.rules().stream().anyMatch(rule -> rule.rights().include(Rights.ADMIN));
    }
}
