package dev.scuttlebutt.bench.scenarios;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How often this disk can be forced: what durability costs at least. */
final class Forces {
    private static final int FORCES = 200;

    private Forces() {}

    /** Appends a line and forces it, again and again: what a journal that shared nothing could do at most. */
    static double perSecond(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer line = ByteBuffer.allocateDirect(64);
            long start = System.nanoTime();
            for (int i = 0; i < FORCES; i++) {
                line.clear();
                channel.write(line);
                channel.force(false);
            }
            return FORCES * 1e9 / (System.nanoTime() - start);
        }
    }
}
