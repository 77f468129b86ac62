package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
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

    /** Names the jars of libraries that are only compared with, which the program does not bring. */
    public static final String ADDED_CLASS_PATH = "SCUTTLEBUTT_BENCH_CLASSPATH";

    private static final List<String> ATTACHMENTS = List.of("-agent", "-javaagent", "-XX:StartFlightRecording");
    private static final String HEAP = "-Xms1g";
    private static final String HUGE_PAGES = "UseTransparentHugePages";
    private static final Path HUGE_PAGES_OF_SYSTEM = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private Worker() {}

    /** Returns the command that starts one, with the flags and the class path of this JVM. */
    static List<String> command(String role, Scenario scenario, Work work) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(List.of("-classpath", classPath(), Worker.class.getName()));
        command.addAll(List.of(role, scenario.name(), work.toJson().toString()));
        return command;
    }

    /** That of this JVM, and what is added for libraries to compare with. */
    private static String classPath() {
        String added = System.getenv(ADDED_CLASS_PATH);
        String own = System.getProperty("java.class.path");
        return added == null || added.isBlank() ? own : own + System.getProperty("path.separator") + added;
    }

    /**
     * Returns the flags this JVM was given, except those that attach something to it; and those that let a new process
     * measure what one finds that has been up for a while: a heap that need not grow first, in huge pages where the system
     * lets a program ask for them. Touching fresh memory page by page takes longer than what is measured, on a virtual
     * machine above all.
     */
    static List<String> flags() throws IOException {
        List<String> flags = new ArrayList<>();
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (ATTACHMENTS.stream().noneMatch(flag::startsWith)) {
                flags.add(flag);
            }
        }
        if (flags.stream().noneMatch(flag -> flag.startsWith("-Xm"))) {
            flags.add(HEAP);
        }
        if (flags.stream().noneMatch(flag -> flag.endsWith(HUGE_PAGES)) && canAskForHugePages()) {
            flags.add("-XX:+" + HUGE_PAGES);
        }
        return flags;
    }

    private static boolean canAskForHugePages() throws IOException {
        return Files.isReadable(HUGE_PAGES_OF_SYSTEM)
                && Files.readString(HUGE_PAGES_OF_SYSTEM).contains("[madvise]");
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
