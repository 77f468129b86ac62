package dev.scuttlebutt.hub;

import dev.scuttlebutt.Message;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.store.NameRange;
import dev.scuttlebutt.store.Storage.StoredDocument;
import dev.scuttlebutt.wire.JsonLines;
import dev.scuttlebutt.wire.Limits;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests about documents, connections and the hub itself. */
final class Api {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final String DOCUMENTS = "/api/documents";
    private static final String CONNECTIONS = "/api/connections";
    private static final int MAX_LISTED = 10_000;

    private final Documents documents;
    private final Access access;
    private final HubOptions.Settings settings;
    private final HubMetrics metrics;
    private final Executor blocking;
    private final BooleanSupplier closing;
    private final Reload reload;
    private final ChangesApi changes;
    private final List<NeighbourSync> neighbours;

    /** @param blocking where requests are answered that read the store */
    Api(
            Documents documents,
            Access access,
            HubOptions.Settings settings,
            HubMetrics metrics,
            Executor blocking,
            BooleanSupplier closing,
            Reload reload,
            ChangesApi changes,
            List<NeighbourSync> neighbours) {
        this.documents = documents;
        this.access = access;
        this.settings = settings;
        this.metrics = metrics;
        this.blocking = blocking;
        this.closing = closing;
        this.reload = reload;
        this.changes = changes;
        this.neighbours = neighbours;
    }

    void answer(ChannelHandlerContext context, HttpHandler.Call call) {
        String path = call.path();
        if (path.equals("/health") && call.isRead()) {
            health(context, call.request());
        } else if (path.equals("/metrics") && call.isRead()) {
            demandEverywhere(call);
            metrics.count("metrics");
            Responses.text(context, call.request(), HttpResponseStatus.OK, HubMetrics.MEDIA_TYPE, metrics.scrape());
        } else if (path.equals(DOCUMENTS) && call.isRead()) {
            access.grant(call.tokenDigest());
            later(context, call.request(), () -> json(list(call)));
        } else if (path.equals("/api/changes") && call.isRead()) {
            metrics.count("changes");
            changes.answer(context, call);
        } else if (path.equals("/api/neighbours") && call.isRead()) {
            demandEverywhere(call);
            Responses.json(
                    context,
                    call.request(),
                    HttpResponseStatus.OK,
                    JsonArray.of(neighbours.stream()
                            .<Json>map(NeighbourSync::describe)
                            .toList()));
        } else if (path.startsWith(DOCUMENTS + "/")) {
            document(context, call, DocumentName.check(path.substring(DOCUMENTS.length() + 1)));
        } else if (path.equals(CONNECTIONS) && call.isRead()) {
            demandEverywhere(call);
            later(
                    context,
                    call.request(),
                    () -> json(JsonArray.of(documents.peers().stream()
                            .<Json>map(peer -> peer.describe(true))
                            .toList())));
        } else if (path.equals("/api/reload") && call.request().method().equals(HttpMethod.POST)) {
            demandAdmin(call, "");
            later(context, call.request(), this::reload);
        } else if (path.startsWith(CONNECTIONS + "/") && call.request().method().equals(HttpMethod.DELETE)) {
            disconnect(context, call, path.substring(CONNECTIONS.length() + 1));
        } else {
            throw new Refusal(
                    CloseCode.BAD_NAME,
                    HttpResponseStatus.NOT_FOUND,
                    "there is no " + call.request().method() + " " + path);
        }
    }

    /** Reads the rights again and returns how many connections that ends. */
    @FunctionalInterface
    interface Reload {
        int run() throws IOException;
    }

    private Answer reload() {
        try {
            return json(Json.object("ended", reload.run()));
        } catch (IOException unusable) {
            throw new Refusal(CloseCode.INTERNAL, HttpResponseStatus.UNPROCESSABLE_ENTITY, unusable.getMessage() + "");
        }
    }

    private void demandEverywhere(HttpHandler.Call call) {
        boolean open = !access.tokens().areNeeded();
        if (!open && !access.grant(call.tokenDigest()).everywhere(Rights.ADMIN)) {
            throw call.tokenDigest() == null ? Refusal.noToken() : Refusal.noRight(Rights.ADMIN, "*");
        }
    }

