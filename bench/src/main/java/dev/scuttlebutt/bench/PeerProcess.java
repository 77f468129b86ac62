package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The other end of a scenario, in a JVM of its own. */
public final class PeerProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final Process process;
    private final Conversation conversation;

    private PeerProcess(Process process) {
        this.process = process;
        this.conversation = new Conversation(process.getInputStream(), process.getOutputStream());
    }

    /** Starts the peer of a scenario. */
    public static PeerProcess start(Scenario scenario, Work work) throws IOException {
        return start(new ProcessBuilder(Worker.command(Worker.PEER, scenario, work)));
    }

    static PeerProcess start(ProcessBuilder builder) throws IOException {
        return new PeerProcess(builder.redirectError(Redirect.INHERIT).start());
    }

    /** Waits for what the peer says by itself; null when it has ended. */
    public @Nullable Json hear() throws IOException {
        return conversation.hear();
    }

    /** Returns the processor time it has used. */
    public long cpuNanos() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** Says something to the peer and waits for its answer. */
    public Json ask(Json message) throws IOException {
        return conversation.ask(message);
    }

    /** Ends its input, which ends the peer. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
