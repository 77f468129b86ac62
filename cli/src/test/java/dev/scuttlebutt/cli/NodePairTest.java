package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes linked with each other over TCP. */
class NodePairTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "model | set k 1 | set l 2",
                "events | emit a 1 | emit b",
                "value | set 1 | set 2",
                "append-only | push [1] | push {}",
                "doc | set r {\"a\":1} | set r {\"b\":2}",
                "expiry-model | set k {} | set l 1",
                "object | set k 1 | set l 2",
                "array | push 1 | splice 0 0 a b",
                "edit | text \"one\\ntwo\" | insert 0 three",
                "string | insert 0 hello | text world"
            })
    void bothSides_haveWhatTheOtherHad(String type, String here, String there) throws Exception {
        try (LiveNode server = LiveNode.start("--type", type, "--listen", "127.0.0.1:0")) {
            String address = server.listening();
            server.ok(there);
            try (LiveNode client = LiveNode.start("--type", type)) {
                client.ok(here);
                client.ok("connect " + address);

                assertThat(client.ok("sync")).isEqualTo(Json.TRUE);
                server.ok("await " + client.ok("clock"));
                assertThat(server.ok("json")).isEqualTo(client.ok("json"));
                assertThat(server.ok("history")).isEqualTo(client.ok("history"));
            }
        }
    }

    @Test
    void changesAfterTheExchange_arrive() throws Exception {
        try (LiveNode server = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0", "--events");
                LiveNode client = LiveNode.start("--type", "model", "--events", "--connect", server.listening())) {
            client.ok("sync");
            client.ok("set a 1");
            assertThat(server.event("change")).isEqualTo(Json.array("a", 1));

            server.ok("set b 2");
            client.ok("await " + server.ok("clock"));
            assertThat(client.ok("json")).isEqualTo(Json.object("a", 1, "b", 2));
        }
    }

    @Test
    void whatCameBeforeSync_isToldBeforeItsAnswer() throws Exception {
        try (LiveNode server = LiveNode.start("--type", "events", "--id", "S", "--listen", "127.0.0.1:0")) {
            String address = server.listening();
            for (int i = 0; i < 100; i++) {
                server.ok("emit n " + i);
            }
            for (int run = 0; run < 20; run++) {
                List<String> lines = Cli.run(
                                "sync\n".getBytes(StandardCharsets.UTF_8),
                                "node",
                                "--type",
                                "events",
                                "--events",
                                "--connect",
                                address)
                        .lines();

                assertThat(lines).last().isEqualTo("{\"ok\":true}");
                assertThat(lines)
                        .filteredOn(line -> line.startsWith("{\"event\":\"emit\""))
                        .hasSize(100);
                assertThat(lines).contains("{\"event\":\"sync\",\"data\":\"S\"}");
                assertThat(lines).noneMatch(line -> line.contains("invalid"));
            }
        }
    }

    @Test
    void peers_tellWhoIsThere() throws Exception {
        try (LiveNode server = LiveNode.start(
                        "--type", "model", "--id", "S", "--listen", "127.0.0.1:0", "--meta", "{\"s\": 1}");
                LiveNode client = LiveNode.start("--type", "model", "--id", "C")) {
            String address = server.listening();
            client.ok("set k v");
            client.ok("connect " + address);
            client.ok("sync");
            server.ok("await " + client.ok("clock"));
            server.ok("sync");

            assertThat(client.ok("peers"))
                    .hasToString("[{\"address\":\"" + address + "\",\"id\":\"S\",\"meta\":{\"s\":1},\"state\":\"live\","
                            + "\"sent\":1,\"received\":0,\"stale\":0,\"invalid\":0,\"behind\":0}]");
            JsonObject accepted = server.ok("peers").asArray().get(0).asObject();
            assertThat(accepted.get("address").asString()).matches("127\\.0\\.0\\.1:[0-9]+");
            assertThat(accepted.without("address"))
                    .hasToString("{\"id\":\"C\",\"meta\":null,\"state\":\"live\","
                            + "\"sent\":0,\"received\":1,\"stale\":0,\"invalid\":0,\"behind\":0}");
        }
    }

    @Test
    void disconnect_endsFromEitherSide() throws Exception {
        try (LiveNode server = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0");
                LiveNode client = LiveNode.start("--type", "model")) {
            String address = server.listening();
            client.ok("connect " + address);
            client.ok("sync");
            assertThat(client.tell("connect " + address).get("error").asString())
                    .contains("is there already");
            assertThat(client.tell("disconnect 127.0.0.1:1").get("error").asString())
                    .endsWith("there are " + address);

            client.ok("disconnect " + address);
            assertThat(client.ok("peers")).hasToString("[]");
            client.ok("set offline 1");
            assertThat(server.ok("json")).hasToString("{}");

            client.ok("connect " + address);
            client.ok("sync");
            server.ok("await " + client.ok("clock"));
            String from = server.ok("peers")
                    .asArray()
                    .get(0)
                    .asObject()
                    .get("address")
                    .asString();
            server.ok("disconnect " + from);
            assertThat(server.ok("json")).isEqualTo(Json.object("offline", 1));
        }
    }

    @Test
    void client_reconnectsWhenThePeerComesBack() throws Exception {
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        try (LiveNode client = LiveNode.start("--type", "value", "--events", "--connect", address)) {
            assertThat(client.event("error").asString()).isEqualTo(address + ": Connection refused");
            for (int life = 1; life <= 2; life++) {
                try (LiveNode server = LiveNode.start("--type", "value", "--listen", address)) {
                    server.listening();
                    server.ok("set " + life);
                    assertThat(client.ok("sync 30")).isEqualTo(Json.TRUE);
                    assertThat(client.ok("get")).isEqualTo(Json.of(life));
                }
                client.event("unstream");
            }
        }
    }

    @Test
    void sync_namesTheConnectionAndWhy() throws Exception {
        String address = closedPort();
        try (LiveNode node = LiveNode.start("--type", "model", "--events", "--connect", address)) {
            node.event("error");

            assertThat(node.tell("sync 0.1").get("error").asString())
                    .isEqualTo("not in sync within 0.1 s: " + address + " (connecting: Connection refused)");
            JsonObject peer = node.ok("peers").asArray().get(0).asObject();
            assertThat(peer.get("state").asString()).isEqualTo("connecting");
            assertThat(peer.get("error").asString()).isEqualTo("Connection refused");
        }
    }

    @Test
    void readOnlyNode_givesAndTakesNothing() throws Exception {
        try (LiveNode server = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0", "--read-only");
                LiveNode client = LiveNode.start("--type", "model")) {
            String address = server.listening();
            server.ok("set s 1");
            client.ok("set c 1");
            client.ok("connect " + address);
            client.ok("await " + server.ok("clock"));
            client.ok("set c 2");
            client.ok("disconnect " + address);

            assertThat(server.ok("json")).hasToString("{\"s\":1}");
            assertThat(client.ok("json")).isEqualTo(Json.object("c", 2, "s", 1));
        }
    }

    @Test
    void writeOnlyNode_takesAndGivesNothing() throws Exception {
        try (LiveNode server = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0", "--write-only");
                LiveNode client = LiveNode.start("--type", "model")) {
            String address = server.listening();
            server.ok("set s 1");
            client.ok("set c 1");
            client.ok("connect " + address);
            server.ok("await " + client.ok("clock"));
            client.ok("disconnect " + address);

            assertThat(server.ok("json")).isEqualTo(Json.object("s", 1, "c", 1));
            assertThat(client.ok("json")).hasToString("{\"c\":1}");
        }
    }

    @Test
    void endOfInput_sendsWhatIsDueEvenBeforeTheConnectionStands() throws Exception {
        try (LiveNode server = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0", "--events")) {
            Cli.Result result = Cli.run(
                    "set last words\n".getBytes(StandardCharsets.UTF_8),
                    "node",
                    "--type",
                    "model",
                    "--connect",
                    server.listening());

            assertThat(result).isEqualTo(new Cli.Result(0, "{\"ok\":null}\n", ""));
            assertThat(server.event("change")).isEqualTo(Json.array("last", "words"));
        }
    }

    @Test
    void endWithoutHavingReachedAPeer_saysSo() throws Exception {
        String address = closedPort();
        Cli.Result result = Cli.run(
                "set last words\n".getBytes(StandardCharsets.UTF_8), "node", "--type", "model", "--connect", address);

        assertThat(result.status()).isZero();
        String last = "scuttlebutt node: may lack updates made here: " + address + " (connecting: Connection refused)";
        // The first attempt may have failed before the end or because of it.
        assertThat(result.errLines())
                .isIn(List.of(last), List.of("scuttlebutt node: " + address + ": Connection refused", last));
    }

    @Test
    void ring_convergesOverTwoHops() throws Exception {
        try (LiveNode a = LiveNode.start("--type", "events", "--listen", "127.0.0.1:0");
                LiveNode b = LiveNode.start("--type", "events", "--listen", "127.0.0.1:0", "--connect", a.listening());
                LiveNode c = LiveNode.start("--type", "events", "--connect", b.listening())) {
            a.ok("emit from a");
            c.ok("emit from c");
            a.ok("await " + c.ok("clock"));
            c.ok("await " + a.ok("clock"));

            assertThat(a.ok("history")).isEqualTo(c.ok("history"));
            assertThat(a.ok("json").asArray().size()).isEqualTo(2);
        }
    }

    private static String closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }
}
