package dev.scuttlebutt.hub;

import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.WebSocketClosedException;
import dev.scuttlebutt.store.Storage.Change;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the documents that are shared with a neighbour equal here and there. Safe from any thread. */
final class NeighbourSync implements AutoCloseable {
    /*
     * A document needs a link while something happens to it, and none while nothing does. Both stores number their changes,
     * so a hub learns from its own store and from the neighbour's which documents have changed after a position, and links
     * those, each over a WebSocket of its own as any peer would. The first look at both, from position 0, names every
     * document there is: that is how a hub that comes late gets everything. A link that has been quiet for a while is let
     * go, or sooner when others wait for its place; the next change, on either side, brings it back.
     *
     * Loops need no care: a link is a session like any other, and an update that is known goes no further. What is known to
     * be deleted cannot be opened, here or there, so a deletion is never undone; it is passed on like a change.
     *
     * All state belongs to one event loop. Waiting names are bounded: while there are too many, the neighbour is not asked
     * for more and the own store is not watched, which costs a position each.
     */
    private static final Logger LOG = LoggerFactory.getLogger(NeighbourSync.class);
    private static final int MAX_LINKS = 256;
    private static final int MAX_WAITING = 10_000;
    private static final long TICK_MILLIS = 100;
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Neighbour neighbour;
    private final String hubId;
    private final Documents documents;
    private final LinkOptions options;
    private final EventLoop loop;
    private final NeighbourFeed feed;
    private final NeighbourPresence presence;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    // Event loop only, but for looks.
    private final Map<String, DocumentLink> links = new HashMap<>();
    private final Set<String> waiting = new LinkedHashSet<>();
    private @Nullable Subscription watching;
    private int watch;
    private long localPosition;
    private @Nullable CompletableFuture<@Nullable Void> room;
    private @Nullable Future<?> ticking;
    private long notBefore;
    private boolean reachable;
    private boolean closing;
    private boolean deletesRefused;
    private volatile Look look = new Look(false, 0, 0, null);

    /** What there is to see from outside. */
    record Look(
            boolean reachable,
            int links,
            int waiting,
            @Nullable String problem) {}

    /** @param options for links; their event loops are used for everything */
    NeighbourSync(Neighbour neighbour, String hubId, Documents documents, LinkOptions options, EventLoop loop) {
        this.neighbour = neighbour;
        this.hubId = hubId;
        this.documents = documents;
        this.loop = loop;
        this.options = neighbour.tls() == null ? options : options.tls(neighbour.tls());
        this.feed = new NeighbourFeed(neighbour, new Heard());
        this.presence = new NeighbourPresence(neighbour, hubId, documents, this.options, loop);
        this.notBefore = System.nanoTime();
    }

    void start() {
        onLoop(() -> {
            watchOwn();
            ticking = loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        });
        feed.start();
    }

    /** Somebody has opened a document here: what the neighbour has of it is wanted at once. */
    void want(String name) {
        if (neighbour.shares(name)) {
            onLoop(() -> changed(name));
        }
    }

    /** Somebody has come to a document here who wants to know who is at it. */
    void wantPresence(String name) {
        onLoop(() -> presence.want(name));
    }

    Look look() {
        return look;
    }

