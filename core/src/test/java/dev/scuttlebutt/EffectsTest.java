package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EffectsTest {
    private static final int BOUND = 100;
    private static final Executor NOBODY = task -> {
        throw new AssertionError("nothing is to be handed over");
    };

    /** Keeps what it is given until the test runs it. */
    private static final class Later implements Executor {
        final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }
    }

    @Test
    void drain_doesEverythingInOrder() {
        List<Object> done = new ArrayList<>();
        Effects effects = new Effects(done::add, NOBODY);
        effects.add("a");
        effects.add("b");

        assertThat(done).as("before the drain").isEmpty();
        effects.drain();
        effects.drain();

        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void drain_insideAnEffect_comesAfterTheCurrentOne() {
        List<String> log = new ArrayList<>();
        AtomicReference<Effects> self = new AtomicReference<>();
        Effects effects = new Effects(
                effect -> {
                    log.add("begin " + effect);
                    if (effect.equals("a")) {
                        self.get().add("inner");
                        self.get().drain();
                    }
                    log.add("end " + effect);
                },
                NOBODY);
        self.set(effects);
        effects.add("a");
        effects.add("b");
        effects.drain();

        assertThat(log).containsExactly("begin a", "end a", "begin b", "end b", "begin inner", "end inner");
    }

    @Test
    void chainOfReplicas_iterates() {
        int length = 100_000;
        List<Effects> chain = new ArrayList<>();
        AtomicInteger reached = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        AtomicInteger depth = new AtomicInteger();
        for (int i = 0; i < length; i++) {
            int next = i + 1;
            chain.add(new Effects(
                    effect -> {
                        deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                        reached.incrementAndGet();
                        if (next < length) {
                            chain.get(next).add(effect);
                            chain.get(next).drain();
                        }
                        depth.decrementAndGet();
                    },
                    NOBODY));
        }
        chain.get(0).add("x");
        chain.get(0).drain();

        assertThat(reached).hasValue(length);
        assertThat(deepest).hasValue(1);
    }

    @Test
    void drain_whileAnotherThreadIsAtIt_leavesTheWorkToThatThread() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        Effects effects = new Effects(
                effect -> {
                    if (effect.equals("first")) {
                        inside.countDown();
                        await(goOn);
                    }
                    log.add(effect + " on " + Thread.currentThread().getName());
                },
                NOBODY);
        effects.add("first");
        Thread busy = new Thread(effects::drain, "busy");
        busy.start();
        await(inside);
        effects.add("second");
        effects.drain();
        assertThat(log).as("returned without waiting").isEmpty();
        goOn.countDown();
        busy.join();

        assertThat(log).containsExactly("first on busy", "second on busy");
    }

    @Test
    void manyThreads_loseNothingAndNeverOverlap() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        List<Object> done = new ArrayList<>(); // not synchronised: the effects must not overlap
        Effects effects = new Effects(
                effect -> {
                    if (inside.incrementAndGet() != 1) {
                        overlaps.incrementAndGet();
                    }
                    done.add(effect);
                    inside.decrementAndGet();
                },
                NOBODY);
        Object lock = new Object();
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(number -> new Thread(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        synchronized (lock) {
                            effects.add(number * 100_000 + i);
                        }
                        effects.drain();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(overlaps).hasValue(0);
        assertThat(done).hasSize(80_000).doesNotHaveDuplicates();
    }

    @Test
    void twoThreads_thatMeetAtTheEndOfADrain_leaveNothingUndone() throws InterruptedException {
        int rounds = 100_000;
        AtomicInteger done = new AtomicInteger();
        Effects effects = new Effects(effect -> done.incrementAndGet(), NOBODY);
        AtomicInteger arrived = new AtomicInteger();
        AtomicInteger released = new AtomicInteger();
        AtomicInteger undone = new AtomicInteger();
        Object lock = new Object();
        Runnable work = () -> {
            SplittableRandom offset =
                    new SplittableRandom(Thread.currentThread().getId());
            for (int round = 1; round <= rounds; round++) {
                // The window is a few instructions wide: from round to round they come at another distance.
                for (int i = offset.nextInt(20); i > 0; i--) {
                    Thread.onSpinWait();
                }
                synchronized (lock) {
                    effects.add(round);
                }
                effects.drain();
                // The last to arrive looks before it lets the other go on: nothing may be left over, nothing have
                // begun.
                if (arrived.incrementAndGet() == 2 * round) {
                    if (done.get() != 2 * round) {
                        undone.incrementAndGet();
                    }
                    released.set(round);
                }
                while (released.get() < round) {
                    Thread.onSpinWait();
                }
            }
        };
        Thread other = new Thread(work);
        other.start();
        work.run();
        other.join();

        assertThat(undone).hasValue(0);
        assertThat(done).hasValue(2 * rounds);
    }

    @Test
    void drain_ofMoreThanTheBound_handsTheRestOver() {
        Later later = new Later();
        AtomicInteger done = new AtomicInteger();
        Effects effects = new Effects(effect -> done.incrementAndGet(), later, BOUND);
        for (int i = 0; i < BOUND + 10; i++) {
            effects.add(i);
        }
        effects.drain();
        assertThat(done).hasValue(BOUND);
        assertThat(later.tasks).hasSize(1);

        effects.add("meanwhile");
        effects.drain();
        assertThat(done).as("the rest is promised to the executor").hasValue(BOUND);

        later.tasks.remove().run();
        assertThat(done).hasValue(BOUND + 11);

        effects.add("after");
        effects.drain();
        assertThat(done).hasValue(BOUND + 12);
    }

    @Test
    void handingOver_toAnExecutorThatRefuses_goesOnHere() {
        for (RuntimeException refusal :
                List.of(new RejectedExecutionException("shut down"), new IllegalStateException("no thread"))) {
            AtomicInteger done = new AtomicInteger();
            Executor refusing = task -> {
                throw refusal;
            };
            Effects effects = new Effects(effect -> done.incrementAndGet(), refusing, BOUND);
            for (int i = 0; i < BOUND + 10; i++) {
                effects.add(i);
            }
            effects.drain();

            assertThat(done).hasValue(BOUND + 10);
        }
    }

    @Test
    void handingOver_toAnExecutorThatRunsAtOnce_keepsIterating() {
        AtomicInteger done = new AtomicInteger();
        List<String> log = new ArrayList<>();
        Effects other = new Effects(effect -> log.add("other"), NOBODY);
        Effects effects = new Effects(
                effect -> {
                    if (done.incrementAndGet() == BOUND + 5) {
                        other.add(effect);
                        other.drain();
                        log.add("end of the effect");
                    }
                },
                Runnable::run,
                BOUND);
        for (int i = 0; i < BOUND + 10; i++) {
            effects.add(i);
        }
        effects.drain();

        assertThat(done).hasValue(BOUND + 10);
        assertThat(log).containsExactly("end of the effect", "other");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
