package dev.scuttlebutt.hub;

import static dev.scuttlebutt.hub.TestHubs.at;
import static dev.scuttlebutt.hub.TestHubs.freePorts;
import static dev.scuttlebutt.hub.TestHubs.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.types.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is at a document of a hub is seen at its neighbours. */
class NeighbourPresenceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String DOCUMENT = "model/a";

    private final TestHubs hubs = new TestHubs();

    @AfterEach
    void stop() throws Exception {
        hubs.close();
    }

    /** Somebody at a document, under a key of the same name. */
    private final class Person implements AutoCloseable {
        final Model seen = new Model();
        final WebSocketClient link;

        Person(TestHub hub, String document, String name) {
            seen.set(name, Json.object("name", name));
            link = WebSocketClient.connect(seen, hub.socketUri("/presence/" + document));
            hubs.closeLater(this);
        }

        Set<String> names() {
            return new TreeSet<>(seen.toJson().keys());
        }

        @Override
        public void close() {
            link.close();
        }
    }

    private static void awaitNames(Person person, String... names) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(person.names()).containsExactly(names));
    }

    @Test
    void peopleAtTwoHubs_seeEachOther_andNoMoreWhenTheyHaveLeft_andNothingIsStored() throws Exception {
        TestHub one = hubs.start(0, options -> options);
        TestHub two = hubs.start(0, options -> options.neighbour(at(port(one))));
        Person ada = new Person(one, DOCUMENT, "ada");
        Person bela = new Person(two, DOCUMENT, "bela");
        awaitNames(ada, "ada", "bela");
        awaitNames(bela, "ada", "bela");

        // What they say of themselves later, too.
        bela.seen.set("bela", Json.object("name", "Béla"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ada.seen.get("bela")).isEqualTo(Json.object("name", "Béla")));
        Person cleo = new Person(one, DOCUMENT, "cleo");
        awaitNames(bela, "ada", "bela", "cleo");
        Person elsewhere = new Person(one, "model/other", "elsewhere");
        awaitNames(elsewhere, "elsewhere");

        cleo.close();
        awaitNames(ada, "ada", "bela");
        awaitNames(bela, "ada", "bela");
        bela.close();
        awaitNames(ada, "ada");
        for (TestHub hub : new TestHub[] {one, two}) {
            hub.store.flush().join();
            assertThat(hub.store.open(DOCUMENT).join().replica().history()).isEmpty();
        }
    }

    @Test
    void hubThatGoes_takesItsPeopleAlong_andBringsThemBack() throws Exception {
        int[] ports = freePorts(1);
        TestHub one = hubs.start(0, options -> options.neighbour(at(ports[0])));
        Person ada = new Person(one, DOCUMENT, "ada");
        TestHub two = hubs.start(ports[0], options -> options);
        Person bela = new Person(two, DOCUMENT, "bela");
        awaitNames(ada, "ada", "bela");
        two.hub.close();
        awaitNames(ada, "ada");
        bela.close();

        TestHub again = hubs.start(ports[0], options -> options);
        Person cleo = new Person(again, DOCUMENT, "cleo");
        awaitNames(ada, "ada", "cleo");
        awaitNames(cleo, "ada", "cleo");
        one.hub.close();
        awaitNames(cleo, "cleo");
    }

    @Test
    void ringInWhichEverybodyNamesEverybody_showsEachPersonOnce_andComesToRest() throws Exception {
        int[] ports = freePorts(3);
        TestHub[] ring = new TestHub[3];
        for (int i = 0; i < 3; i++) {
            int self = i;
            ring[i] = hubs.start(
                    ports[i],
                    options -> options.neighbour(at(ports[(self + 1) % 3])).neighbour(at(ports[(self + 2) % 3])));
        }
        Person ada = new Person(ring[0], DOCUMENT, "ada");
        Person bela = new Person(ring[1], DOCUMENT, "bela");
        Person cleo = new Person(ring[2], DOCUMENT, "cleo");
        for (Person person : new Person[] {ada, bela, cleo}) {
            awaitNames(person, "ada", "bela", "cleo");
        }
        // A change arrives everywhere, and what it sets off ends: a last one of many is the last.
        for (int i = 1; i <= 50; i++) {
            ada.seen.set("ada", Json.object("name", "ada", "n", i));
        }
        for (Person person : new Person[] {bela, cleo}) {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(person.seen.get("ada")).isEqualTo(Json.object("name", "ada", "n", 50)));
        }
        bela.close();
        for (Person person : new Person[] {ada, cleo}) {
            awaitNames(person, "ada", "cleo");
        }
        // There is one writer for each of those at other hubs: the own hub, which writes no more than it hears.
        assertThat(ada.seen.clock().size()).isLessThanOrEqualTo(3);
        assertThat(cleo.seen.clock().size()).isLessThanOrEqualTo(3);
    }

    @Test
    void chain_passesNobodyOn() throws Exception {
        TestHub middle = hubs.start(0, options -> options);
        TestHub left = hubs.start(0, options -> options.neighbour(at(port(middle))));
        TestHub right = hubs.start(0, options -> options.neighbour(at(port(middle))));
        Person ada = new Person(left, DOCUMENT, "ada");
        Person bela = new Person(middle, DOCUMENT, "bela");
        Person cleo = new Person(right, DOCUMENT, "cleo");
        awaitNames(bela, "ada", "bela", "cleo");
        awaitNames(ada, "ada", "bela");
        awaitNames(cleo, "bela", "cleo");
    }

    @Test
    void documentsThatAreNotShared_haveNoSharedPresence() throws Exception {
        TestHub one = hubs.start(0, options -> options);
        TestHub two = hubs.start(0, options -> options.neighbour(at(port(one)).prefixes("model/shared")));
        Person ada = new Person(one, "model/private", "ada");
        Person bela = new Person(two, "model/private", "bela");
        Person cleo = new Person(one, "model/shared", "cleo");
        Person dan = new Person(two, "model/shared", "dan");
        awaitNames(cleo, "cleo", "dan");
        awaitNames(dan, "cleo", "dan");
        awaitNames(ada, "ada");
        awaitNames(bela, "bela");
    }

    @Test
    void hubOfAnOlderKind_isNotAskedForPresence() throws Exception {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        try (ServerSocket old = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> serveAsBefore(old, asked));
            server.setDaemon(true);
            server.start();
            TestHub hub = hubs.start(0, options -> options.neighbour(at(old.getLocalPort())));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(hub.json("/api/neighbours")
                                    .asArray()
                                    .get(0)
                                    .asObject()
                                    .get("reachable"))
                            .isEqualTo(Json.TRUE));
            Person ada = new Person(hub, DOCUMENT, "ada");
            awaitNames(ada, "ada");
            // The document itself is asked for, by the same loop, later.
            hubs.closeLater(WebSocketClient.connect(new Model(), hub.socketUri("/replicate/" + DOCUMENT)));
            await().atMost(PATIENCE).until(() -> asked.contains("/replicate/" + DOCUMENT));
            assertThat(asked).noneMatch(path -> path.startsWith("/presence"));
        }
    }

    /** Answers as hubs did before they shared presence; who waits for changes waits long. */
    private static void serveAsBefore(ServerSocket old, Queue<String> asked) {
        String body = "{\"hub\":\"old\",\"rights\":\"r\",\"position\":0,\"changes\":[]}\n";
        while (true) {
            try {
                Socket socket = old.accept();
                String path = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                        .readLine()
                        .split(" ")[1];
                asked.add(path);
                if (path.contains("wait=0")) {
                    socket.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length()
                                            + "\r\n\r\n" + body)
                                    .getBytes(StandardCharsets.US_ASCII));
                    socket.close();
                } else if (!path.contains("wait=")) {
                    socket.close();
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    // Bounds

    @Test
    void moreThanAThousandPeopleElsewhere_areNotShown() {
        DocumentPresence presence = new DocumentPresence();
        Model here = presence.join();
        PresenceRelay relay = presence.relay();
        Model there = new Model("there");
        Pipe.connect(relay.model(), there);
        for (int i = 0; i < PresenceRelay.MAX_PEOPLE + 200; i++) {
            there.set("person" + i, Json.object("name", "x"));
        }
        assertThat(here.toJson().size()).isEqualTo(PresenceRelay.MAX_PEOPLE);
        relay.close();
        assertThat(here.toJson().size()).isZero();
    }

    @Test
    void hubThatNamesOneAfterTheOther_isLetGo() {
        DocumentPresence presence = new DocumentPresence();
        presence.join();
        PresenceRelay relay = presence.relay();
        Model there = new Model("there");
        Pipe.connect(relay.model(), there);
        for (int i = 0; i <= DocumentPresence.MAX_KEYS; i++) {
            there.set("person" + i, Json.object("name", "x"));
            there.delete("person" + i);
        }
        there.set("late", Json.object("name", "x"));
        assertThat(relay.model().get("late")).isNull();
    }

    @Test
    void whoUsesTheKeyOfAnother_doesNotHideThem() {
        DocumentPresence presence = new DocumentPresence();
        Model here = presence.join();
        Model ada = new Model("ada");
        Pipe.connect(here, ada);
        ada.set("key", "ada");
        PresenceRelay relay = presence.relay();
        Model there = new Model("there");
        Pipe.connect(relay.model(), there);
        assertThat(there.get("key")).isEqualTo(Json.of("ada"));
        there.set("key", "mallory");
        assertThat(here.get("key")).isEqualTo(Json.of("ada"));
        ada.delete("key");
        assertThat(here.get("key")).isEqualTo(Json.of("mallory"));
        relay.close();
        assertThat(here.get("key")).isNull();
    }
}
