package dev.scuttlebutt.cli;

import dev.scuttlebutt.Security;
import dev.scuttlebutt.Verdict;
import dev.scuttlebutt.journal.KvDirectory;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.security.DocumentSecurity;
import dev.scuttlebutt.security.KeyRing;
import dev.scuttlebutt.security.RsaSecurity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scuttlebutt inspect}: what a journal or a data directory holds. */
@Command(
        name = "inspect",
        header = "Tells what a journal or a data directory holds, and what is wrong with it.",
        description =
                "FILE is a journal of a node or what a read stream of the original wrote, DIR the data directory of a "
                        + "hub or another store, or a directory of the npm package kv. They are only read, and may be "
                        + "in use meanwhile.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  scuttlebutt inspect cellar.journal",
            "  scuttlebutt inspect --verify --trust ada.pem --json cellar.journal",
            "  scuttlebutt inspect --verify data"
        })
final class InspectCommand implements Callable<Integer> {
    private final Io io;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE|DIR", description = "The journal, or the directory.")
    @SuppressWarnings("NullAway.Init") // required
    private Path file;

    @Option(names = "--json", description = "Print one line of JSON with everything.")
    private boolean json;

    @Option(
            names = "--verify",
            description = "Read all lines of a data directory, and check signatures with the keys given by --trust.")
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
        boolean data = DataInspection.isData(file);
        if (verify && trust.isEmpty() && !data) {
            throw new ParameterException(spec.commandLine(), "--verify: needs the keys, given by --trust");
        }
        if (data && document != null) {
            throw new ParameterException(
                    spec.commandLine(), "--document: the documents of a data directory have names of their own");
        }
        if (!verify && (!trust.isEmpty() || document != null || oldKeys)) {
            throw new ParameterException(spec.commandLine(), "keys are of use only together with --verify");
        }
        if (data) {
            inspectData();
            return 0;
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
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

    private void inspectData() throws IOException {
        DataInspection inspection = new DataInspection(file, verify, trust.isEmpty() ? null : signatures());
        inspection.read();
        print(json ? List.of(inspection.toJson().toString()) : inspection.lines());
    }

    /** A signature is valid when it was made for the document's name or, as the originals do, for none. */
    private DataInspection.Signatures signatures() throws IOException {
        KeyRing ring = KeyOptions.ring(trust, oldKeys);
        Security forAny = RsaSecurity.verifying(ring);
        return (name, update) -> {
            forAny.prepare(Set.of(update.source()));
            Verdict verdict = forAny.verify(update);
            if (!verdict.isValid() && !oldKeys) {
                Security forThis = DocumentSecurity.verifying(name, ring);
                forThis.prepare(Set.of(update.source()));
                verdict = forThis.verify(update).isValid() ? Verdict.valid() : verdict;
            }
            return verdict.isValid() ? null : verdict.reason();
        };
    }

    private void inspectDirectory(KvDirectory directory) throws IOException {
        if (!directory.exists()) {
            throw new FileSystemException(
                    file.toString(), null, "is a directory in which neither a store nor kv keeps anything");
        }
        List<Json> documents = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String name : directory.names()) {
            Path document = directory.file(name);
            long bytes = Files.size(document);
            documents.add(Json.object("name", name, "file", document.toString(), "bytes", bytes));
            lines.add("  " + Style.harmless(name) + "  " + document + ", " + Listing.number(bytes) + " bytes");
        }
        lines.add(0, "documents   " + Listing.number(documents.size()));
        print(json ? List.of(Json.object("documents", JsonArray.of(documents)).toString()) : lines);
    }

    private void print(List<String> lines) {
        PrintWriter out = new PrintWriter(io.out(), false, StandardCharsets.UTF_8);
        lines.forEach(out::println);
        out.flush();
    }
}
