package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.hub.Hub;
import dev.scuttlebutt.hub.HubOptions;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What people get wrong, and what they are told: what it is, where, what was expected, what to do; on one line of standard
 * error, with status 2 for arguments and 1 for the world. In what is expected an ellipsis stands for any text.
 */
@Timeout(60)
class MistakesTest {
    @TempDir
    static Path folder;

    private static ServerSocket taken;
    private static Hub hub;
    private static Store store;

    @BeforeAll
    static void makeWhatIsWrong() throws Exception {
        taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        store = Store.open(new MemoryStorage(), DocumentTypes.schema());
        hub = Hub.start(store, HubOptions.defaults().http("127.0.0.1", 0));
        Files.createDirectories(folder.resolve("empty"));
        write("words", "hello\nworld\n");
        write("shape.json", "{\"tokens\":{\"a\":1}}");
        write("slip.json", "{\"tokens\":[{\"token\":\"a\",\"rite\":[\"model/\"]}]}");
        write("digest.json", "{\"tokens\":[{\"token\":\"sha256:abc\",\"read\":[\"\"]}]}");
        write("peers.json", "{\"peers\":[{\"url\":\"http://127.0.0.1:1\",\"prefix\":[\"model/\"]}]}");
        write("value.journal", "{\"id\":\"v\",\"clock\":{}}\n[1,1,\"v\"]\n\"SYNC\"\n");
    }

