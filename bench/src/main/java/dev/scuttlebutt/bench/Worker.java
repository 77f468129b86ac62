package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that measures one scenario once, or is the peer of one that does: {@code measure|original|peer NAME WORK}. Not for
 * people; see {@link Bench}.
 */
public final class Worker {
    static final String MEASURE = "measure";
    static final String ORIGINAL = "original";
    static final String PEER = "peer";

    private static final List<String> ATTACHMENTS = List.of("-agent", "-javaagent", "-XX:StartFlightRecording");
    private static final List<String> TOUCHED_HEAP = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

    private Worker() {}

    /** Returns the command that starts one, with the flags and the class path of this JVM. */
    static List<String> command(String role, Scenario scenario, Work work) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(List.of("-classpath", classPath(), Worker.class.getName()));
        command.addAll(List.of(role, scenario.name(), work.toJson().toString()));
        return command;
    }

    /** That of this JVM, and what is added for libraries to compare with. */
    private static String classPath() {
        String added = Libraries.classPath();
        String own = System.getProperty("java.class.path");
        return added.isBlank() ? own : own + File.pathSeparator + added;
    }

    /**
     * Returns the flags this JVM was given, except those that attach something to it. If none is about the size of the heap,
     * the heap is one that does not grow and has been touched, as that of a process that has been up for a while: memory
     * that a virtual machine uses for the first time may cost more than what is measured.
     */
    static List<String> flags() {
        List<String> flags = new ArrayList<>();
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (ATTACHMENTS.stream().noneMatch(flag::startsWith)) {
                flags.add(flag);
            }
        }
        if (flags.stream().noneMatch(flag -> flag.startsWith("-Xm") || flag.contains("RAMPercentage="))) {
            flags.addAll(TOUCHED_HEAP);
        }
        return flags;
    }

    /** Runs the scenario. Prints the measurement on standard output, or talks there with the measuring process. */
    public static void main(String... args) throws Exception {
        Scenario scenario = Scenarios.named(args[1]);
        Work work = Work.of(Json.parse(args[2]));
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        Conversation starter = new Conversation(System.in, out);
        if (args[0].equals(PEER)) {
            scenario.peer(work, starter);
        } else if (args[0].equals(ORIGINAL)) {
            starter.say(scenario.measureOriginal(work).toJson());
        } else {
            starter.say(scenario.measure(work).toJson());
        }
        // Event loops that are winding down must not keep the next repetition waiting.
        System.exit(0);
    }
}
