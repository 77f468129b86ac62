package dev.scuttlebutt.hub;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.netty.Connection;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.SessionHandler;
import dev.scuttlebutt.netty.WebSocketLines;
import dev.scuttlebutt.types.Model;
import dev.scuttlebutt.wire.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns channels of HTTP into peers of documents. */
final class WebSocketEntrance {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketEntrance.class);
    /** Besides one message, what is kept of a client that does not wait for our answer. */
    private static final int MAX_EARLY_BYTES = 1 << 17;

    private static final int MAX_PRESENCE_BYTES = 1 << 12;
    private static final int PRESENCE_LINES_PER_SECOND = 50;

    private final Documents documents;
    private final Access access;
    private final HubOptions.Settings settings;
    private final LinkOptions links;
    private final LinkOptions presenceLinks;
    private final LinkOptions presenceOfHubs;
    private final Peers peers;
    private final Consumer<String> onPresence;

    /**
     * Makes one.
     *
     * @param onPresence is told the name of the document when somebody other than a hub wants to know who is there
     */
    WebSocketEntrance(
            Documents documents,
            Access access,
            HubOptions.Settings settings,
            LinkOptions links,
            Peers peers,
            Consumer<String> onPresence) {
        this.onPresence = onPresence;
        this.peers = peers;
        this.documents = documents;
        this.access = access;
        this.settings = settings;
        this.links = links;
        this.presenceLinks = links.limits(Limits.defaults()
                        .maxLineBytes(MAX_PRESENCE_BYTES)
                        .maxDepth(8)
                        .skipBlankLines(true))
                .maxLinesPerSecond(PRESENCE_LINES_PER_SECOND)
                .idleTimeout(Duration.ZERO);
        this.presenceOfHubs = NeighbourPresence.forHubs(links).idleTimeout(Duration.ZERO);
    }

    /** Who wants to do what. */
    private record Request(
            String name,
            boolean presence,
            Rights rights,
            @Nullable String tokenDigest,
            String who,
            Transport transport) {}

    void upgrade(ChannelHandlerContext context, HttpHandler.Call call, String name, boolean presence) {
        WebSocketServerHandshaker handshaker = new WebSocketServerHandshakerFactory(
                        "ws://hub" + call.path(), null, false, settings.maxMessageBytes + 1)
                .newHandshaker(call.request());
        Channel channel = context.channel();
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(channel);
            return;
        }
        // A browser does not tell its page why a WebSocket was not opened: so it is opened, and closed with a reason.
        channel.config().setAutoRead(false);
        Transport transport =
                call.request().headers().contains(DocumentLink.HUB_HEADER) ? Transport.HUB : Transport.WEBSOCKET;
        String type = call.request().headers().get(DocumentLink.TYPE_HEADER);
        context.pipeline().addLast(new EarlyFrames(settings.maxMessageBytes + MAX_EARLY_BYTES));
        handshaker.handshake(channel, call.request().retain()).addListener(done -> {
            call.request().release();
            if (done.isSuccess()) {
                onUpgraded(channel, call.tokenDigest(), name, presence, transport, type);
            } else {
                channel.close();
            }
        });
    }

    private void onUpgraded(
            Channel channel,
            @Nullable String tokenDigest,
            String name,
            boolean presence,
            Transport transport,
            @Nullable String type) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.remove(HttpHandler.class);
        if (pipeline.get("head-timeout") != null) {
            pipeline.remove("head-timeout");
        }
        if (pipeline.get(BodyGate.class) != null) {
            pipeline.remove(BodyGate.class);
        }
        WebSocketLines lines = WebSocketLines.server(settings.ping);
        pipeline.addLast(lines);
        Request request;
        try {
            access.demand(Rights.READ, tokenDigest, name);
            Tokens.Grant grant = access.grant(tokenDigest);
            checkType(name, type);
            request = new Request(name, presence, grant.on(name), tokenDigest, grant.name(), transport);
        } catch (Refusal refused) {
            refuse(channel, lines, refused);
            return;
        }
        EventLoop loop = channel.eventLoop();
        documents
                .join(name)
                .whenComplete((document, failure) -> loop.execute(() -> {
                    if (document == null) {
                        refuse(channel, lines, Documents.refusal(failure));
                    } else if (isTooEarly(channel)) {
                        documents.leave(document);
                        refuse(channel, lines, tooEarly());
                    } else if (presence) {
                        openPresence(channel, lines, document, request);
                    } else {
                        open(channel, lines, document, request);
                    }
                }));
    }

    /** @param type which the other side takes it for, or null when it does not say */
    private void checkType(String name, @Nullable String type) {
        String here = documents.store().schema().type(name);
        if (type != null && here != null && !type.equals(here)) {
            throw new Refusal(
                    CloseCode.NO_TYPE,
                    HttpResponseStatus.CONFLICT,
                    "\"" + name + "\" is of type " + here + " here, not " + type);
        }
    }

    private static void refuse(Channel channel, WebSocketLines lines, Refusal refused) {
        LOG.atInfo().addKeyValue("remote", channel.remoteAddress()).log("refused: {}", refused.getMessage());
        lines.closeWith(refused.code().code(), refused.getMessage() + "");
        channel.close();
        deliver(channel);
    }

    /** Nothing is kept of a channel that is closed already. */
    private static void deliver(Channel channel) {
        EarlyFrames early = channel.pipeline().get(EarlyFrames.class);
        if (early != null) {
            early.deliver();
        }
    }

    private static boolean isTooEarly(Channel channel) {
        EarlyFrames early = channel.pipeline().get(EarlyFrames.class);
        return early != null && early.isTooMuch();
    }

    /** Listens from now on. What had been read before this comes first. */
    private static void listen(Channel channel) {
        channel.config().setAutoRead(true);
        deliver(channel);
    }

    private void open(Channel channel, WebSocketLines lines, OpenDocument document, Request request) {
        if (!channel.isActive()) {
            documents.leave(document);
            return;
        }
        Rights rights = request.rights();
        if (document.isFull() && rights.include(Rights.WRITE)) {
            documents.leave(document);
            refuse(channel, lines, tooLarge(document));
            return;
        }
        SessionHandler handler =
                new SessionHandler(document.replica().open(Peers.session(document.type(), rights)), links);
        channel.pipeline().addLast(handler);
        peers.enter(peer(channel, lines, document, handler.connection(), request));
        listen(channel);
    }

    private static Peer peer(
            Channel channel, WebSocketLines lines, OpenDocument document, Connection connection, Request request) {
        BiConsumer<CloseCode, String> closer =
                (code, reason) -> channel.eventLoop().execute(() -> {
                    lines.closeWith(code.code(), reason);
                    if (code == CloseCode.GOING_AWAY) {
                        connection.shutdown();
                    } else {
                        connection.close();
                    }
                });
        return new Peer(
                document,
                connection,
                request.transport(),
                request.rights(),
                request.tokenDigest(),
                request.who(),
                closer);
    }

    private static Refusal tooEarly() {
        return new Refusal(
                CloseCode.TOO_LONG,
                HttpResponseStatus.BAD_REQUEST,
                "too much came before the request for a WebSocket was answered");
    }

    private static Refusal tooLarge(OpenDocument document) {
        return new Refusal(
                CloseCode.TOO_LARGE,
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "the document \"" + document.name() + "\" has reached its greatest size and can only be read");
    }

    private void openPresence(Channel channel, WebSocketLines lines, OpenDocument document, Request request) {
        if (!channel.isActive()) {
            documents.leave(document);
            return;
        }
        boolean hub = request.transport().isHub();
        Runnable leave;
        Session session;
        if (hub) {
            PresenceRelay relay = document.presence().relay();
            session = ((Replica) relay.model()).open();
            leave = relay::close;
        } else {
            Model model = document.presence().join();
            Session opened = ((Replica) model).open();
            session = opened;
            leave = () -> document.presence().leave(model, opened);
        }
        SessionHandler handler = new SessionHandler(session, hub ? presenceOfHubs : presenceLinks);
        channel.pipeline().addLast(handler);
        Peer watcher = peer(channel, lines, document, handler.connection(), request);
        document.watchers().add(watcher);
        if (!access.rightsOrNone(request.tokenDigest(), document.name()).include(Rights.READ)) {
            watcher.close(CloseCode.RESTART, "the rights have changed");
        }
        watcher.connection().closed().thenRun(() -> {
            document.watchers().remove(watcher);
            leave.run();
            documents.leave(document);
        });
        if (!hub) {
            onPresence.accept(document.name());
        }
        listen(channel);
    }
}
