package dev.scuttlebutt.cli;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.journal.BadLine;
import dev.scuttlebutt.journal.FileJournal;
import dev.scuttlebutt.journal.KvDirectory;
import dev.scuttlebutt.journal.LoadReport;
import dev.scuttlebutt.store.Handle;
import dev.scuttlebutt.store.LevelDump;
import dev.scuttlebutt.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Takes documents over into a store, one after the other. What cannot be used is told, and the rest goes on. */
final class Import {
    private static final int TOLD = 20;

    private final Store store;
    private final Consumer<ImportCommand.Found> taken;
    private final PrintWriter complaints;
    private boolean complete = true;

    /** Fills a replica. */
    @FunctionalInterface
    private interface Source {
        ImportCommand.Found fill(Replica replica) throws IOException;
    }

    Import(Store store, Consumer<ImportCommand.Found> taken, PrintWriter complaints) {
        this.store = store;
        this.taken = taken;
        this.complaints = complaints;
    }

    /** Tells whether every document was taken over; one of which some lines could not be used counts as taken over. */
    boolean isComplete() {
        return complete;
    }

    void take(KvDirectory directory) throws IOException {
        for (String name : directory.names()) {
            take(name, directory.file(name));
        }
    }

    void take(String name, Path file) {
        document(name, replica -> {
            LoadReport report = FileJournal.load(file, replica);
            BadLine torn = report.tornTail();
            if (torn != null) {
                complain(file + ", " + torn);
            }
            report.badLines().stream().limit(TOLD).forEach(bad -> complain(file + ", " + bad));
            complainOfMore(file, report.badLines().size(), "lines");
            long bad = report.badLines().size() + (torn == null ? 0 : 1);
            return new ImportCommand.Found(name, report.applied(), report.stale(), bad);
        });
    }

    void take(LevelDump dump, Path file) {
        for (String name : dump.documents()) {
            document(name, replica -> {
                LevelDump.Imported imported = dump.load(name, replica);
                return new ImportCommand.Found(name, imported.applied(), imported.stale(), imported.refused());
            });
        }
        dump.badRows().stream()
                .limit(TOLD)
                .forEach(bad -> complain(
                        file + ", line " + bad.line() + ", key " + Failure.shorten(bad.key()) + ": " + bad.reason()));
        complainOfMore(file, dump.badRows().size(), "rows");
    }

    private void document(String name, Source source) {
        try (Handle<Replica> handle = store.open(name).join()) {
            ImportCommand.Found found = source.fill(handle.replica());
            handle.saved().join();
            taken.accept(found);
        } catch (CompletionException | IOException failure) {
            complete = false;
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            complain("document " + name + " was not taken over: " + Failure.text(cause));
        }
    }

    private void complainOfMore(Path file, int count, String what) {
        if (count > TOLD) {
            complain(file + " has " + (count - TOLD) + " more " + what + " that cannot be used");
        }
    }

    private void complain(String text) {
        complaints.println("scuttlebutt import: " + Style.harmless(text));
    }
}
