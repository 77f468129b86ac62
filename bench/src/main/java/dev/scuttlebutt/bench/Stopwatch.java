package dev.scuttlebutt.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Times rounds of one kind of work: first those that warm up, which do not count, then those that do.
 *
 * <pre>{@code
 * Stopwatch watch = new Stopwatch(work);
 * while (watch.running()) {
 *     prepare();
 *     watch.start();
 *     long done = round();
 *     watch.stop(done);
 * }
 * return watch.rate(Map.of());
 * }</pre>
 *
 * <p>Total work over total time, so that pauses count too. How long to go on is decided by the processor time of this
 * process: on a busy machine it would otherwise measure code that had not had its turn to be compiled.
 */
public final class Stopwatch {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int LEAST_ROUNDS = 3;

    /** Tells the processor time a process has used. */
    @FunctionalInterface
    public interface Cpu {
        /** Returns nanoseconds. */
        long nanos() throws IOException;
    }

    private final long warmUpNanos;
    private final long measureNanos;
    private final Cpu cpu;
    private final long begin = ownCpuNanos();
    private long measuringSince;
    private int rounds;
    private long started;
    private long startedCpu;
    private long nanos;
    private long cpuNanos;
    private long operations;

    /** Creates a stopwatch that counts the processor time of this process. */
    public Stopwatch(Work work) {
        this(work, Stopwatch::ownCpuNanos);
    }

    /** Creates a stopwatch that counts the processor time of this process and a further one. */
    public Stopwatch(Work work, Cpu further) {
        this.warmUpNanos = TimeUnit.MILLISECONDS.toNanos(work.warmUpMillis());
        this.measureNanos = TimeUnit.MILLISECONDS.toNanos(work.measureMillis());
        this.cpu = further;
    }

    /** Returns the processor time that all threads of this process have used. */
    public static long ownCpuNanos() {
        return PROCESS.getProcessCpuTime();
    }

    /** Tells whether another round is to be run. */
    public boolean running() {
        long now = ownCpuNanos();
        if (measuringSince == 0) {
            if (now - begin >= warmUpNanos) {
                measuringSince = now;
                rounds = 0;
                nanos = 0;
                cpuNanos = 0;
                operations = 0;
            }
            return true;
        }
        return now - measuringSince < measureNanos || rounds < LEAST_ROUNDS;
    }

    /** The round begins. */
    public void start() throws IOException {
        startedCpu = cpu.nanos();
        started = System.nanoTime();
    }

    /** The round is over. */
    public void stop(long done) throws IOException {
        nanos += System.nanoTime() - started;
        cpuNanos += cpu.nanos() - startedCpu;
        operations += done;
        rounds++;
    }

    /** Returns operations per second. */
    public Measurement rate(Map<String, Double> details) {
        return new Measurement(operations * 1e9 / nanos, operations * 1e9 / cpuNanos, details);
    }

    /** Returns microseconds per operation. */
    public Measurement micros(Map<String, Double> details) {
        return new Measurement(nanos / 1e3 / operations, cpuNanos / 1e3 / operations, details);
    }
}
