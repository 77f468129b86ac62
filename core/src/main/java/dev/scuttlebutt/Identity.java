package dev.scuttlebutt;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/** An id, the timestamps it has given, and the replicas that write under it: one, or a replica and its clones. */
final class Identity {
    final String id;
    final Stamper stamper;

    /** Writers queue here to stamp and sign, so that nobody waits for a signature but them. Taken before a core's lock. */
    final ReentrantLock writers = new ReentrantLock();

    private final List<Core> cores = new CopyOnWriteArrayList<>();

    Identity(String id, TimeSource time, Core first) {
        this.id = id;
        this.stamper = new Stamper(time);
        cores.add(first);
    }

    List<Core> cores() {
        return cores;
    }

    boolean isShared() {
        return cores.size() > 1;
    }

    void join(Core core) {
        cores.add(core);
    }

    void leave(Core core) {
        cores.remove(core);
    }
}
