package dev.scuttlebutt.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.LinkOptions;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.store.DocumentDeletedException;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub is killed while people work, and nothing that it had promised is gone. */
class KillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> ROOT = Map.of("Authorization", "Bearer root");

    @TempDir
    Path folder;

    private Path tokens;

    @BeforeEach
    void writeTokens() throws IOException {
        tokens = Files.writeString(
                folder.resolve("tokens.json"), "{\"tokens\":[{\"token\":\"root\",\"admin\":[\"\"]}]}");
    }

    private static WebSocketClient link(Replica replica, URI uri) {
        return WebSocketClient.connect(
                replica, uri, LinkOptions.defaults().backOff(Duration.ofMillis(20), Duration.ofMillis(200)), ROOT);
    }

    @Test
    void killedUnderLoad_clientsConverge_andNothingAcknowledgedIsLost() throws Exception {
        killUnderLoad(3);
    }

    @Tag("soak")
    @Test
    void killedOftenUnderLoad_clientsConverge_andNothingAcknowledgedIsLost() throws Exception {
        killUnderLoad(30);
    }

    private void killUnderLoad(int kills) throws Exception {
        Path data = folder.resolve("data");
        HubProcess hub = HubProcess.start(0, data, tokens);
        int port = hub.port();
        AtomicBoolean over = new AtomicBoolean();
        List<Events> clients = List.of(new Events("a"), new Events("b"), new Events("c"), new Events("d"));
        List<WebSocketClient> links = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        AtomicInteger emitted = new AtomicInteger();
        for (Events client : clients) {
            links.add(link(client, hub.socketUri("/replicate/events/load")));
            Thread writer = new Thread(() -> {
                while (!over.get()) {
                    client.emit("tick", emitted.incrementAndGet());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                }
            });
            threads.add(writer);
        }
        // Nobody else holds what is imported: the hub alone answers for it.
        List<Integer> acknowledged = new ArrayList<>();
        threads.add(new Thread(() -> importUntil(over, port, acknowledged)));
        threads.forEach(Thread::start);
        try {
            for (int i = 0; i < kills; i++) {
                int before = arrivals(clients);
                int promised = sizeOf(acknowledged);
                await().atMost(PATIENCE)
                        .until(() -> arrivals(clients) > before + 200 && sizeOf(acknowledged) > promised + 5);
                hub.kill();
                hub = HubProcess.start(port, data, tokens);
            }
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(clients)
                            .allSatisfy(client -> assertThat(client.history()).hasSize(emitted.get())));
            assertThat(clients)
                    .allSatisfy(client ->
                            assertThat(client.toJson()).isEqualTo(clients.get(0).toJson()));

            Events imported = new Events("reader");
            links.add(link(imported, hub.socketUri("/replicate/events/imported")));
            String what = "of " + acknowledged.size() + " acknowledged after " + kills + " kills";
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(imported.history().stream().map(update -> (int) update.timestamp()))
                            .as(what)
                            .containsAll(acknowledged));
        } finally {
            over.set(true);
            links.forEach(WebSocketClient::close);
            hub.close();
        }
    }

    private static int sizeOf(List<Integer> acknowledged) {
        synchronized (acknowledged) {
            return acknowledged.size();
        }
    }

    /** How many updates have come to clients from each other. */
    private static int arrivals(List<Events> clients) {
        return clients.stream().mapToInt(client -> client.history().size()).sum();
    }

    private static void importUntil(AtomicBoolean over, int port, List<Integer> acknowledged) {
        for (int number = 1; !over.get(); number++) {
            String lines = "{\"id\":\"x\",\"clock\":{}}\n[[\"n\"," + number + "]," + number + ",\"x\"]\n\"SYNC\"\n";
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port + "/api/documents/events/imported"))
                    .header("Authorization", "Bearer root")
                    .timeout(Duration.ofSeconds(20))
                    .POST(HttpRequest.BodyPublishers.ofString(lines))
                    .build();
            try {
                if (TestHub.HTTP
                                .send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode()
                        == 200) {
                    synchronized (acknowledged) {
                        acknowledged.add(number);
                    }
                }
            } catch (IOException killed) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    @Test
    void ringWithOneHubKilled_catchesUp_andBringsBackNothingDeleted() throws Exception {
        int ringStart;
        try (ServerSocket free = new ServerSocket(0)) {
            ringStart = free.getLocalPort();
        }
        Path data = folder.resolve("two");
        TestHub three = new TestHub(options -> options.tokens(tokens)
                .neighbour(Neighbour.at(URI.create("http://127.0.0.1:" + ringStart))
                        .token("root")));
        HubProcess two = HubProcess.start(0, data, tokens, three.uri("").toString());
        int twoPort = two.port();
        TestHub one = new TestHub(options -> options.http("127.0.0.1", ringStart)
                .tokens(tokens)
                .neighbour(
                        Neighbour.at(URI.create("http://127.0.0.1:" + twoPort)).token("root")));
        Model a = new Model("a");
        Model b = new Model("b");
        Model c = new Model("c");
        Model doomed = new Model("doomed");
        try (WebSocketClient atOne = link(a, one.socketUri("/replicate/model/shared"));
                WebSocketClient atTwo = link(b, two.socketUri("/replicate/model/shared"));
                WebSocketClient atThree = link(c, three.socketUri("/replicate/model/shared"))) {
            WebSocketClient writing = link(doomed, two.socketUri("/replicate/model/doomed"));
            doomed.set("k", 1);
            a.set("a", 1);
            b.set("b", 1);
            c.set("c", 1);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(a.keys()).hasSize(3);
                assertThat(b.keys()).hasSize(3);
                assertThat(c.keys()).hasSize(3);
                assertThat(one.store.find("model/doomed")).isNotNull();
                assertThat(three.store.find("model/doomed")).isNotNull();
            });
            writing.close();
            two.kill();

            a.set("a", 2);
            b.set("b", 2);
            c.set("c", 2);
            one.store.delete("model/doomed").join();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(c.get("a")).isEqualTo(Json.of(2)));

            two = HubProcess.start(twoPort, data, tokens, three.uri("").toString());
            Json expected = Json.object("a", 2, "b", 2, "c", 2);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(a.toJson()).isEqualTo(expected);
                assertThat(b.toJson()).isEqualTo(expected);
                assertThat(c.toJson()).isEqualTo(expected);
            });
            URI there = two.uri("/api/documents/model/doomed?token=root");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(TestHub.HTTP
                                    .send(HttpRequest.newBuilder(there).build(), HttpResponse.BodyHandlers.ofString())
                                    .statusCode())
                            .isEqualTo(404));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> three.store.open("model/doomed").join())
                            .hasCauseInstanceOf(DocumentDeletedException.class));
            assertThatThrownBy(() -> one.store.open("model/doomed").join())
                    .hasCauseInstanceOf(DocumentDeletedException.class);
            assertThat(List.of(atOne, atTwo, atThree))
                    .allSatisfy(link -> assertThat(link.state()).isNotNull());
        } finally {
            two.close();
            one.close();
            three.close();
        }
    }
}
