package dev.scuttlebutt.cli;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is told to people in lines, of which there are never too many. */
final class Listing {
    /** So many of a kind are shown. */
    static final int SHOWN = 20;

    /** Beyond so many milliseconds there is no date, in JavaScript neither. */
    private static final double LATEST_DATE = 8.64e15;

    private Listing() {}

    static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Returns the date of a timestamp, null where there is none. */
    static @Nullable String date(double millis) {
        return Math.abs(millis) < LATEST_DATE
                ? Instant.ofEpochMilli((long) millis).toString()
                : null;
    }

    /** Says how many of a kind are not shown. */
    static void more(List<String> lines, long count) {
        if (count > SHOWN) {
            lines.add("  and " + number(count - SHOWN) + " more; --json shows them");
        }
    }
}
