package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Replica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what went wrong in a run, as briefly as it can be made to go wrong again. */
final class FailureReport<R extends Replica> {
    private static final int TRACE_LINES = 60;
    private static final int SCHEDULE_LINES = 40;

    /** How many operations shrinking may try for each operation of the run. */
    private static final int SHRINK_EFFORT = 100;

    private final Simulation<R> simulation;
    private final Schedule schedule;
    private final Throwable failure;

    FailureReport(Simulation<R> simulation, Schedule schedule, Throwable failure) {
        this.simulation = simulation;
        this.schedule = schedule;
        this.failure = failure;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(line(failure)).append('\n');
        text.append("  seed ")
                .append(schedule.seed())
                .append(": ")
                .append(schedule)
                .append('\n');
        text.append("  run it again: ").append(command()).append('\n');
        if (failureOf(schedule, Trace.none()) == null) {
            text.append("  Run a second time, the same schedule did not fail: the workload or the type depends on more")
                    .append(" than its arguments,\n  such as the machine's clock or identity hash codes.\n");
            return text.toString();
        }
        Schedule smallest = simulation.shrinking ? shrink(text) : schedule;
        Trace trace = Trace.kept();
        Throwable shorter = failureOf(smallest, trace);
        if (shorter != null && smallest != schedule) {
            text.append("  which fails with: ").append(line(shorter)).append('\n');
            smallest.operations().stream()
                    .limit(SCHEDULE_LINES)
                    .forEach(operation -> text.append("    ").append(operation).append('\n'));
        }
        appendTrace(text, trace);
        return text.toString();
    }

    private String command() {
        if (simulation.command != null) {
            return simulation.command.apply(schedule.seed());
        }
        if (Replay.canMake(simulation)) {
            return "java -cp CLASS-PATH " + Replay.class.getName() + " "
                    + simulation.workload.getClass().getName() + " " + schedule.seed();
        }
        return "Simulation.of(…).run(" + schedule.seed() + "L)";
    }

    private Schedule shrink(StringBuilder text) {
        Shrinker<Operation> shrinker = new Shrinker<>(
                operations -> isSame(failureOf(schedule.with(operations), Trace.none())),
                (long) SHRINK_EFFORT * (schedule.operations().size() + 1));
        List<Operation> smallest = shrinker.shrink(schedule.operations());
        text.append("  ")
                .append(smallest.size())
                .append(" of ")
                .append(schedule.operations().size())
                .append(" operations are enough (found in ")
                .append(shrinker.runs())
                .append(" runs)\n");
        return schedule.with(smallest);
    }

    private @Nullable Throwable failureOf(Schedule tried, Trace trace) {
        try {
            simulation.execute(tried, trace);
            return null;
        } catch (RuntimeException | AssertionError | StackOverflowError again) {
            return again;
        }
    }

    /** Another failure on the way to a shorter run would hide this one. */
    private boolean isSame(@Nullable Throwable other) {
        return other != null && Arrays.equals(place(failure), place(other));
    }

    private static Object[] place(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return new Object[] {failure.getClass(), stack.length == 0 ? "" : stack[0]};
    }

    private static void appendTrace(StringBuilder text, Trace trace) {
        List<String> last = trace.last(TRACE_LINES);
        text.append("  trace, last ")
                .append(last.size())
                .append(" of ")
                .append(trace.lines().size())
                .append(" lines (all of it: -D")
                .append(Simulation.TRACE_PROPERTY)
                .append("=FILE):\n");
        last.forEach(line -> text.append("    ").append(line).append('\n'));
        String file = System.getProperty(Simulation.TRACE_PROPERTY);
        if (file != null) {
            try {
                Files.write(Path.of(file), trace.lines());
            } catch (IOException unwritable) {
                text.append("  the trace could not be written: ")
                        .append(unwritable)
                        .append('\n');
            }
        }
    }

    private static String line(Throwable failure) {
        return failure instanceof Violation ? String.valueOf(failure.getMessage()) : failure.toString();
    }
}
