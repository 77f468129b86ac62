package dev.scuttlebutt.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Failures in words for users. */
final class Failure {
    private static final int MAX_LENGTH = 500;

    /** Netty puts the address behind the message; here it stands in front. */
    private static final Pattern ADDRESS = Pattern.compile(": [^ :/]*/[^ /]+:\\d+$");

    private Failure() {}

    /** Returns one line of bounded length: the message, or the name of the class where there is none. */
    static String text(Throwable failure) {
        String message = failure instanceof FileSystemException file ? text(file) : failure.getMessage();
        String line = message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        return shorten(ADDRESS.matcher(line).replaceFirst("") + advice(line));
    }

    /** The JDK leaves it to the name of the class what is wrong with a file. */
    private static @Nullable String text(FileSystemException failure) {
        String why = failure.getReason();
        if (why == null && failure instanceof NoSuchFileException) {
            why = "no such file or folder";
        } else if (why == null && failure instanceof AccessDeniedException) {
            why = "permission denied";
        } else if (why == null && failure instanceof FileAlreadyExistsException) {
            why = "is there already";
        } else if (why == null && failure instanceof NotDirectoryException) {
            why = "is no folder";
        }
        return why == null || failure.getFile() == null ? failure.getMessage() : failure.getFile() + ": " + why;
    }

    private static String advice(String line) {
        return line.endsWith("Address already in use") ? "; choose another port, or 0 for any free one" : "";
    }

    /** Returns the text, or its beginning. */
    static String shorten(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
