package dev.scuttlebutt.hub;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Asks a neighbour again and again what has changed there. One thread, which mostly waits. */
final class NeighbourFeed implements AutoCloseable {
    private static final int MAX_ANSWER = 1 << 21;
    private static final int WAIT_SECONDS = 15;
    private static final long MIN_BACK_OFF_MILLIS = 100;
    private static final long MAX_BACK_OFF_MILLIS = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Neighbour neighbour;
    private final Listener listener;
    private final HttpClient client;
    private final Thread thread;
    private volatile boolean over;

    private long position;
    private String of = "";

    /** A document that has changed there. */
    record Remote(String name, String type, boolean deleted) {}

    /** Hears what is found, on the thread of the feed. */
    interface Listener {
        /** The positions count from the beginning: another hub is there, or other rights. */
        void restarted();

        /**
         * These have changed; asks for more when the future is complete.
         *
         * @param knowsPresence whether it takes part in the presence of hubs: older ones do not
         */
        CompletableFuture<?> changed(String hubId, boolean knowsPresence, List<Remote> changes);

        /** It does not answer, or not as it should. */
        void failed(IOException failure);
    }

    NeighbourFeed(Neighbour neighbour, Listener listener) {
        this.neighbour = neighbour;
        this.listener = listener;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (neighbour.tls() != null) {
            builder.sslContext(neighbour.tls().context());
        }
        this.client = builder.build();
        this.thread = new Thread(
                this::run, "scuttlebutt-hub-neighbour-" + neighbour.address().getHost());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long backOff = MIN_BACK_OFF_MILLIS;
        // The first answer says that the neighbour is there, so it is not waited for.
        int wait = 0;
        while (!over) {
            try {
                wait = ask(wait) ? WAIT_SECONDS : 0;
                backOff = MIN_BACK_OFF_MILLIS;
            } catch (IOException failure) {
                listener.failed(failure);
                wait = 0;
                if (!pause(backOff)) {
                    return;
                }
                backOff = Math.min(MAX_BACK_OFF_MILLIS, backOff * 2);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    /** Half of the wait is left to chance: the neighbours of a hub that comes back do not come all at once. */
    private boolean pause(long millis) {
        try {
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
            return true;
        } catch (InterruptedException stopped) {
            return false;
        }
    }

    /** Returns whether the positions go on from where they were: otherwise the next question is not to wait. */
    private boolean ask(int wait) throws IOException, InterruptedException {
        String prefixes = neighbour.prefixes().stream()
                .map(prefix -> "&prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
        HttpRequest request = request("/api/changes?after=" + position + "&wait=" + wait + prefixes)
                .timeout(PATIENCE.plusSeconds(WAIT_SECONDS))
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        byte[] body;
        try (InputStream in = response.body()) {
            body = in.readNBytes(MAX_ANSWER + 1);
        }
        if (body.length > MAX_ANSWER) {
            throw new IOException("the answer has more than " + MAX_ANSWER + " bytes");
        }
        String text = new String(body, StandardCharsets.UTF_8);
        if (response.statusCode() != 200) {
            throw new IOException("answered " + response.statusCode() + ": "
                    + text.strip().substring(0, Math.min(200, text.strip().length())));
        }
        try {
            return take(Json.parse(text).asObject());
        } catch (IllegalArgumentException malformed) {
            throw new IOException("answered what is no list of changes: " + malformed.getMessage(), malformed);
        }
    }

    private boolean take(JsonObject answer) throws InterruptedException {
        String hub = field(answer, "hub").asString();
        String now = hub + " " + field(answer, "rights");
        long next = (long) field(answer, "position").asDouble();
        List<Remote> changes = new ArrayList<>();
        for (Json change : field(answer, "changes").asArray().toList()) {
            JsonObject fields = change.asObject();
            changes.add(new Remote(
                    field(fields, "name").asString(),
                    field(fields, "type").asString(),
                    field(fields, "deleted").asBoolean()));
        }
        boolean other = !of.isEmpty() && !now.equals(of);
        of = now;
        if (other) {
            position = 0;
            listener.restarted();
            return false;
        }
        position = next;
        try {
            listener.changed(hub, Json.TRUE.equals(answer.get("presence")), changes)
                    .get();
        } catch (ExecutionException closed) {
            over = true;
        }
        return true;
    }

    private static Json field(JsonObject object, String name) {
        Json value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException("\"" + name + "\" is missing");
        }
        return value;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(neighbour.api(path));
        String token = neighbour.token();
        return token == null ? builder : builder.header("Authorization", "Bearer " + token);
    }

    /** Deletes a document there. The future has the status of the answer. */
    CompletableFuture<Integer> delete(String name) {
        HttpRequest request = request("/api/documents/" + Neighbour.encode(name))
                .timeout(PATIENCE)
                .DELETE()
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
    }
}
