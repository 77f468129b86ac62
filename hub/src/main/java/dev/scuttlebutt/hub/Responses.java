package dev.scuttlebutt.hub;

import dev.scuttlebutt.json.Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Answers requests. On the event loop of the channel, or from another thread, which hands over to it. */
final class Responses {
    /** A page may load nothing from elsewhere, and nobody may put it into a frame. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self' ws: wss:; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'";

    private Responses() {}

    static void json(ChannelHandlerContext context, HttpRequest request, HttpResponseStatus status, Json body) {
        text(context, request, status, "application/json; charset=utf-8", body + "\n");
    }

    static void text(
            ChannelHandlerContext context, HttpRequest request, HttpResponseStatus status, String type, String body) {
        bytes(context, request, status, type, Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8)), null);
    }

    static void error(ChannelHandlerContext context, HttpRequest request, HttpResponseStatus status, String message) {
        json(context, request, status, Json.object("error", message));
    }

    static void asset(ChannelHandlerContext context, HttpRequest request, Assets.Asset asset) {
        if (asset.tag().equals(request.headers().get(HttpHeaderNames.IF_NONE_MATCH))) {
            bytes(context, request, HttpResponseStatus.NOT_MODIFIED, asset.mediaType(), Unpooled.EMPTY_BUFFER, asset);
            return;
        }
        boolean gzip =
                request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, "").contains("gzip");
        bytes(
                context,
                request,
                HttpResponseStatus.OK,
                asset.mediaType(),
                Unpooled.wrappedBuffer(gzip ? asset.gzipped() : asset.plain()),
                asset);
    }

    private static void bytes(
            ChannelHandlerContext context,
            HttpRequest request,
            HttpResponseStatus status,
            String type,
            ByteBuf body,
            Assets.@Nullable Asset asset) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        int length = body.readableBytes();
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, head ? Unpooled.EMPTY_BUFFER : body);
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, length)
                .set("x-content-type-options", "nosniff")
                .set("referrer-policy", "no-referrer")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY);
        if (asset == null) {
            headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        } else {
            headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE)
                    .set(HttpHeaderNames.ETAG, asset.tag())
                    .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
            if (length > 0 && length == asset.gzipped().length) {
                headers.set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
            }
        }
        if (status.equals(HttpResponseStatus.UNAUTHORIZED)) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request) && status.code() < 400;
        HttpUtil.setKeepAlive(response, keepAlive);
        var written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