    /** What changes more than a peer could needs a token, also where reading and writing need none. */
    private void demandAdmin(HttpHandler.Call call, String name) {
        if (!access.tokens().areNeeded()) {
            throw new Refusal(
                    CloseCode.NO_RIGHT,
                    HttpResponseStatus.FORBIDDEN,
                    "this needs the right to admin; start the hub with --tokens FILE");
        }
        access.demand(Rights.ADMIN, call.tokenDigest(), name);
    }

    /** An answer that is ready to go. */
    private record Answer(HttpResponseStatus status, String mediaType, String body) {}

    private static Answer json(Json body) {
        return new Answer(HttpResponseStatus.OK, "application/json; charset=utf-8", body + "\n");
    }

    private void later(ChannelHandlerContext context, FullHttpRequest request, Work work) {
        metrics.count("api");
        FullHttpRequest kept = request.retain();
        Runnable task = () -> {
            Answer answer;
            try {
                answer = work.run();
            } catch (Refusal refused) {
                answer = new Answer(
                        refused.status(),
                        "application/json; charset=utf-8",
                        Json.object("error", refused.getMessage()) + "\n");
            } catch (IOException | RuntimeException failed) {
                LOG.atError().log("a request failed", failed);
                answer = new Answer(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "application/json; charset=utf-8",
                        Json.object("error", "failed: " + failed.getMessage()) + "\n");
            }
            Answer ready = answer;
            context.executor().execute(() -> {
                Responses.text(context, kept, ready.status(), ready.mediaType(), ready.body());
                kept.release();
            });
        };
        try {
            blocking.execute(task);
        } catch (RejectedExecutionException tooMany) {
            kept.release();
            throw new Refusal(CloseCode.TRY_LATER, HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests at once");
        }
    }

    @FunctionalInterface
    private interface Work {
        Answer run() throws IOException;
    }

    private void health(ChannelHandlerContext context, FullHttpRequest request) {
        IOException failure = documents.store().failure();
        boolean ends = closing.getAsBoolean();
        String status = ends ? "closing" : failure != null ? "failing" : "ok";
        Responses.json(
                context,
                request,
                status.equals("ok") ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                Json.object(
                        "status",
                        status,
                        "connections",
                        documents.peers().size(),
                        "documents",
                        documents.all().size(),
                        "problem",
                        failure == null ? null : failure.getMessage()));
    }

    // Documents

    private Json list(HttpHandler.Call call) throws IOException {
        Tokens.Grant grant = access.grant(call.tokenDigest());
        Map<String, JsonObject> found = new TreeMap<>();
        for (StoredDocument stored : documents.store().list(NameRange.all().limit(MAX_LISTED))) {
            found.put(
                    stored.name(),
                    Json.object("name", stored.name(), "type", stored.type(), "peers", 0, "bytes", (double)
                            stored.bytes()));
        }
        for (OpenDocument open : documents.all()) {
            found.put(
                    open.name(),
                    Json.object(
                            "name",
                            open.name(),
                            "type",
                            open.type(),
                            "peers",
                            open.peers().size(),
                            "bytes",
                            (double) open.bytes()));
        }
        List<Json> readable = new ArrayList<>();
        found.forEach((name, description) -> {
            Rights rights = grant.on(name);
            if (rights.include(Rights.READ)) {
                readable.add(description.with("rights", Json.of(rights.text())));
            }
        });
        return JsonArray.of(readable);
    }

    private void document(ChannelHandlerContext context, HttpHandler.Call call, String name) {
        HttpMethod method = call.request().method();
        if (call.isRead() && "lines".equals(call.parameter("format"))) {
            access.demand(Rights.READ, call.tokenDigest(), name);
            later(context, call.request(), () -> onExisting(name, this::export));
        } else if (call.isRead()) {
            access.demand(Rights.READ, call.tokenDigest(), name);
            boolean admin = access.rights(call.tokenDigest(), name).include(Rights.ADMIN);
            boolean state = !"false".equals(call.parameter("state"));
            later(context, call.request(), () -> onExisting(name, document -> json(describe(document, admin, state))));
        } else if (method.equals(HttpMethod.POST)) {
            demandAdmin(call, name);
            byte[] lines = ByteBufUtil.getBytes(call.request().content());
            later(context, call.request(), () -> onDocument(name, document -> load(document, lines)));
        } else if (method.equals(HttpMethod.DELETE)) {
            demandAdmin(call, name);
            later(context, call.request(), () -> delete(name));
        } else {
            throw new Refusal(
                    CloseCode.BAD_NAME,
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "a document answers GET, POST and DELETE, not " + method);
        }
    }

    @FunctionalInterface
    private interface Look {
        Answer at(OpenDocument document);
    }

    private Answer onExisting(String name, Look look) throws IOException {
        // In this order: what leaves the memory has been stored.
        boolean open = documents.store().isOpen(name);
        StoredDocument stored = documents.store().find(name);
        if (stored == null ? !open : stored.isDeleted()) {
            throw Refusal.notFound(name);
        }
        return onDocument(name, look);
    }

    private Answer onDocument(String name, Look look) {
        OpenDocument document;
        try {
            document = documents.join(name).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof Refusal refused ? refused : failed;
        }
        try {
            return look.at(document);
        } finally {
            documents.leave(document);
        }
    }

    private static Json describe(OpenDocument document, boolean admin, boolean state) {
        Replica replica = document.replica();
        JsonObject.Builder all = JsonObject.builder()
                .put("name", Json.of(document.name()))
                .put("type", Json.of(document.type()))
                .put("id", Json.of(replica.id()))
                .put("clock", replica.clock().toJson())
                .put("updates", Json.of((double) replica.history().size()))
                .put("bytes", Json.of((double) document.bytes()))
                .put("present", Json.of((double) document.presence().members()))
                .put(
                        "peers",
                        JsonArray.of(document.peers().stream()
                                .<Json>map(peer -> peer.describe(admin))
                                .toList()));
        if (state) {
            all.put("state", replica.toJson());
        }
        return all.build();
    }

    /** What a read stream of the original writes: a header, the updates, the end mark. */
    private Answer export(OpenDocument document) {
        Replica replica = document.replica();
        StringBuilder lines = new StringBuilder();
        lines.append(Json.object("id", replica.id(), "clock", replica.clock().toJson()))
                .append('\n');
        for (Update update : replica.history()) {
            lines.append(update).append('\n');
        }
        lines.append("\"SYNC\"\n");
        return new Answer(HttpResponseStatus.OK, "application/jsonl; charset=utf-8", lines.toString());
    }

    private Answer load(OpenDocument document, byte[] lines) {
        JsonLines.Decoder decoder = new JsonLines.Decoder(
                Limits.defaults().maxLineBytes(settings.maxMessageBytes).skipBlankLines(true));
        List<Message> messages = new ArrayList<>();
        try {
            decoder.decode(ByteBuffer.wrap(lines), messages);
            decoder.end(messages);
        } catch (ProtocolException malformed) {
            throw new Refusal(CloseCode.BAD_NAME, HttpResponseStatus.BAD_REQUEST, malformed.getMessage() + "");
        }
        int applied = 0;
        int others = 0;
        for (Message message : messages) {
            if (message instanceof Update update) {
                if (document.replica().apply(update) == Outcome.APPLIED) {
                    applied++;
                } else {
                    others++;
                }
            }
        }
        document.handle().saved().join();
        LOG.atInfo()
                .addKeyValue("document", document.name())
                .addKeyValue("applied", applied)
                .log("imported");
        return json(Json.object("applied", applied, "skipped", others));
    }

    private Answer delete(String name) {
        boolean was = documents.delete(name).join();
        LOG.atInfo().addKeyValue("document", name).log("deleted");
        if (!was) {
            throw Refusal.notFound(name);
        }
        return json(Json.object("deleted", name));
    }

    private void disconnect(ChannelHandlerContext context, HttpHandler.Call call, String number) {
        Peer found = documents.peers().stream()
                .filter(peer -> Long.toString(peer.number()).equals(number))
                .findFirst()
                .orElse(null);
        demandAdmin(call, found == null ? "" : found.document().name());
        if (found == null) {
            throw new Refusal(CloseCode.BAD_NAME, HttpResponseStatus.NOT_FOUND, "there is no connection " + number);
        }
        found.close(CloseCode.NO_RIGHT, "disconnected by an administrator");
        Responses.json(context, call.request(), HttpResponseStatus.OK, Json.object("disconnected", found.number()));
    }
}
