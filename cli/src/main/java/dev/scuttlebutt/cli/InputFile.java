package dev.scuttlebutt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an option names. */
final class InputFile {
    private InputFile() {}

    /**
     * Returns the file if it can be read.
     *
     * @throws IOException naming option and file
     */
    static Path readable(String option, Path file) throws IOException {
        String problem = !Files.exists(file)
                ? "no such file"
                : Files.isDirectory(file)
                        ? "is a folder, not a file"
                        : Files.isReadable(file) ? "" : "permission denied";
        if (!problem.isEmpty()) {
            throw new IOException(option + ": " + file + ": " + problem);
        }
        return file;
    }
}
