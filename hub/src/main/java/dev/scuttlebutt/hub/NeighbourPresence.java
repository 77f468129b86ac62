package dev.scuttlebutt.hub;

import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.netty.WebSocketClosedException;
import dev.scuttlebutt.wire.Limits;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares with a neighbour who is at which document: has a link for each document at which somebody is here, as long as there
 * is somebody. For one event loop.
 */
final class NeighbourPresence {
    /*
     * Only the hub that names the other makes links, and only for documents at which somebody is with it: where nobody is,
     * there is nobody to tell and nobody to be told. A hub of an older kind does not say in its answers that it knows this,
     * and is not asked.
     */
    private static final Logger LOG = LoggerFactory.getLogger(NeighbourPresence.class);
    private static final int MAX_LINKS = 256;
    private static final int MAX_WAITING = 10_000;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Neighbour neighbour;
    private final String hubId;
    private final Documents documents;
    private final LinkOptions options;
    private final EventLoop loop;
    private final Map<String, Link> links = new HashMap<>();
    private final Set<String> waiting = new LinkedHashSet<>();
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private long notBefore = System.nanoTime();
    private boolean shared;
    private boolean closing;

    NeighbourPresence(Neighbour neighbour, String hubId, Documents documents, LinkOptions options, EventLoop loop) {
        this.neighbour = neighbour;
        this.hubId = hubId;
        this.documents = documents;
        this.loop = loop;
        this.options = forHubs(options).reconnect(false);
    }

    /** Returns what holds for links of presence between hubs, at either end. */
    static LinkOptions forHubs(LinkOptions options) {
        return options.limits(
                        Limits.defaults().maxLineBytes(1 << 13).maxDepth(16).skipBlankLines(true))
                .maxLinesPerSecond(1_000);
    }

    private static final class Link {
        @Nullable
        OpenDocument document;

        @Nullable
        WebSocketClient client;

        void endUnlessNeeded() {
            WebSocketClient made = client;
            OpenDocument there = document;
            if (made != null && there != null && there.presence().members() == 0) {
                made.shutdown();
            }
        }
    }

    /** The neighbour has answered. */
    void reached(boolean knowsPresence) {
        if (knowsPresence && !shared) {
            shared = true;
            for (OpenDocument document : documents.all()) {
                if (document.presence().members() > 0) {
                    want(document.name());
                }
            }
        }
        shared = knowsPresence;
    }

    /** The neighbour does not answer. */
    void lost() {
        shared = false;
    }

    /** Somebody has come to a document here. */
    void want(String name) {
        if (!closing && shared && neighbour.shares(name) && waiting.size() < MAX_WAITING) {
            waiting.add(name);
            tick();
        }
    }

    void tick() {
        links.values().forEach(Link::endUnlessNeeded);
        if (closing || !shared || System.nanoTime() - notBefore < 0) {
            return;
        }
        Iterator<String> names = waiting.iterator();
        while (links.size() < MAX_LINKS && names.hasNext()) {
            String name = names.next();
            names.remove();
            if (!links.containsKey(name)) {
                open(name);
            }
        }
    }

    private void open(String name) {
        Link link = new Link();
        links.put(name, link);
        documents
                .join(name)
                .whenComplete((document, failure) -> onLoop(() -> {
                    if (document == null) {
                        links.remove(name);
                        endWhenDone();
                    } else {
                        connect(link, document);
                    }
                }));
    }

    private void connect(Link link, OpenDocument document) {
        if (closing || document.presence().members() == 0) {
            over(document);
            return;
        }
        PresenceRelay relay = document.presence().relay();
        WebSocketClient client = WebSocketClient.connect(
                relay.model(),
                neighbour.presence(document.name()),
                options,
                DocumentLink.headers(neighbour, hubId, document.type()));
        link.document = document;
        link.client = client;
        client.closed().thenRun(() -> {
            relay.close();
            onLoop(() -> ended(document, client.lastFailure()));
        });
    }

    private void ended(OpenDocument document, @Nullable Throwable failure) {
        if (failure instanceof WebSocketClosedException close && close.isFinal()) {
            LOG.atInfo()
                    .addKeyValue("neighbour", neighbour)
                    .addKeyValue("document", document.name())
                    .log("presence not shared: {}", close.reason());
        } else if (!closing && document.presence().members() > 0) {
            notBefore = System.nanoTime() + RETRY_NANOS;
            waiting.add(document.name());
        }
        over(document);
    }

    private void over(OpenDocument document) {
        links.remove(document.name());
        documents.leave(document);
        endWhenDone();
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException hubIsGone) {
            closed.complete(null);
        }
    }

    /** Ends all links. */
    CompletableFuture<@Nullable Void> shutdown() {
        closing = true;
        for (Link link : new ArrayList<>(links.values())) {
            WebSocketClient made = link.client;
            if (made != null) {
                made.shutdown();
            }
        }
        endWhenDone();
        return closed;
    }

    boolean isOver() {
        return closed.isDone();
    }

    private void endWhenDone() {
        if (closing && links.isEmpty()) {
            closed.complete(null);
        }
    }
}
