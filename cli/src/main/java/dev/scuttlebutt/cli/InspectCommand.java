package dev.scuttlebutt.cli;

import dev.scuttlebutt.journal.KvDirectory;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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

/** {@code scuttlebutt inspect}: what a journal holds. */
@Command(
        name = "inspect",
        header = "Tells what a journal holds, and what is wrong with it.",
        description =
                "FILE is a journal of a node or what a read stream of the original wrote. It is only read, and may be "
                        + "in use meanwhile.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  scuttlebutt inspect cellar.journal",
            "  scuttlebutt inspect --verify --trust ada.pem --json cellar.journal"
        })
final class InspectCommand implements Callable<Integer> {
    private final Io io;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The journal, or the directory.")
    @SuppressWarnings("NullAway.Init") // required
    private Path file;

    @Option(names = "--json", description = "Print one line of JSON with everything.")
    private boolean json;

    @Option(names = "--verify", description = "Check the signatures, with the keys given by --trust.")
    private boolean verify;

    @Option(names = "--trust", paramLabel = "FILE", description = "A public key, or a folder of them.")
    private List<Path> trust = new ArrayList<>();

    @Option(
            names = "--document",
            paramLabel = "NAME",
            description = "The document that was signed for, as only Java does.")
    private @Nullable String document;

    @Option(names = "--old-keys", description = "Take RSA keys from 768 bits on, as old peers have.")
    private boolean oldKeys;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    InspectCommand(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() throws IOException {
        if (verify && trust.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--verify: needs the keys, given by --trust");
        }
        if (!verify && (!trust.isEmpty() || document != null || oldKeys)) {
            throw new ParameterException(spec.commandLine(), "keys are of use only together with --verify");
        }
        if (!Files.exists(file)) {
            throw new FileSystemException(file.toString(), null, "is not there");
        }
        if (Files.isDirectory(file)) {
            inspectDirectory(KvDirectory.at(file));
        } else {
            inspectFile();
        }
        return 0;
    }

    private void inspectFile() throws IOException {
        Inspection inspection = new Inspection(file, verify ? KeyOptions.verifying(trust, document, oldKeys) : null);
        inspection.read();
        if (json) {
            print(List.of(inspection.toJson().toString()));
        } else {
            print(inspection.lines());
        }
    }

    private void inspectDirectory(KvDirectory directory) throws IOException {
        if (!directory.exists()) {
            throw new FileSystemException(file.toString(), null, "is a directory in which kv keeps nothing");
        }
        List<Json> documents = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String name : directory.names()) {
            Path document = directory.file(name);
            long bytes = Files.size(document);
            documents.add(Json.object("name", name, "file", document.toString(), "bytes", bytes));
            lines.add("  " + Style.harmless(name) + "  " + document + ", " + Inspection.number(bytes) + " bytes");
        }
        lines.add(0, "documents   " + Inspection.number(documents.size()));
        print(json ? List.of(Json.object("documents", JsonArray.of(documents)).toString()) : lines);
    }

    private void print(List<String> lines) {
        PrintWriter out = new PrintWriter(io.out(), false, StandardCharsets.UTF_8);
        lines.forEach(out::println);
        out.flush();
    }
}
