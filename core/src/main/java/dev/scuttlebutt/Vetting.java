package dev.scuttlebutt;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Decides, without the lock, which of the messages that arrived on one link may be applied. */
final class Vetting {
    /*
     * What is stale now stays stale, so it is sorted out first and costs no signature; in a mesh every update arrives
     * once per neighbour.
     *
     * The rest of a batch is verified by the link's own thread and, when it is large enough, by helpers on the executor.
     * All take the next index from one counter and write to the place of that index, so the order is kept. The link's
     * thread never waits for a helper to start, only for what a helper has taken, so a busy executor costs speed and
     * nothing else; and it starts no helper while earlier ones still queue, so a batch is not kept in memory by many.
     *
     * A link on which something fails does without helpers until more has succeeded. A flood of forgeries can then use
     * one core at most, and the links of others keep the rest.
     */
    private static final int WORTH_A_HELPER = 8;
    private static final int PRICE_OF_A_FAILURE = 8;
    private static final int MAX_DISTRUST = 4096;

    private final Core core;
    private final boolean needed;
    private final AtomicInteger helpers = new AtomicInteger();
    private volatile int distrust;
    private volatile double failing;

    Vetting(Core core) {
        this.core = core;
        this.needed = core.options.security != null || core.options.authority != null;
    }

    /** Tells whether there is anybody to ask. */
    boolean isNeeded() {
        return needed;
    }

    /** Returns one entry for each message; null for what needs none. */
    @Nullable
    Vetted[] vet(List<? extends Message> messages, boolean receives) {
        @Nullable Vetted[] vetted = new Vetted[messages.size()];
        Security security = core.options.security;
        Authority authority = core.options.authority;
        int[] open = receives ? findNews(messages, vetted) : new int[0];
        if (security == null) {
            for (int i : open) {
                vetted[i] = Verified.by(null, (Update) messages.get(i));
            }
        } else {
            vetPeers(security, messages, vetted);
            verify(security, messages, open, vetted);
        }
        if (authority != null) {
            for (int i : open) {
                if (vetted[i] instanceof Verified verified) {
                    vetted[i] = allow(authority, verified);
                }
            }
        }
        return vetted;
    }

    double failing() {
        return failing;
    }

    /** Vets an update that came on no link. */
    static Vetted vet(Core core, Update update) {
        core.lock.lock();
        try {
            if (core.isStale(update)) {
                return Rejected.STALE;
            }
        } finally {
            core.lock.unlock();
        }
        Security security = core.options.security;
        if (security != null) {
            prepare(security, Set.of(update.source()));
        }
        Vetted vetted = Verified.by(security, update);
        Authority authority = core.options.authority;
        return authority != null && vetted instanceof Verified verified ? allow(authority, verified) : vetted;
    }

    static Vetted allow(Authority authority, Verified verified) {
        String objection;
        try {
            objection = authority.objection(verified.update);
        } catch (RuntimeException failed) {
            objection = "the rule failed: " + failed;
        }
        return objection == null ? verified : new Rejected(Rejected.Kind.REFUSED, objection);
    }

    private int[] findNews(List<? extends Message> messages, @Nullable Vetted[] vetted) {
        int[] open = new int[vetted.length];
        int count = 0;
        core.lock.lock();
        try {
            for (int i = 0; i < vetted.length; i++) {
                if (messages.get(i) instanceof Update update) {
                    if (core.isStale(update)) {
                        vetted[i] = Rejected.STALE;
                    } else {
                        open[count++] = i;
                    }
                }
            }
        } finally {
            core.lock.unlock();
        }
        return Arrays.copyOf(open, count);
    }

    private static void vetPeers(Security security, List<? extends Message> messages, @Nullable Vetted[] vetted) {
        for (int i = 0; i < vetted.length; i++) {
            if (messages.get(i) instanceof Handshake handshake) {
                String objection = security.objection(handshake);
                vetted[i] = objection == null ? null : new Rejected(Rejected.Kind.PEER, objection);
            }
        }
    }

    private void verify(Security security, List<? extends Message> messages, int[] open, @Nullable Vetted[] vetted) {
        if (open.length == 0) {
            return;
        }
        Set<String> sources = new HashSet<>();
        Update[] updates = new Update[open.length];
        for (int i = 0; i < open.length; i++) {
            updates[i] = (Update) messages.get(open[i]);
            sources.add(updates[i].source());
        }
        prepare(security, sources);
        Batch batch = new Batch(security, updates);
        if (distrust == 0) {
            callHelpers(batch);
        }
        batch.work();
        batch.await();
        int failures = 0;
        for (int i = 0; i < open.length; i++) {
            vetted[open[i]] = batch.results[i];
            if (batch.results[i] instanceof Rejected rejected && rejected.kind() == Rejected.Kind.UNVERIFIED) {
                failures++;
            }
        }
        failing = (failing + (double) failures / open.length) / 2;
        int successes = open.length - failures;
        distrust = Math.max(0, Math.min(MAX_DISTRUST, distrust + failures * PRICE_OF_A_FAILURE - successes));
    }

    private static void prepare(Security security, Set<String> sources) {
        try {
            security.prepare(sources);
        } catch (RuntimeException failed) {
            // Said so in Security.prepare: verify meets the cause and its verdict is reported.
        }
    }

    private void callHelpers(Batch batch) {
        Executor executor = core.options.executor;
        int most = Math.min(Runtime.getRuntime().availableProcessors() - 1, batch.updates.length / WORTH_A_HELPER);
        // Counted down, because an executor may run them at once.
        for (int wanted = most - helpers.get(); wanted > 0; wanted--) {
            helpers.incrementAndGet();
            try {
                executor.execute(() -> {
                    try {
                        batch.work();
                    } finally {
                        helpers.decrementAndGet();
                    }
                });
            } catch (RejectedExecutionException shutDown) {
                helpers.decrementAndGet();
                return;
            }
        }
    }

    private static final class Batch {
        final Security security;
        final Update[] updates;
        final @Nullable Vetted[] results;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch unfinished;

        Batch(Security security, Update[] updates) {
            this.security = security;
            this.updates = updates;
            this.results = new Vetted[updates.length];
            this.unfinished = new CountDownLatch(updates.length);
        }

        void work() {
            int i;
            while ((i = next.getAndIncrement()) < updates.length) {
                try {
                    results[i] = Verified.by(security, updates[i]);
                } finally {
                    unfinished.countDown();
                }
            }
        }

        /** Waits for what helpers have taken. An interruption is kept for those who look for it. */
        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    unfinished.await();
                    break;
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
