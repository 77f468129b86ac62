package dev.scuttlebutt.hub;

import static dev.scuttlebutt.hub.TestHubs.at;
import static dev.scuttlebutt.hub.TestHubs.freePorts;
import static dev.scuttlebutt.hub.TestHubs.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.store.DocumentDeletedException;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.NameRange;
import dev.scuttlebutt.store.Store;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hubs that share documents with each other. */
class NeighboursTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private final TestHubs hubs = new TestHubs();

    @AfterEach
    void stop() throws Exception {
        hubs.close();
    }

    private <R extends Replica> R document(TestHub hub, String name, Class<R> type) {
        Handle<R> handle = hub.store.open(name, type).join();
        hubs.closeLater(handle);
        return handle.replica();
    }

    private static Json stored(TestHub hub, String name) {
        try (Handle<Replica> handle = hub.store.open(name).join()) {
            return handle.replica().toJson();
        }
    }

    private static void awaitState(String json, String name, TestHub... hubs) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (TestHub hub : hubs) {
                assertThat(stored(hub, name)).isEqualTo(Json.parse(json));
            }
        });
    }

    @Test
    void ringOfThree_withOneThatComesLate_sharesWhatEachHas() throws Exception {
        int[] ports = freePorts(3);
        TestHub one = hubs.start(ports[0], options -> options.neighbour(at(ports[1])));
        TestHub two = hubs.start(ports[1], options -> options.neighbour(at(ports[2])));
        document(one, "model/one", Model.class).set("k", 1);
        Events two2 = document(two, "events/two", Events.class);
        two2.emit("said", "here");
        awaitState("{\"k\":1}", "model/one", one, two);

        // The late one has documents too, one of them under a name that the others have.
        Store old = Store.open(new MemoryStorage(), DocumentTypes.schema());
        hubs.closeLater(old);
        Handle<Model> before = old.open("model/one", Model.class).join();
        before.replica().set("late", 3);
        old.open("model/three", Model.class).join().replica().set("k", 3);
        old.flush().join();
        Hub three =
                Hub.start(old, HubOptions.defaults().http("127.0.0.1", ports[2]).neighbour(at(ports[0])));
        hubs.closeLater(three);

        awaitState("{\"k\":1,\"late\":3}", "model/one", one, two);
        awaitState("{\"k\":3}", "model/three", one, two);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(before.replica().toJson()).isEqualTo(Json.object("k", 1, "late", 3));
            assertThat(old.open("events/two", Events.class).join().replica().toJson())
                    .isEqualTo(two2.toJson());
        });

        // Somebody at each writes at once; what is known goes no further, so it ends.
        Model a = new Model("a");
        Model b = new Model("b");
        Model c = new Model("c");
        try (WebSocketClient atOne = WebSocketClient.connect(a, one.socketUri("/replicate/model/all"));
                WebSocketClient atTwo = WebSocketClient.connect(b, two.socketUri("/replicate/model/all"));
                WebSocketClient atThree =
                        WebSocketClient.connect(c, URI.create("ws://127.0.0.1:" + ports[2] + "/replicate/model/all"))) {
            for (int i = 0; i < 100; i++) {
                a.set("a" + i, i);
                b.set("b" + i, i);
                c.set("c" + i, i);
            }
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(a.keys()).hasSize(300);
                assertThat(b.toJson()).isEqualTo(a.toJson());
                assertThat(c.toJson()).isEqualTo(a.toJson());
            });
            assertThat(atOne.lastFailure()).isNull();
            assertThat(atTwo.lastFailure()).isNull();
            assertThat(atThree.lastFailure()).isNull();
        }
        assertThat(one.json("/api/neighbours").asArray().get(0).asObject().get("reachable"))
                .isEqualTo(Json.TRUE);
    }

    @Test
    void moreDocumentsThanLinks_allArrive() throws Exception {
        TestHub one = hubs.start(0, options -> options);
        for (int i = 0; i < 2100; i++) {
            try (Handle<Model> handle =
                    one.store.open("model/" + i, Model.class).join()) {
                handle.replica().set("k", i);
            }
        }
        one.store.flush().join();
        TestHub two = hubs.start(0, options -> options.neighbour(at(port(one))));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(two.store.list(NameRange.all())).hasSize(2100));
        assertThat(stored(two, "model/2099")).hasToString("{\"k\":2099}");
    }

    @Test
    void hubThatWentAway_bringsWhatChangedMeanwhile_butNotWhatWasDeleted() throws Exception {
        int[] ports = freePorts(2);
        Path tokens = folder.resolve("tokens.json");
        Files.writeString(tokens, "{\"tokens\":[{\"token\":\"hub\",\"admin\":[\"\"]}]}");
        TestHub one = hubs.start(ports[0], options -> options.tokens(tokens));
        document(one, "model/kept", Model.class).set("k", 1);
        one.store.open("model/gone", Model.class).join().replica().set("k", 1);
        Store away = Store.open(new MemoryStorage(), DocumentTypes.schema());
        hubs.closeLater(away);
        HubOptions options = HubOptions.defaults()
                .http("127.0.0.1", ports[1])
                .tokens(tokens)
                .neighbour(at(ports[0]).token("hub"));
        try (Hub two = Hub.start(away, options)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(away.list(NameRange.all())).hasSize(2));
            assertThat(two.peers()).isNotNegative();
        }
        one.store.delete("model/gone").join();
        document(one, "model/kept", Model.class).set("k", 2);
        try (Handle<Model> handle = away.open("model/gone", Model.class).join()) {
            handle.replica().set("k", "changed while away");
        }
        away.open("model/mine", Model.class).join().replica().set("k", 3);
        away.flush().join();

        hubs.closeLater(Hub.start(away, options));
        awaitState("{\"k\":3}", "model/mine", one);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThatThrownBy(() -> away.open("model/gone").join()).hasCauseInstanceOf(DocumentDeletedException.class);
            assertThat(away.open("model/kept", Model.class).join().replica().toJson())
                    .hasToString("{\"k\":2}");
        });
        assertThatThrownBy(() -> one.store.open("model/gone").join()).isInstanceOf(CompletionException.class);

        // And the other way: the one that asks deletes, with a token that may.
        away.delete("model/mine").join();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(
                                () -> one.store.open("model/mine").join())
                        .hasCauseInstanceOf(DocumentDeletedException.class));
    }

    @Test
    void tokensAndPrefixes_boundWhatIsShared() throws Exception {
        Path tokens = folder.resolve("tokens.json");
        Files.writeString(
                tokens,
                "{\"tokens\":[{\"token\":\"mirror\",\"read\":[\"model/\"]},{\"token\":\"both\",\"write\":[\"model/b\"]}]}");
        TestHub one = hubs.start(0, options -> options.tokens(tokens));
        Model a = document(one, "model/a", Model.class);
        a.set("from", "one");
        document(one, "events/private", Events.class).emit("said", "hush");
        TestHub mirror =
                hubs.start(0, options -> options.neighbour(at(port(one)).token("mirror")));
        TestHub both = hubs.start(
                0, options -> options.neighbour(at(port(one)).token("both").prefixes("model/b", "events/")));
        document(mirror, "model/a", Model.class).set("mirror", "writes");
        document(both, "model/b1", Model.class).set("from", "both");
        document(both, "model/c", Model.class).set("not", "shared");

        awaitState("{\"from\":\"both\"}", "model/b1", one, mirror);
        awaitState("{\"mirror\":\"writes\",\"from\":\"one\"}", "model/a", mirror);
        assertThat(a.toJson()).hasToString("{\"from\":\"one\"}");
        assertThat(one.store.find("model/c")).isNull();
        assertThat(mirror.store.find("events/private")).isNull();
        assertThat(both.store.find("model/a")).isNull();

        TestHub stranger =
                hubs.start(0, options -> options.neighbour(at(port(one)).token("nonsense")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(stranger.json("/api/neighbours")
                                .asArray()
                                .get(0)
                                .toString())
                        .contains("\"reachable\":false")
                        .contains("answered 401: ")
                        .doesNotContain("nonsense"));
        assertThat(stranger.get("/metrics").body()).contains("scuttlebutt_neighbours_unreachable 1.0");
    }

    @Test
    void documentOfAnotherTypeThere_isNotShared() throws Exception {
        Store models = Store.open(new MemoryStorage(), DocumentTypes.schema(Map.of("notes/*", "model")));
        Store events = Store.open(new MemoryStorage(), DocumentTypes.schema(Map.of("notes/*", "events")));
        hubs.closeLater(models);
        hubs.closeLater(events);
        models.open("notes/a", Model.class).join().replica().set("k", 1);
        Hub one = Hub.start(models, HubOptions.defaults().http("127.0.0.1", 0));
        hubs.closeLater(one);
        events.open("notes/a", Events.class).join().replica().emit("said", 1);
        events.open("events/b", Events.class).join().replica().emit("said", 2);
        Hub two = Hub.start(
                events,
                HubOptions.defaults()
                        .http("127.0.0.1", 0)
                        .neighbour(at(one.address().getPort())));
        hubs.closeLater(two);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(models.find("events/b")).isNotNull());
        assertThat(models.open("notes/a").join().replica().history()).hasSize(1);
        assertThat(events.open("notes/a").join().replica().history()).hasSize(1);
    }

    @Test
    void changes_areToldToThoseWhoMayRead_andWaitedFor() throws Exception {
        Path tokens = folder.resolve("tokens.json");
        Files.writeString(tokens, "{\"tokens\":[{\"token\":\"r\",\"read\":[\"model/\"]}]}");
        TestHub one = hubs.start(0, options -> options.tokens(tokens));
        document(one, "events/private", Events.class).emit("said", "hush");
        document(one, "model/a", Model.class).set("k", 1);
        one.store.flush().join();
        JsonObject first = one.json("/api/changes?after=0&token=r").asObject();
        assertThat(first.get("changes")).hasToString("[{\"name\":\"model/a\",\"type\":\"model\",\"deleted\":false}]");

        String position = first.get("position").toString();
        var waiting = TestHub.HTTP.sendAsync(
                HttpRequest.newBuilder(one.uri("/api/changes?wait=20&token=r&after=" + position))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        one.store.delete("model/a").join();
        assertThat(waiting.join().body()).contains("[{\"name\":\"model/a\",\"type\":\"model\",\"deleted\":true}]");
        assertThat(one.get("/api/changes?after=x&token=r").statusCode()).isEqualTo(400);
        assertThat(one.get("/api/changes?after=-1&token=r").statusCode()).isEqualTo(400);
        assertThat(one.get("/api/changes?token=unknown").statusCode()).isEqualTo(401);
    }

    @Test
    void hubNamedAsItsOwnNeighbour_isLetGo() throws Exception {
        int[] ports = freePorts(1);
        TestHub one = hubs.start(ports[0], options -> options.neighbour(at(ports[0])));
        document(one, "model/a", Model.class).set("k", 1);
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("scuttlebutt-hub-neighbour")));
        assertThat(one.hub.peers()).isZero();
    }

    @Test
    void neighbours_areReadFromAFile() throws Exception {
        Path file = folder.resolve("peers.json");
        Files.writeString(
                file,
                "{\"peers\":[{\"url\":\"https://hub.example/\",\"token\":\"t\",\"prefixes\":[\"model/\"],\"deletes\":false},"
                        + "{\"url\":\"http://[::1]:7080\"}]}");
        assertThat(Neighbour.read(file))
                .containsExactly(
                        Neighbour.at(URI.create("https://hub.example/"))
                                .token("t")
                                .prefixes("model/")
                                .deletes(false),
                        Neighbour.at(URI.create("http://[::1]:7080")));
        assertThat(Neighbour.read(file).get(0).document("model/a b/ü"))
                .hasToString("wss://hub.example/replicate/model/a%20b/%C3%BC");
        assertThat(Neighbour.read(file).get(0)).hasToString("https://hub.example/");
        Files.writeString(file, "{\"peers\":[{\"token\":\"t\"}]}");
        assertThatThrownBy(() -> Neighbour.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no \"url\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Neighbour.at(URI.create("ftp://hub.example")));
        assertThatIllegalArgumentException().isThrownBy(() -> Neighbour.at(URI.create("http://hub/?token=x")));
    }
}
