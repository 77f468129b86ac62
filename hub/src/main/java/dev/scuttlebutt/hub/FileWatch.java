package dev.scuttlebutt.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Notices that a file has become another. For one thread. */
final class FileWatch {
    private final Path path;
    private @Nullable Object seen;

    FileWatch(Path path) {
        this.path = path;
        this.seen = look();
    }

    Path path() {
        return path;
    }

    /** Tells whether it has changed since it was asked last. */
    boolean hasChanged() {
        Object now = look();
        boolean changed = !Objects.equals(now, seen);
        seen = now;
        return changed;
    }

    private record Look(Object time, long size, @Nullable Object key) {}

    private @Nullable Object look() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Look(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException notThere) {
            return null;
        }
    }
}
