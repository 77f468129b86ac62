package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JsonOutputTest {
    @Test
    void lineBreaksInValues_areEscaped() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonOutput out = new JsonOutput(bytes, () -> {});

        out.write(Json.object("ok", "a\nb\r\u2028\ud800"));

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("{\"ok\":\"a\\nb\\r\u2028\\ud800\"}\n");
    }

    @Test
    void manyThreads_writeWholeLines() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonOutput out = new JsonOutput(bytes, () -> {});
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Json line = Json.of(String.valueOf((char) ('a' + i)).repeat(100));
            threads.add(new Thread(() -> {
                for (int n = 0; n < 500; n++) {
                    out.write(line);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2000)
                .allMatch(line -> line.matches("\"(a{100}|b{100}|c{100}|d{100})\""));
    }

    @Test
    void goneReader_isToldOnceAndSilencesTheRest() {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger writes = new AtomicInteger();
        JsonOutput out = new JsonOutput(
                new OutputStream() {
                    @Override
                    public void write(int unit) throws IOException {
                        writes.incrementAndGet();
                        throw new IOException("Broken pipe");
                    }
                },
                told::incrementAndGet);

        out.write(Json.TRUE);
        out.write(Json.TRUE);

        assertThat(out.isGone()).isTrue();
        assertThat(told).hasValue(1);
        assertThat(writes).hasValue(1);
    }
}
