package dev.scuttlebutt.cli;

import dev.scuttlebutt.store.SqliteStorage;
import dev.scuttlebutt.store.Storage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that {@code --data} names. */
final class DataFolder {
    private DataFolder() {}

    /**
     * Opens it; it is made when it is not there.
     *
     * @throws IOException naming it and what is wrong with it
     */
    static Storage open(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new FileSystemException(folder.toString(), null, "is a file, and --data names a folder");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException refused) {
            throw new IOException("--data: cannot make the folder " + folder + ": " + Failure.text(refused), refused);
        }
        return SqliteStorage.open(folder);
    }
}
