package dev.scuttlebutt.cli;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.journal.BadLine;
import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.journal.FileJournal;
import dev.scuttlebutt.journal.JournalListener;
import dev.scuttlebutt.journal.JournalOptions;
import dev.scuttlebutt.journal.LoadReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The file that a node is kept in. */
final class NodeJournal {
    private static final int BAD_LINES_TOLD = 3;
    private static final Duration SLICE = Duration.ofMillis(50);
    private static final int SLICES = 200;

    /** Where it is kept, and what is on the disk when a command is answered. */
    record Place(Path file, Durability durability) {}

    private final Place place;
    private final Replica replica;
    private final FileJournal journal;

    private NodeJournal(Place place, Replica replica, FileJournal journal) {
        this.place = place;
        this.replica = replica;
        this.journal = journal;
    }

    /** Loads the file and keeps it up to date. What is wrong with it, now or later, is said on {@code err}. */
    static NodeJournal open(Place place, Replica replica, PrintWriter err) throws IOException {
        if (Files.isDirectory(place.file)) {
            throw new FileSystemException(place.file.toString(), null, "is a folder, and --file names a file");
        }
        JournalOptions options = JournalOptions.defaults()
                .durability(place.durability)
                .listener(new JournalListener() {
                    @Override
                    public void failed(IOException failure) {
                        err.println(said(place, Failure.text(failure) + "; it is tried again"));
                    }

                    @Override
                    public void recovered() {
                        err.println(said(place, "all is written"));
                    }
                });
        FileJournal journal = FileJournal.open(place.file, replica, options);
        tell(place, journal.loaded(), err);
        return new NodeJournal(place, replica, journal);
    }

    private static void tell(Place place, LoadReport loaded, PrintWriter err) {
        String kept = "; kept in " + place.file + ".bad";
        BadLine torn = loaded.tornTail();
        if (torn != null) {
            err.println(said(place, torn + kept));
        }
        loaded.badLines().stream()
                .limit(BAD_LINES_TOLD)
                .forEach(bad -> err.println(said(place, Style.harmless(bad.toString()) + kept)));
        int more = loaded.badLines().size() - BAD_LINES_TOLD;
        if (more > 0) {
            err.println(said(place, more + " more bad lines" + kept));
        }
    }

    private static String said(Place place, String what) {
        return "scuttlebutt node: " + place.file + ": " + what;
    }

    boolean owns(Session session) {
        return journal.owns(session);
    }

    /** Returns how many sessions are its own. */
    int sessions() {
        return (int) replica.sessions().stream().filter(journal::owns).count();
    }

    /** Waits until what has happened is in the file, unless the disk refuses it. */
    void settle() {
        long position = journal.position();
        try {
            for (int i = 0; i < SLICES && journal.failure() == null; i++) {
                boolean safe = place.durability.kind() == Durability.Kind.UPDATE
                        ? journal.await(position, SLICE)
                        : journal.awaitWritten(position, SLICE);
                if (safe) {
                    return;
                }
            }
        } catch (IOException closed) {
            // Whoever closes the journal hears what was not saved.
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws IOException {
        journal.close();
    }
}
