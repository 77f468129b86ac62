package dev.scuttlebutt.hub;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests, or turns the channel into one of a WebSocket. The last handler of a channel of HTTP. */
final class HttpHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);
    private static final String REPLICATE = "/replicate/";
    private static final String PRESENCE = "/presence/";

    private final Origins origins;
    private final Assets assets;
    private final Api api;
    private final WebSocketEntrance entrance;

    HttpHandler(Origins origins, Assets assets, Api api, WebSocketEntrance entrance) {
        this.origins = origins;
        this.assets = assets;
        this.api = api;
        this.entrance = entrance;
    }

    /**
     * A request, taken apart.
     *
     * @param tokenDigest of the token it came with, or null
     */
    record Call(
            FullHttpRequest request,
            String path,
            QueryStringDecoder query,
            @Nullable String tokenDigest) {
        @Nullable
        String parameter(String name) {
            List<String> values = query.parameters().get(name);
            return values == null || values.isEmpty() ? null : values.get(0);
        }

        boolean isRead() {
            return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            answer(context, request);
        } catch (Refusal refused) {
            Responses.error(context, request, refused.status(), refused.getMessage() + "");
        } catch (IllegalArgumentException malformed) {
            Responses.error(context, request, HttpResponseStatus.BAD_REQUEST, malformed.getMessage() + "");
        } finally {
            request.release();
        }
    }

    private void answer(ChannelHandlerContext context, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            throw new IllegalArgumentException("the request is malformed or too long");
        }
        origins.check(request);
        Call call = call(request);
        String path = call.path();
        if (path.startsWith(REPLICATE) || path.startsWith(PRESENCE)) {
            boolean presence = path.startsWith(PRESENCE);
            String name = DocumentName.check(path.substring((presence ? PRESENCE : REPLICATE).length()));
            if (!request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
                throw new Refusal(
                        CloseCode.BAD_NAME,
                        HttpResponseStatus.UPGRADE_REQUIRED,
                        "this address is for WebSocket; the document as JSON is at /api/documents/" + name);
            }
            entrance.upgrade(context, call, name, presence);
            return;
        }
        Assets.Asset asset = call.isRead() ? assets.find(path) : null;
        if (asset != null) {
            Responses.asset(context, request, asset);
        } else {
            api.answer(context, call);
        }
    }

    private static Call call(FullHttpRequest request) {
        QueryStringDecoder query = new QueryStringDecoder(request.uri());
        String token = token(request, query);
        return new Call(request, query.path(), query, token == null ? null : Tokens.digest(token));
    }

    /** A page cannot set a header of a WebSocket, so the query will do too. */
    static @Nullable String token(HttpRequest request, QueryStringDecoder query) {
        String token = Origins.bearer(request);
        List<String> inQuery = query.parameters().get("token");
        return token != null ? token : inQuery == null ? null : inQuery.get(0);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug().addKeyValue("remote", context.channel().remoteAddress()).log("connection failed", cause);
        context.close();
    }
}
