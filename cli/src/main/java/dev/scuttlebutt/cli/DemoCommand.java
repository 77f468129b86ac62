package dev.scuttlebutt.cli;

import dev.scuttlebutt.cli.command.CommandException;
import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.hub.Hub;
import dev.scuttlebutt.hub.HubOptions;
import dev.scuttlebutt.store.MemoryStorage;
import dev.scuttlebutt.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scuttlebutt demo}: a hub with a few documents and a web page, or a show that ends by itself. */
@Command(
        name = "demo",
        header = "A hub with a few documents, to be looked at in a browser.",
        description = "Prints the address of the page, stays until Ctrl-C, keeps nothing. With --once it shows on the "
                + "terminal how replicas part, meet, disagree and stall, and ends.",
        footer = {"", "Example:", "  scuttlebutt demo --once"})
final class DemoCommand implements Callable<Integer> {
    private static final int PORT = 7080;

    private final Io io;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(names = "--once", description = "A show without a browser, which ends by itself.")
    private boolean once;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Where the page is; default 127.0.0.1:7080, or a free port when that is taken.")
    private @Nullable String http;

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
        if (once && http != null) {
            throw new ParameterException(spec.commandLine(), "--http: there is no page together with --once");
        }
        PrintWriter out = new PrintWriter(io.out(), true, StandardCharsets.UTF_8);
        Style style = new Style(io.colours());
        if (once) {
            show(out, style);
        } else {
            serve(out, style);
        }
        return 0;
    }

    private void show(PrintWriter out, Style style) throws IOException, CommandException {
        try (Show show = new Show(out, style, io.terminal() ? Show.READING_MILLIS : 0)) {
            io.ending().finishWith(show::close);
            show.show();
        } finally {
            io.ending().finishWith(null);
        }
    }

    private void serve(PrintWriter out, Style style) throws IOException, InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        try (Store store = Store.open(new MemoryStorage(), DocumentTypes.schema());
                Hub hub = start(store);
                DemoDocuments documents = DemoDocuments.fill(store)) {
            io.ending().finishWith(() -> {
                stop.countDown();
                documents.close();
                hub.close();
            });
            String page = HubCommand.page(hub.address(), false);
            out.println("Open this page, twice if you like, and change something:");
            out.println();
            out.println("  " + style.strong(page));
            out.println();
            out.println("Everything is in memory and gone with Ctrl-C. \"scuttlebutt hub\" keeps it.");
            stop.await();
        } finally {
            io.ending().finishWith(null);
        }
    }

    private Hub start(Store store) throws IOException {
        HubOptions options = HubOptions.defaults();
        String given = http;
        if (given != null) {
            HostPort address = OptionValue.of(spec, "--http", () -> HostPort.parse(given));
            return Hub.start(store, options.http(address.host(), address.port()));
        }
        try {
            return Hub.start(store, options.http("127.0.0.1", PORT));
        } catch (IOException taken) {
            return Hub.start(store, options.http("127.0.0.1", 0));
        }
    }
}
