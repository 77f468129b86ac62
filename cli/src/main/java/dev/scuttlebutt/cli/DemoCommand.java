package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scuttlebutt demo}: replicas that part, meet, disagree and stall, over TCP on this machine. */
@Command(
        name = "demo",
        header = "Shows replicas that part, meet, disagree and stall.",
        description =
                "All runs in this program, over TCP on this machine. Afterwards, on a terminal, one replica stays "
                        + "and says how to join it.",
        footer = {"", "Example:", "  scuttlebutt demo --once"})
final class DemoCommand implements Callable<Integer> {
    private final Io io;

    @Option(names = "--once", description = "End after the show, as in a pipe.")
    private boolean once;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    DemoCommand(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() throws IOException, CommandException, InterruptedException {
        boolean stays = io.terminal() && !once;
        CountDownLatch stop = new CountDownLatch(1);
        PrintWriter out = new PrintWriter(io.out(), true, StandardCharsets.UTF_8);
        Style style = new Style(io.colours());
        try (Demo demo = new Demo(out, style, stays ? Demo.READING_MILLIS : 0)) {
            io.ending().finishWith(() -> {
                stop.countDown();
                demo.close();
            });
            demo.show();
            if (stays) {
                demo.invite();
                stop.await();
            }
        } finally {
            io.ending().finishWith(null);
        }
        return 0;
    }
}
