package dev.scuttlebutt.netty;

import org.jspecify.annotations.Nullable;

/** How quickly a peer may send: lines and bytes in a second, either without a limit. */
final class Pace {
    private final @Nullable Throttle lines;
    private final @Nullable Throttle bytes;

    Pace(LinkOptions.Settings settings, long now) {
        this.lines = settings.linesPerSecond == 0 ? null : new Throttle(settings.linesPerSecond, now);
        this.bytes = settings.bytesPerSecond == 0 ? null : new Throttle(settings.bytesPerSecond, now);
    }

    boolean countsLines() {
        return lines != null;
    }

    /** Returns for how many nanoseconds nothing more may be taken. */
    long take(int lineCount, int byteCount, long now) {
        return Math.max(bytes == null ? 0 : bytes.take(byteCount, now), lines == null ? 0 : lines.take(lineCount, now));
    }
}
