package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Pipe;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.types.Events;
import dev.scuttlebutt.types.Model;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several threads at once: nobody waits for ever, nothing is lost, and when the last call has returned all is equal.
 *
 * <p>The seed draws what each thread does. How the threads interleave is the machine's business, so a seed that failed
 * need not fail again at once.
 */
class ConcurrencyTest {
    private static final int THREADS = 4;
    private static final int STEPS = 2_000;
    private static final int MINUTES = 3;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Ten, or as many as the system property {@code scuttlebutt.seeds} says, to look longer for a rare interleaving. */
    static LongStream seeds() {
        Long only = Long.getLong(Simulation.SEED_PROPERTY);
        return only == null ? LongStream.rangeClosed(1, Long.getLong("scuttlebutt.seeds", 10)) : LongStream.of(only);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Runs all at the same time and waits for them, but not for ever. */
    private void together(List<Callable<Void>> tasks) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Void>> running = new ArrayList<>();
        for (Callable<Void> task : tasks) {
            running.add(threads.submit(() -> {
                start.await();
                return task.call();
            }));
        }
        start.countDown();
        for (Future<Void> each : running) {
            try {
                each.get(MINUTES, TimeUnit.MINUTES);
            } catch (TimeoutException stuck) {
                throw new AssertionError("threads are stuck:\n" + stacks());
            } catch (ExecutionException failed) {
                throw new AssertionError("a thread failed", failed.getCause());
            }
        }
    }

    private static String stacks() {
        ThreadInfo[] all = ManagementFactory.getThreadMXBean().dumpAllThreads(true, true);
        return Arrays.stream(all).map(ThreadInfo::toString).collect(Collectors.joining());
    }