    JsonObject describe() {
        Look now = look;
        return Json.object(
                "url",
                neighbour.toString(),
                "reachable",
                now.reachable(),
                "links",
                now.links(),
                "waiting",
                now.waiting(),
                "problem",
                now.problem());
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException hubIsGone) {
            closed.complete(null);
        }
    }

    // What has changed

    private final class Heard implements NeighbourFeed.Listener {
        @Override
        public void restarted() {
            onLoop(() -> {
                localPosition = 0;
                watchOwn();
            });
        }

        @Override
        public CompletableFuture<?> changed(String otherId, boolean knowsPresence, List<NeighbourFeed.Remote> changes) {
            if (otherId.equals(hubId)) {
                LOG.atError().addKeyValue("neighbour", neighbour).log("this hub is named as its own neighbour");
                close();
                return CompletableFuture.failedFuture(new IOException("this hub itself"));
            }
            CompletableFuture<@Nullable Void> next = new CompletableFuture<>();
            onLoop(() -> heard(knowsPresence, changes, next));
            return next;
        }

        @Override
        public void failed(IOException failure) {
            onLoop(() -> lost(failure));
        }
    }

    private void heard(
            boolean knowsPresence, List<NeighbourFeed.Remote> changes, CompletableFuture<@Nullable Void> next) {
        if (!reachable) {
            LOG.atInfo().addKeyValue("neighbour", neighbour).log("neighbour reached");
        }
        reachable = true;
        presence.reached(knowsPresence);
        problem(null);
        for (NeighbourFeed.Remote change : changes) {
            if (isUsable(change)) {
                if (!change.deleted()) {
                    changed(change.name());
                } else if (neighbour.deletes()) {
                    deletedThere(change.name());
                }
            }
        }
        if (waiting.size() < MAX_WAITING) {
            next.complete(null);
        } else {
            room = next;
        }
        tick();
    }

    private boolean isUsable(NeighbourFeed.Remote change) {
        if (!neighbour.shares(change.name())) {
            return false;
        }
        try {
            DocumentName.check(change.name());
        } catch (Refusal badName) {
            return false;
        }
        String type = documents.store().schema().type(change.name());
        if (!change.type().equals(type)) {
            LOG.atWarn()
                    .addKeyValue("neighbour", neighbour)
                    .addKeyValue("document", change.name())
                    .log("not shared: it is of type {} there and {} here", change.type(), type);
            return false;
        }
        return true;
    }

    private void deletedThere(String name) {
        waiting.remove(name);
        documents.delete(name).whenComplete((news, failure) -> {
            if (failure != null) {
                LOG.atError()
                        .addKeyValue("document", name)
                        .log("deleted by a neighbour, but not here: {}", failure.getMessage());
            } else if (news) {
                LOG.atInfo()
                        .addKeyValue("document", name)
                        .addKeyValue("neighbour", neighbour)
                        .log("deleted, as the neighbour did");
            }
        });
    }

    private void lost(Throwable failure) {
        if (reachable) {
            LOG.atWarn().addKeyValue("neighbour", neighbour).log("neighbour lost: {}", failure.getMessage());
        }
        reachable = false;
        presence.lost();
        problem(failure.getMessage());
    }

    private void problem(@Nullable String text) {
        look = new Look(reachable, links.size(), waiting.size(), text);
    }

    private void watchOwn() {
        stopWatching();
        if (!closing) {
            int current = watch;
            watching = documents.store().watch(localPosition, change -> onLoop(() -> ownChange(current, change)));
        }
    }

    private void stopWatching() {
        watch++;
        if (watching != null) {
            watching.close();
            watching = null;
        }
    }

    private void ownChange(int current, Change change) {
        if (current != watch) {
            return;
        }
        localPosition = change.position();
        if (neighbour.shares(change.name())) {
            changed(change.name());
        }
        if (waiting.size() >= MAX_WAITING) {
            stopWatching();
        }
    }

    // Links

    private void changed(String name) {
        DocumentLink link = links.get(name);
        if (closing) {
            return;
        }
        if (link != null) {
            link.touch();
        } else {
            waiting.add(name);
            if (links.size() < MAX_LINKS) {
                tick();
            }
        }
    }

    private void tick() {
        if (closing) {
            return;
        }
        presence.tick();
        long now = System.nanoTime();
        boolean may = reachable && now - notBefore >= 0;
        if (may) {
            Iterator<String> names = waiting.iterator();
            while (links.size() < MAX_LINKS && names.hasNext()) {
                String name = names.next();
                names.remove();
                open(name);
            }
        }
        letGo(now, may ? waiting.size() : 0);
        if (waiting.size() < MAX_WAITING) {
            CompletableFuture<@Nullable Void> next = room;
            if (next != null) {
                room = null;
                next.complete(null);
            }
            if (watching == null) {
                watchOwn();
            }
        }
        problem(look.problem());
    }

    /** Ends the links that nobody needs, and as many more as others wait for a place. */
    private void letGo(long now, int wanted) {
        List<DocumentLink> quiet = new ArrayList<>();
        int needed = wanted;
        for (DocumentLink link : links.values()) {
            if (link.isEnding()) {
                needed--;
            } else if (link.isQuiet()) {
                quiet.add(link);
            }
        }
        quiet.sort(Comparator.comparing(DocumentLink::isWatched)
                .thenComparing(link -> link.quietNanos(now), Comparator.reverseOrder()));
        for (DocumentLink link : quiet) {
            if (needed-- > 0 || (link.quietNanos(now) > LINGER_NANOS && !link.isWatched())) {
                link.end();
            }
        }
    }

    private void open(String name) {
        DocumentLink link = new DocumentLink(name, neighbour, hubId);
        links.put(name, link);
        documents
                .join(name)
                .whenComplete((document, failure) -> onLoop(() -> {
                    if (document != null) {
                        opened(link, document);
                    } else if (Documents.refusal(failure).code() == CloseCode.DELETED) {
                        deleteThere(link);
                    } else {
                        refused(link, Documents.refusal(failure).getMessage() + "");
                    }
                }));
    }

    private void opened(DocumentLink link, OpenDocument document) {
        if (closing || document.isFull()) {
            documents.leave(document);
            refused(link, "it has reached its greatest size here");
            return;
        }
        link.connect(document, options)
                .whenComplete((failure, never) -> onLoop(() -> {
                    documents.leave(document);
                    ended(link, failure);
                }));
    }

    private void ended(DocumentLink link, @Nullable Throwable failure) {
        links.remove(link.name(), link);
        if (failure instanceof WebSocketClosedException close && close.isFinal()) {
            refused(link, close.reason().isEmpty() ? "code " + close.code() : close.reason());
        } else if (!link.isEnding() || failure != null) {
            notBefore = System.nanoTime() + RETRY_NANOS;
            waiting.add(link.name());
            if (failure != null) {
                problem(failure.getMessage());
            }
        } else if (link.wasTouchedAtTheEnd()) {
            waiting.add(link.name());
        }
        endWhenDone();
    }

    private void refused(DocumentLink link, String reason) {
        links.remove(link.name(), link);
        LOG.atInfo()
                .addKeyValue("neighbour", neighbour)
                .addKeyValue("document", link.name())
                .log("not shared: {}", reason);
        endWhenDone();
    }

    private void deleteThere(DocumentLink link) {
        feed.delete(link.name())
                .whenComplete((status, failure) -> onLoop(() -> {
                    links.remove(link.name(), link);
                    if (failure != null) {
                        notBefore = System.nanoTime() + RETRY_NANOS;
                        waiting.add(link.name());
                    } else if ((status == 401 || status == 403) && !deletesRefused) {
                        deletesRefused = true;
                        LOG.atWarn()
                                .addKeyValue("neighbour", neighbour)
                                .log("the neighbour does not let this hub delete: what is deleted here stays there");
                    }
                    endWhenDone();
                }));
    }

    // End

    /** Lets go of the neighbour; what is due is sent. */
    CompletableFuture<@Nullable Void> shutdown() {
        feed.close();
        onLoop(() -> {
            closing = true;
            stopWatching();
            if (ticking != null) {
                ticking.cancel(false);
            }
            new ArrayList<>(links.values()).forEach(DocumentLink::end);
            presence.shutdown().thenRun(this::endWhenDone);
        });
        return closed.copy();
    }

    private void endWhenDone() {
        if (closing && links.isEmpty() && presence.isOver()) {
            closed.complete(null);
        }
    }

    @Override
    public void close() {
        shutdown();
    }
}
