package dev.scuttlebutt.netty;

/** A bucket of tokens that fills at a steady rate up to one second's worth, and may be overdrawn. */
final class Throttle {
    private static final double SECOND = 1e9;

    private final double perSecond;
    private double tokens;
    private long filled;

    Throttle(long perSecond, long now) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.filled = now;
    }

    /** Returns for how many nanoseconds nothing more may be taken. */
    long take(long count, long now) {
        tokens = Math.min(perSecond, tokens + (now - filled) / SECOND * perSecond) - count;
        filled = now;
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perSecond * SECOND);
    }

    /** Counts line feeds. */
    static int lines(byte[] bytes, int length) {
        int lines = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                lines++;
            }
        }
        return lines;
    }
}
