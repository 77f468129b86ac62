package dev.scuttlebutt.bench.scenarios;

import java.lang.management.ManagementFactory;

/** What memory holds. */
final class Heap {
    private static final double MB = 1 << 20;
    private static final int COLLECTIONS = 3;

    private Heap() {}

    /** Returns what cannot be collected. */
    static double megabytes() {
        return bytes() / MB;
    }

    /** Returns what cannot be collected. */
    static double bytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
