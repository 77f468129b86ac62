package dev.scuttlebutt.examples;

import dev.scuttlebutt.journal.Durability;
import dev.scuttlebutt.journal.FileJournal;
import dev.scuttlebutt.journal.JournalOptions;
import dev.scuttlebutt.types.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A replica that outlives its process. The recipe of the original's documentation, stream from the disk, wait until that
 * is done, stream to the disk, is what {@link FileJournal#open} does.
 */
public final class Remembered {
    private Remembered() {}

    /** Runs the example. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("remembered");
        Path file = folder.resolve("cellar.journal");
        JournalOptions options = JournalOptions.defaults().durability(Durability.everyUpdate());

        Model before = new Model();
        try (FileJournal journal = FileJournal.open(file, before, options)) {
            before.set("Merlot", 6);
            before.set("Merlot", 5);
            before.set("Riesling", 12);
            boolean safe = journal.await(journal.position(), Duration.ofSeconds(10));
            System.out.println(safe ? "the disk has it" : "the disk is slow: " + journal.failure());
        }

        Model after = new Model();
        try (FileJournal journal = FileJournal.open(file, after, options)) {
            System.out.println("loaded " + after.toJson() + (journal.loaded().isIntact() ? "" : ", with damage"));
            System.out.println("the same replica: " + after.id().equals(before.id()));
        }

        Model reader = new Model();
        FileJournal.load(file, reader);
        FileJournal.save(folder.resolve("backup"), reader);
        System.out.println(
                "a backup has " + Files.readAllLines(folder.resolve("backup")).size() + " lines");
    }
}
