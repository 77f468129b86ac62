package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scuttlebutt.Session;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.netty.WebSocketClient;
import dev.scuttlebutt.types.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar as a process of its own. */
class ProgramIT {
    private static final String JAR = Path.of("target", "scuttlebutt.jar").toString();

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void killAll() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void version_namesTheCommitOfTheBuild() throws Exception {
        Process process = start("--version");

        assertThat(text(process.getInputStream())).containsPattern("commit [0-9a-f]{12}");
        assertThat(status(process)).isZero();
        assertThat(text(process.getErrorStream())).isEmpty();
    }

    @Test
    void jar_bringsNothingThatBenchmarksOnlyCompareWith() throws Exception {
        try (JarFile jar = new JarFile(JAR)) {
            List<String> names = jar.stream().map(JarEntry::getName).toList();

            assertThat(names).contains("dev/scuttlebutt/bench/scenarios/PekkoNode.class");
            assertThat(names)
                    .noneMatch(name -> name.startsWith("org/apache/pekko/")
                            || name.startsWith("org/automerge/")
                            || name.startsWith("scala/")
                            || name.startsWith("com/typesafe/"));
        }
    }

    @Test
    void scriptWithALink_printsNothingButAnswers() throws Exception {
        Process server = start("node", "--type", "model", "--id", "S", "--listen", "127.0.0.1:0");
        BufferedReader answers = reader(server);
        String address = answers.readLine().replaceAll(".*\"(127[^\"]*)\".*", "$1");
        Process client = start("node", "--type", "model", "--connect", address);
        write(client, "sync\nset name \"Ada\"\nget name\nquit\n");

        assertThat(text(client.getInputStream()))
                .isEqualTo("{\"ok\":true}\n{\"ok\":null}\n{\"ok\":\"Ada\"}\n{\"ok\":null}\n");
        assertThat(text(client.getErrorStream())).isEmpty();
        assertThat(status(client)).isZero();

        write(server, "json\n");
        assertThat(answers.readLine()).isEqualTo("{\"ok\":{\"name\":\"Ada\"}}");
        server.getOutputStream().close();
        assertThat(status(server)).isZero();
        assertThat(text(server.getErrorStream())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void signal_endsInOrder(String signal) throws Exception {
        Process server = start("node", "--type", "value", "--listen", "127.0.0.1:0");
        BufferedReader answers = reader(server);
        String address = answers.readLine().replaceAll(".*\"(127[^\"]*)\".*", "$1");
        Process client = start("node", "--type", "value", "--id", "C", "--connect", address);
        BufferedReader clientAnswers = reader(client);
        write(client, "sync 60\nset mine\nid\n");
        assertThat(clientAnswers.readLine()).isEqualTo("{\"ok\":true}");
        assertThat(clientAnswers.readLine()).isEqualTo("{\"ok\":null}");
        assertThat(clientAnswers.readLine()).isEqualTo("{\"ok\":\"C\"}");
        kill(client, signal);

        assertThat(status(client)).isZero();
        assertThat(text(client.getErrorStream())).isEmpty();
        write(server, "await {\"C\":1}\nget\n");
        assertThat(answers.readLine()).isEqualTo("{\"ok\":true}");
        assertThat(answers.readLine()).isEqualTo("{\"ok\":\"mine\"}");
    }

    @Test
    void signal_cutsAWaitShort() throws Exception {
        Process node = start("node", "--type", "value", "--id", "N");
        BufferedReader answers = reader(node);
        write(node, "id\nawait {\"never\":1} 1000\n");
        assertThat(answers.readLine()).isEqualTo("{\"ok\":\"N\"}");
        kill(node, "TERM");

        assertThat(status(node)).isZero();
    }

    @Test
    void closedOutput_endsQuietly() throws Exception {
        Process node = start("node", "--type", "value", "--events");
        BufferedReader answers = reader(node);
        write(node, "set 1\n");
        answers.readLine();
        answers.close();
        write(node, "set 2\nset 3\n");

        assertThat(status(node)).isZero();
        assertThat(text(node.getErrorStream())).isEmpty();
    }

    @Test
    void closedOutput_isNoticedByAnEventToo() throws Exception {
        Process listener = start("node", "--type", "value", "--listen", "127.0.0.1:0", "--events");
        BufferedReader lines = reader(listener);
        String address = lines.readLine().replaceAll(".*\"(127[^\"]*)\".*", "$1");
        lines.close();
        Process writer = start("node", "--type", "value", "--connect", address);
        write(writer, "sync\nset 1\nquit\n");

        assertThat(status(listener)).isZero();
        assertThat(text(listener.getErrorStream())).isEmpty();
    }

    @Test
    void wrongArguments_areStatus2AndOneLine() throws Exception {
        Process process = start("node", "--type", "nothing");

        assertThat(status(process)).isEqualTo(2);
        assertThat(text(process.getErrorStream()).lines()).hasSize(1);
        assertThat(text(process.getInputStream())).isEmpty();
    }

    @Test
    void demoOnce_endsByItself() throws Exception {
        Process process = start("demo", "--once");

        assertThat(text(process.getInputStream())).endsWith("All replicas are equal.\n");
        assertThat(text(process.getErrorStream())).isEmpty();
        assertThat(status(process)).isZero();
    }

    @Test
    void hub_saysWhenItIsReady_keepsDocuments_andEndsInOrder() throws Exception {
        Path data = Files.createTempDirectory("hub");
        for (String expected : List.of("{}", "{\"a\":1}")) {
            Process hub = start("hub", "--http", "127.0.0.1:0", "--data", data.toString());
            String ready = hub.inputReader().readLine();
            URI page = URI.create(Json.parse(ready)
                    .asObject()
                    .get("ready")
                    .asObject()
                    .get("page")
                    .asString());
            Model model = new Model();
            URI address = URI.create("ws://127.0.0.1:" + page.getPort() + "/replicate/model/a");
            try (WebSocketClient link = WebSocketClient.connect(model, address)) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() ->
                                model.sessions().stream().anyMatch(session -> session.state() == Session.State.LIVE));
                assertThat(model.toJson()).hasToString(expected);
                model.set("a", 1);
                assertThat(link.lastFailure()).isNull();
            }
            kill(hub, "TERM");
            assertThat(status(hub)).isZero();
            assertThat(text(hub.getErrorStream()).lines())
                    .allMatch(line -> line.contains(" INFO "))
                    .anyMatch(line ->
                            line.contains(" INFO document=model/a connection=1 ") && line.endsWith("connected"));
        }
    }

    @Test
    void demo_servesThePageUntilItIsToldToEnd() throws Exception {
        Process demo = start("demo", "--http", "127.0.0.1:0");
        var lines = demo.inputReader();
        String page = lines.lines()
                .filter(line -> line.contains("http://"))
                .findFirst()
                .orElseThrow()
                .strip();
        String html = new String(URI.create(page).toURL().openStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(html).contains("<title>Scuttlebutt</title>");
        kill(demo, "INT");
        assertThat(status(demo)).isZero();
    }

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                JAR));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }

    private static void kill(Process process, String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private static void write(Process process, String text) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int status(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("ended within a minute")
                .isTrue();
        return process.exitValue();
    }
}