    private static void write(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    @AfterAll
    static void close() throws Exception {
        taken.close();
        hub.close();
        store.close();
    }

    private static String filled(String text) {
        return text.replace("{dir}", folder.toString())
                .replace("{taken}", "127.0.0.1:" + taken.getLocalPort())
                .replace("{hub}", "127.0.0.1:" + hub.address().getPort());
    }

    private static Pattern pattern(String expected) {
        return Pattern.compile(Arrays.stream(filled(expected).split("…", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    }

    private static void checkReadable(Cli.Result result) {
        assertThat(result.err())
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContain("null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                // Ports and addresses
                "hub --memory --http {taken} | cannot listen on {taken}: Address already in use; choose another port…",
                "hub --memory --http 127.0.0.1:0 --tcp {taken}=model/a | cannot listen on {taken}: Address already in use…",
                "hub --memory --http no-such-host.invalid:0 | cannot listen on no-such-host.invalid: the host is not known",
                "hub --memory --http 127.0.0.1:0 --tcp 127.0.0.1:0=nosuch/a | no type belongs to the name \"nosuch/a\"; names begin with one of model/, …",
                // Files that an option names
                "hub --memory --tokens {dir}/none | --tokens: {dir}/none: no such file",
                "hub --memory --tokens {dir}/empty | --tokens: {dir}/empty: is a folder, not a file",
                "hub --memory --tokens {dir}/words | {dir}/words: expected {\"tokens\": …",
                "hub --memory --tokens {dir}/shape.json | {dir}/shape.json: expected {\"tokens\": …expected an array, found an object",
                "hub --memory --tokens {dir}/slip.json | {dir}/slip.json: expected …: entry 1 of \"tokens\" has the field \"rite\"; known are token, name, read, write, admin",
                "hub --memory --tokens {dir}/digest.json | …goes on with 64 hexadecimal digits, as of: printf %s TOKEN …",
                "hub --memory --peers {dir}/none | --peers: {dir}/none: no such file",
                "hub --memory --peers {dir}/peers.json | …an entry of \"peers\" has the field \"prefix\"; known are url, token, prefixes, deletes, ca",
                "hub --memory --tls-cert {dir}/none --tls-key {dir}/none | --tls-cert: {dir}/none: no such file",
                "hub --memory --tls-cert {dir}/words --tls-key {dir}/words | {dir}/words: expected certificates in PEM: …",
                "hub --data {dir}/words | {dir}/words: is a file, and --data names a folder",
                "hub --data {dir}/words/data | --data: cannot make the folder {dir}/words/data: …",
                "import --data {dir}/words --as model/a {dir}/value.journal | {dir}/words: is a file, and --data names a folder",
                "import --data {dir}/data {dir}/none | {dir}/none: no such file or folder",
                "inspect {dir}/none | {dir}/none: no such file or folder",
                "inspect {dir}/empty | {dir}/empty: is a directory in which neither a store nor kv keeps anything",
                "bench set --json {dir}/none/figures.json | {dir}/none/figures.json: no such file or folder",
                "bench set --from {dir}/none | {dir}/none: no such file or folder",
                "bench set --from {dir}/words | {dir}/words: …",
                "bench set --from {dir}/shape.json | {dir}/shape.json: no report of a benchmark",
                "bench set --markdown {dir}/words | {dir}/words is there and would be lost; put the lines <!-- figures --> and <!-- end of figures --> where the table is to go",
                // Keys
                "node --type model --private-key {dir}/none --public-key {dir}/none | {dir}/none: no such file or folder",
                "node --type model --private-key {dir}/words --public-key {dir}/words | {dir}/words: expected a key that begins with -----BEGIN … KEY-----, found no such line",
                "node --type model --trust {dir}/none | {dir}/none: no such file or folder",
                "node --type model --trust {dir}/empty | {dir}/empty: no key is in this folder, in a file that ends in .pem or .pub",
                "keygen {dir}/words | {dir}/words is there already, and keys are not written over; choose another name or remove it",
                "keygen {dir}/none/key | {dir}/none/key: there is no such folder",
                // Journals
                "node --type model --file {dir}/none/a.journal | {dir}/none…: no such file or folder",
                "node --type model --file /sys/a.journal | /sys…: …",
                "node --type model --file {dir}/empty | {dir}/empty: is a folder, and --file names a file",
                "node --type model --file {dir}/words | {dir}/words: is no journal: line 1, bytes 0 to 5: …; nothing was changed",
                "node --type model --file {dir}/value.journal | {dir}/value.journal: holds nothing that this replica takes: line 2, …; it may be of another type, …; nothing was changed",
            })
    void theWorld_isOneLineAndStatus1(String args, String said) {
        Cli.Result result = Cli.run(filled(args).split(" "));

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines())
                .singleElement()
                .asString()
                .matches(pattern("scuttlebutt " + args.split(" ")[0] + ": " + said));
        checkReadable(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "node --typ model | unknown option --typ; did you mean --type?",
                "node -t model | unknown option -t…",
                "node --type modle | --type: unknown type modle; did you mean model? known are model, …",
                "node --type model --type value | option '--type' (TYPE) should be specified only once",
                "node --type model --id | Missing required parameter for option '--id' (ID)",
                "node --type model --connect ws://127.0.0.1:7080/replicate/model/a | --connect: expected HOST:PORT, found …: a bare TCP address has nothing in front of the host and no path; a hub offers one with --tcp",
                "node --type model --connect 127.0.0.1 | --connect: expected HOST:PORT, found \"127.0.0.1\": the port is missing",
                "node --type model --connect 127.0.0.1:70000 | --connect: …a port is a number from 0 to 65535",
                "node --type model --durability update | --durability: is of use only together with --file",
                "node --type model --durability often --file a | Invalid value for option '--durability': expected one of [none, interval, update] …",
                "hub --memory --data a | --memory: keeps nothing, and --data names where to keep it; give one of them",
                "hub --memory --tls-cert a | --tls-cert and --tls-key go together",
                "hub --memory --origin example.org | --origin: expected * or an origin such as https://example.org or …, found example.org",
                "hub --memory --origin https://example.org/ | --origin: expected * or an origin …without a path or a slash at the end, …",
                "hub --memory --peer hub-2:7080 | --peer: expected an address such as http://127.0.0.1:7080, found hub-2:7080",
                "hub --memory --max-connections -1 | --max-connections: expected a number from 1 on, found -1",
                "hub --memory --max-connections many | Invalid value for option '--max-connections': 'many' is not an int",
                "hub --memory --max-lines 0 | --max-lines: expected a number from 1 on, found 0",
                "hub --memory --idle -4 | --idle: expected a number from 0 on, found -4",
                "demo --once --http 127.0.0.1:0 | --http: there is no page together with --once",
                "bench set --repetitions 0 | --repetitions: expected a number from 1 on, found 0",
                "bench nosuch | nothing to measure is called nosuch; 'bench --list' names all",
                "import --data {dir}/data --as nosuch/a {dir}/value.journal | --as: no type belongs to the name nosuch/a; begin it with one of model/, …, or give --schema PATTERN=TYPE",
                "import --data {dir}/data {dir}/value.journal | {dir}/value.journal holds one document: say with --as what it is to be called",
            })
    void wrongArguments_areOneLineAndStatus2(String args, String said) {
        Cli.Result result = Cli.run(filled(args).split(" "));
        String name = "scuttlebutt " + args.split(" ")[0];

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines())
                .singleElement()
                .asString()
                .matches(pattern(name + ": " + said + " (see " + name + " --help)"));
        checkReadable(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "127.0.0.1:1 | 127.0.0.1:1: Connection refused",
                "no-such-host.invalid:7000 | no-such-host.invalid:7000: cannot find the host no-such-host.invalid",
                "{hub} | {hub}: …; the peer is a web server, and a bare TCP port is needed (line 1, byte 0)",
            })
    void wrongPeer_isNamed_andSyncFails(String address, String said) {
        Cli.Result result = Cli.run(
                "sync 2\n".getBytes(StandardCharsets.UTF_8), "node", "--type", "model", "--connect", filled(address));

        assertThat(result.out()).startsWith("{\"error\":\"not in sync within 2 s: " + filled(address) + " (connecting");
        assertThat(result.errLines())
                .anySatisfy(line -> assertThat(line).matches(pattern("scuttlebutt node: " + said)));
        checkReadable(result);
    }

    @Test
    void browserOnATcpPort_isNamed() throws Exception {
        try (LiveNode node = LiveNode.start("--type", "model", "--listen", "127.0.0.1:0")) {
            String[] address = node.listening().split(":");
            try (Socket browser = new Socket(address[0], Integer.parseInt(address[1]))) {
                browser.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                await().until(() -> node.err().contains("and this is a bare TCP port"));
            }
        }
    }

    @Test
    void peerOfAnotherType_isSaidOnce() throws Exception {
        try (LiveNode value = LiveNode.start("--type", "value", "--listen", "127.0.0.1:0")) {
            String address = value.listening();
            value.ok("set 1");
            try (LiveNode model = LiveNode.start("--type", "model", "--connect", address)) {
                await().until(() -> model.err().contains("does the peer have another type"));
                value.ok("set 2");
                model.ok("sync");
                assertThat(model.err().lines()).hasSize(1);
            }
        }
    }

    @Test
    void journalOfAnotherType_isLeftAsItIs() throws Exception {
        Path file = folder.resolve("kept.journal");
        String lines = "{\"id\":\"v\",\"clock\":{}}\n[1,1,\"v\"]\n\"SYNC\"\n";
        Files.writeString(file, lines);

        assertThat(Cli.run("node", "--type", "model", "--file", file.toString()).status())
                .isEqualTo(1);
        assertThat(file).hasContent(lines);
        assertThat(Path.of(file + ".bad")).doesNotExist();
    }

    @Test
    void secretsThatOthersCanRead_areSaid() throws Exception {
        Path open = folder.resolve("open.json");
        Files.writeString(open, "nothing");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(Cli.run("hub", "--memory", "--tokens", open.toString()).errLines())
                .hasSize(2)
                .first()
                .isEqualTo("scuttlebutt: others can read " + open + "; change that with: chmod 600 " + open);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "set | set takes KEY VALUE, found none",
                "sett a 1 | unknown command sett; did you mean set?",
                "frobnicate | unknown command frobnicate; known are set, delete, …",
                "set a {\"b\" | the JSON that starts at column 7 has no end",
                "set \"a | the JSON that starts at column 5 has no end",
                "set a {b:1} | VALUE starts like JSON and is none: …; text that starts so needs \\\"quotes\\\"",
                "connect ws://a:1 | …expected HOST:PORT, found …",
            })
    void wrongCommand_isAnsweredWithAnError(String line, String said) {
        assertThat(Cli.node("model", line)).singleElement().asString().matches(pattern("{\"error\":\"" + said + "\"}"));
    }

    @Test
    void writingWithoutAKey_saysThatOneIsMissing() throws Exception {
        Path key = folder.resolve("ada");
        assertThat(Cli.run("keygen", "--bits", "2048", key.toString()).status()).isZero();

        assertThat(Cli.run(
                                "set a 1\n".getBytes(StandardCharsets.UTF_8),
                                "node",
                                "--type",
                                "model",
                                "--trust",
                                key + ".pem")
                        .lines())
                .containsExactly(
                        "{\"error\":\"a change cannot be made here: there is no private key to sign it with\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "11.0.2 | …/bin/java is version 11.0.2; a JDK 17 or newer is needed",
                "none | …has no bin/java; set it to a JDK 17 or newer"
            })
    void launcher_saysWhichJdkItNeeds(String version, String said) throws Exception {
        Path home = folder.resolve("jdk-" + version);
        Files.createDirectories(home.resolve("bin"));
        if (!version.equals("none")) {
            Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
            Files.writeString(home.resolve("bin/java"), "#!/bin/sh\n");
            assertThat(home.resolve("bin/java").toFile().setExecutable(true)).isTrue();
        }
        ProcessBuilder launcher = new ProcessBuilder("sh", "../scuttlebutt", "--version").redirectErrorStream(true);
        launcher.environment().put("JAVA_HOME", home.toString());
        Process process = launcher.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output.strip()).matches(pattern("scuttlebutt: " + said));
    }
}
