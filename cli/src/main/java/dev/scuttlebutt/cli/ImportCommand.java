package dev.scuttlebutt.cli;

import dev.scuttlebutt.hub.DocumentTypes;
import dev.scuttlebutt.journal.KvDirectory;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.store.LevelDump;
import dev.scuttlebutt.store.Schema;
import dev.scuttlebutt.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scuttlebutt import}: takes over what the originals kept. */
@Command(
        name = "import",
        header = "Takes documents over into a data directory: what the originals kept, or journals.",
        description =
                "FROM is a file that a read stream of the original wrote, or a journal (with --as); a directory of the "
                        + "npm package kv; or a dump of level-scuttlebutt, one row per line as JSON. What is there "
                        + "already is merged with it, as though a peer had sent it, so importing twice does no harm.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  scuttlebutt import --data data --as model/cellar cellar.json",
            "  scuttlebutt import --data data --schema 'm*=model' rows.json",
            "  scuttlebutt hub --data data --schema 'm*=model'"
        })
final class ImportCommand implements Callable<Integer> {
    private final Io io;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FROM", description = "What to take over.")
    private List<Path> from = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "Into this directory, which no hub may have open.")
    @SuppressWarnings("NullAway.Init") // required
    private Path data;

    @Option(
            names = "--schema",
            paramLabel = "PATTERN=TYPE",
            description = "Type of documents, as for the hub; * at the end stands for any.")
    private List<String> schema = new ArrayList<>();

    @Option(names = "--as", paramLabel = "NAME", description = "The document that a single file becomes.")
    private @Nullable String as;

    @Option(names = "--json", description = "Print what became of each document as a line of JSON.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    ImportCommand(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() throws IOException {
        Schema types = OptionValue.of(spec, "--schema", () -> DocumentTypes.schema(SchemaRules.parse(schema)));
        for (Path path : from) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
        }
        if (as != null && types.type(as) == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--as: no type belongs to the name " + Failure.shorten(as) + "; begin it with one of "
                            + String.join("/, ", DocumentTypes.names()) + "/, or give --schema PATTERN=TYPE");
        }
        PrintWriter out = new PrintWriter(io.out(), false, StandardCharsets.UTF_8);
        boolean complete = true;
        try (Store store = Store.open(DataFolder.open(data), types)) {
            Import into = new Import(store, found -> out.println(json ? found.toJson() : found.toString()), io.err());
            for (Path path : from) {
                take(path, into);
            }
            complete = into.isComplete();
        } finally {
            out.flush();
        }
        return complete ? 0 : Main.FAILURE;
    }

    private void take(Path path, Import into) throws IOException {
        boolean isDirectory = Files.isDirectory(path);
        boolean isDump = !isDirectory && LevelDump.isDump(path);
        if (as != null && (isDirectory || isDump || from.size() > 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--as: names the document of a single file of lines, and nothing else");
        }
        if (isDirectory) {
            KvDirectory directory = KvDirectory.at(path);
            if (!directory.exists()) {
                throw new FileSystemException(path.toString(), null, "is a directory in which kv keeps nothing");
            }
            into.take(directory);
        } else if (isDump) {
            into.take(LevelDump.read(path), path);
        } else if (as == null) {
            throw new ParameterException(
                    spec.commandLine(), path + " holds one document: say with --as what it is to be called");
        } else {
            into.take(as, path);
        }
    }

    /** What became of one document. */
    record Found(String name, long applied, long stale, long bad) {
        Json toJson() {
            return Json.object("document", name, "applied", applied, "stale", stale, "bad", bad);
        }

        @Override
        public String toString() {
            return Style.harmless(name) + "  applied " + Listing.number(applied) + ", there already "
                    + Listing.number(stale) + (bad == 0 ? "" : ", not usable " + Listing.number(bad));
        }
    }
}