    private static List<Model> models(int count) {
        List<Model> models = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            models.add(new Model("m" + i));
        }
        return models;
    }

    private static List<Pipe> ring(List<? extends Replica> replicas) {
        List<Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < replicas.size(); i++) {
            pipes.add(Pipe.connect(replicas.get(i), replicas.get((i + 1) % replicas.size())));
        }
        return pipes;
    }

    private static void assertEqual(List<? extends Replica> replicas) {
        Replica first = replicas.get(0);
        for (Replica other : replicas) {
            assertThat(other.toJson()).as(other + " and " + first).isEqualTo(first.toJson());
            assertThat(other.history()).as(other + " and " + first).isEqualTo(first.history());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void writersOnARing_convergeWhenTheLastReturns(long seed) throws Exception {
        List<Model> models = models(5);
        ring(models);
        Gen gen = Gen.seeded(seed);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Gen own = gen.split();
            tasks.add(() -> {
                for (int step = 0; step < STEPS; step++) {
                    own.pick(models).set("k" + own.below(20), own.below(1000));
                }
                return null;
            });
        }
        together(tasks);
        assertEqual(models);
    }

    @RepeatedTest(3)
    void everyEvent_isHeardOnceByEveryReplicaInTheOrderOfItsSource() throws Exception {
        List<Events> emitters = new ArrayList<>();
        List<List<Integer>> heard = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Events events = new Events("e" + i);
            List<Integer> numbers = new ArrayList<>();
            // Listeners run one at a time, so a plain list must do; the end of the threads publishes it to this one.
            events.on("number", arguments -> numbers.add((int) arguments.get(0).asDouble()));
            emitters.add(events);
            heard.add(numbers);
        }
        ring(emitters);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            tasks.add(() -> {
                for (int step = 0; step < STEPS; step++) {
                    emitters.get(thread).emit("number", thread * STEPS + step);
                }
                return null;
            });
        }
        together(tasks);
        assertEqual(emitters);
        for (List<Integer> numbers : heard) {
            assertThat(numbers).hasSize(THREADS * STEPS).doesNotHaveDuplicates();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                assertThat(numbers.stream().filter(number -> number / STEPS == thread))
                        .isSorted();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void listenersThatWrite_convergeToo(long seed) throws Exception {
        List<Model> models = models(4);
        ring(models);
        for (Model model : models) {
            AtomicInteger answers = new AtomicInteger(STEPS / 4);
            model.on(Model.Changed.class, changed -> {
                if (changed.key().startsWith("ask") && answers.getAndDecrement() > 0) {
                    model.set("answer " + model.id(), changed.value());
                    // Also to another replica of the ring: no thread holds two locks, so this cannot block.
                    models.get((models.indexOf(model) + 2) % models.size())
                            .set("seen by " + model.id(), changed.value());
                }
            });
        }
        Gen gen = Gen.seeded(seed);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Gen own = gen.split();
            tasks.add(() -> {
                for (int step = 0; step < STEPS / 2; step++) {
                    own.pick(models).set("ask" + own.below(5), own.below(1000));
                }
                return null;
            });
        }
        together(tasks);
        assertEqual(models);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void pipesOpenedAndClosedWhileOthersWrite_loseNothing(long seed) throws Exception {
        List<Model> models = models(5);
        Gen gen = Gen.seeded(seed);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Gen own = gen.split();
            boolean links = i < 2;
            tasks.add(() -> {
                List<Pipe> open = new ArrayList<>();
                for (int step = 0; step < STEPS; step++) {
                    Model one = own.pick(models);
                    Model other = own.pick(models);
                    if (links && one != other && own.oneIn(4)) {
                        open.add(Pipe.connect(one, other));
                    } else if (links && !open.isEmpty() && own.oneIn(3)) {
                        open.remove(own.below(open.size())).close();
                    } else {
                        one.set("k" + own.below(20), own.below(1000));
                    }
                }
                open.forEach(Pipe::close);
                return null;
            });
        }
        together(tasks);
        models.forEach(model -> assertThat(model.sessions()).isEmpty());
        ring(models);
        assertEqual(models);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void clones_madeAndWrittenWhileOthersWrite_haveTheSame(long seed) throws Exception {
        List<Model> models = models(3);
        List<Model> all = new ArrayList<>(models);
        ring(models);
        Gen gen = Gen.seeded(seed);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Gen own = gen.split();
            tasks.add(() -> {
                List<Model> mine = new ArrayList<>(models);
                for (int step = 0; step < STEPS / 4; step++) {
                    if (mine.size() < 6 && own.oneIn(50)) {
                        Model clone = own.pick(models).clone(Model::new);
                        mine.add(clone);
                        synchronized (all) {
                            all.add(clone);
                        }
                    }
                    own.pick(mine).set("k" + own.below(20), own.below(1000));
                }
                return null;
            });
        }
        together(tasks);
        assertThat(all).hasSizeGreaterThan(3);
        assertEqual(all);
    }

    @RepeatedTest(3)
    void applyPollAndReadAtTheSameTime_keepEachSourceInOrder() throws Exception {
        Events target = new Events(ReplicaOptions.defaults().id("target"));
        List<List<Update>> sequences = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Events source = new Events("s" + i);
            for (int step = 0; step < STEPS; step++) {
                source.emit("e", step);
            }
            sequences.add(source.history());
        }
        List<Update> polled = new ArrayList<>();
        Session session = target.open();
        session.assume(Clock.EMPTY);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (List<Update> sequence : sequences) {
            tasks.add(() -> {
                sequence.forEach(target::apply);
                return null;
            });
        }
        AtomicInteger failures = new AtomicInteger();
        target.on(ReplicaEvent.ListenerFailed.class, failed -> failures.incrementAndGet());
        tasks.add(() -> {
            while (polled.size() < THREADS * STEPS) {
                if (session.poll() instanceof Update update) {
                    polled.add(update);
                } else {
                    Thread.onSpinWait();
                }
            }
            return null;
        });
        tasks.add(() -> {
            for (int step = 0; step < 50; step++) {
                Clock clock = target.clock();
                target.history(clock)
                        .forEach(update -> assertThat(clock.covers(update)).isFalse());
                target.toJson();
                session.stats();
            }
            return null;
        });
        together(tasks);
        assertThat(failures).hasValue(0);
        for (List<Update> sequence : sequences) {
            String source = sequence.get(0).source();
            assertThat(polled.stream().filter(update -> update.source().equals(source)))
                    .containsExactlyElementsOf(sequence);
        }
    }
}
