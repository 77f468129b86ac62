package dev.scuttlebutt.store;

import java.util.concurrent.atomic.LongAdder;

/** What a store has done so far. */
final class Counters {
    final LongAdder commits = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder loads = new LongAdder();

    void committed(int writes, long bytes) {
        if (writes > 0) {
            this.commits.increment();
            this.writes.add(writes);
            this.bytes.add(bytes);
        }
    }
}
