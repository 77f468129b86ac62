package dev.scuttlebutt.hub;

import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.store.Storage.Change;
import dev.scuttlebutt.store.Store;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which documents have changed, and waits for the next change when there is none: for hubs that share them. */
final class ChangesApi {
    /*
     * Nothing is kept for those who ask: they say how far they are, and the store knows what came after. The answer names
     * what the positions belong to; when that is another thing than before, they count from the beginning.
     */
    private static final Logger LOG = LoggerFactory.getLogger(ChangesApi.class);
    private static final int PAGE = 500;
    private static final int PAGES = 20;
    private static final int MAX_WAITING = 1_000;

    private final String hubId;
    private final Store store;
    private final Access access;
    private final Duration longest;
    private final Executor blocking;
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param longest how long a request may wait; zero: as long as it likes */
    ChangesApi(String hubId, Store store, Access access, Duration longest, Executor blocking) {
        this.hubId = hubId;
        this.store = store;
        this.access = access;
        this.longest = longest;
        this.blocking = blocking;
    }

    void answer(ChannelHandlerContext context, HttpHandler.Call call) {
        Tokens.Grant grant = access.grant(call.tokenDigest());
        long after = number(call, "after");
        long millis = TimeUnit.SECONDS.toMillis(Math.min(60, number(call, "wait")));
        if (!longest.isZero()) {
            millis = Math.min(millis, longest.toMillis());
        }
        List<String> prefixes = call.query().parameters().getOrDefault("prefix", List.of(""));
        Question question = new Question(context, call.request().retain(), grant, prefixes, millis);
        question.position = after;
        question.ask();
    }

    private static long number(HttpHandler.Call call, String name) {
        String text = call.parameter(name);
        try {
            long number = text == null ? 0 : Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // Told below.
        }
        throw new IllegalArgumentException("\"" + name + "\" must be a number from 0, was " + text);
    }

    /** One request, until it is answered. */
    private final class Question {
        private final ChannelHandlerContext context;
        private final FullHttpRequest request;
        private final Tokens.Grant grant;
        private final List<String> prefixes;
        private final AtomicBoolean woken = new AtomicBoolean();
        private long millis;
        private volatile long position;
        private volatile @Nullable Subscription watching;
        private volatile @Nullable Future<?> timer;

        Question(
                ChannelHandlerContext context,
                FullHttpRequest request,
                Tokens.Grant grant,
                List<String> prefixes,
                long millis) {
            this.context = context;
            this.request = request;
            this.grant = grant;
            this.prefixes = prefixes;
            this.millis = millis;
        }

        void ask() {
            try {
                blocking.execute(this::look);
            } catch (RejectedExecutionException tooMany) {
                fail(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests at once");
            }
        }

        private void look() {
            try {
                List<Json> found = find();
                if (!found.isEmpty() || millis == 0) {
                    answer(found);
                } else if (waiting.incrementAndGet() > MAX_WAITING) {
                    waiting.decrementAndGet();
                    fail(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many wait for changes");
                } else {
                    await();
                }
            } catch (IOException | RuntimeException failed) {
                LOG.atError().log("changes cannot be told", failed);
                fail(HttpResponseStatus.INTERNAL_SERVER_ERROR, "failed: " + failed.getMessage());
            }
        }

        private List<Json> find() throws IOException {
            List<Json> found = new ArrayList<>();
            for (int page = 0; page < PAGES && found.isEmpty(); page++) {
                List<Change> changes = store.changes(position, PAGE);
                for (Change change : changes) {
                    position = change.position();
                    String type = store.schema().type(change.name());
                    if (type != null
                            && grant.on(change.name()).include(Rights.READ)
                            && prefixes.stream().anyMatch(change.name()::startsWith)) {
                        found.add(Json.object("name", change.name(), "type", type, "deleted", change.deleted()));
                    }
                }
                if (changes.size() < PAGE) {
                    break;
                }
            }
            return found;
        }

        private void await() {
            timer = context.executor().schedule(this::wake, millis, TimeUnit.MILLISECONDS);
            context.channel().closeFuture().addListener(gone -> wake());
            watching = store.watch(position, change -> wake());
            if (woken.get()) {
                stopWatching();
            }
        }

        private void wake() {
            if (woken.compareAndSet(false, true)) {
                waiting.decrementAndGet();
                stopWatching();
                millis = 0;
                ask();
            }
        }

        private void stopWatching() {
            Subscription there = watching;
            if (there != null) {
                there.close();
            }
            Future<?> running = timer;
            if (running != null) {
                running.cancel(false);
            }
        }

        private void answer(List<Json> found) {
            JsonObject body = Json.object(
                    "hub",
                    hubId,
                    // Who gets other rights has to begin again: what it could not see before lies behind it.
                    "rights",
                    Tokens.digest(grant.rules().toString()),
                    "presence",
                    true,
                    "position",
                    (double) position,
                    "changes",
                    JsonArray.of(found));
            end(() -> Responses.json(context, request, HttpResponseStatus.OK, body));
        }

        private void fail(HttpResponseStatus status, String message) {
            end(() -> Responses.error(context, request, status, message));
        }

        private void end(Runnable respond) {
            try {
                context.executor().execute(() -> {
                    respond.run();
                    request.release();
                });
            } catch (RejectedExecutionException hubIsGone) {
                request.release();
            }
        }
    }
}
