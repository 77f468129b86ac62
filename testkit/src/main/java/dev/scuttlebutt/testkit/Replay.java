package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Replica;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs one seed of a {@link Simulation} and prints what happens, line by line.
 *
 * <pre>
 * java -cp … dev.scuttlebutt.testkit.Replay WORKLOAD SEED [TRACE-FILE]
 * </pre>
 *
 * <p>WORKLOAD is {@code model}, {@code events}, {@code value}, or the name of a class that implements {@link Workload}
 * and has a constructor without arguments. The trace goes to the file, or to standard output. The exit status is 0 when
 * the replicas converge, 1 when not, 2 when the arguments make no sense.
 *
 * <p>A simulation with a number of operations or replicas of its own comes out differently here, where the seed says
 * both.
 */
public final class Replay {
    private Replay() {}

    /** See above. */
    public static void main(String[] args) {
        System.exit(run(args, System.out));
    }

    /** Tells whether the arguments of the program can say what this simulation is. */
    static boolean canMake(Simulation<?> simulation) {
        Class<?> workload = simulation.workload.getClass();
        return simulation.isSizedBySeed()
                && Modifier.isPublic(workload.getModifiers())
                && Arrays.stream(workload.getConstructors())
                        .anyMatch(constructor -> constructor.getParameterCount() == 0);
    }

    static int run(String[] args, PrintStream out) {
        if (args.length < 2 || args.length > 3) {
            out.println("usage: Replay model|events|value|WORKLOAD-CLASS SEED [TRACE-FILE]");
            return 2;
        }
        long seed;
        Workload<?> workload;
        try {
            seed = Long.parseLong(args[1]);
            workload = workload(args[0]);
        } catch (NumberFormatException notNumber) {
            out.println("SEED must be a whole number, was " + args[1]);
            return 2;
        } catch (ReflectiveOperationException | ClassCastException unusable) {
            out.println(
                    args[0] + " is neither model, events nor value, nor a Workload that can be made without arguments: "
                            + unusable);
            return 2;
        }
        return run(Simulation.of(workload), seed, args.length == 3 ? Path.of(args[2]) : null, out);
    }

    private static <R extends Replica> int run(
            Simulation<R> simulation, long seed, @Nullable Path file, PrintStream out) {
        Schedule schedule = simulation.schedule(seed);
        out.println("seed " + seed + ": " + schedule);
        Trace trace = Trace.kept();
        int status = 0;
        String outcome;
        try {
            outcome = "converged: " + simulation.execute(schedule, trace);
        } catch (RuntimeException | AssertionError | StackOverflowError failure) {
            status = 1;
            outcome = failure instanceof Violation ? "failed: " + failure.getMessage() : "failed: " + failure;
        }
        print(trace.lines(), file, out);
        out.println(outcome);
        return status;
    }

    private static void print(List<String> lines, @Nullable Path file, PrintStream out) {
        if (file == null) {
            lines.forEach(out::println);
            return;
        }
        try {
            Files.write(file, lines);
            out.println(lines.size() + " lines of trace are in " + file);
        } catch (IOException unwritable) {
            out.println("the trace could not be written: " + unwritable);
        }
    }

    private static Workload<?> workload(String name) throws ReflectiveOperationException {
        return switch (name) {
            case "model" -> Workloads.model();
            case "events" -> Workloads.events();
            case "value" -> Workloads.value(1);
            case "append-only" -> Workloads.appendOnly();
            case "expiry-model" -> Workloads.expiryModel();
            case "object" -> Workloads.gossipObject();
            case "bucket" -> Workloads.scuttlebucket();
            case "boat" -> Workloads.scuttleboat();
            default ->
                (Workload<?>) Class.forName(name).getDeclaredConstructor().newInstance();
        };
    }
}
