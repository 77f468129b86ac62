package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that measures one scenario once, or is the peer of one that does: {@code measure|peer NAME WORK}. Not for
 * people; see {@link Bench}.
 */
public final class Worker {
    static final String MEASURE = "measure";
    static final String PEER = "peer";

    private Worker() {}

    /** Returns the command that starts one, with the flags and the class path of this JVM. */
    static List<String> command(String role, Scenario scenario, Work work) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Worker.class.getName()));
        command.addAll(List.of(role, scenario.name(), work.toJson().toString()));
        return command;
    }

    /** Returns the flags this JVM was given, except those that attach something to it. */
    static List<String> flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-agent") && !flag.startsWith("-javaagent"))
                .toList();
    }

    /** Runs the scenario. Prints the measurement on standard output, or talks there with the measuring process. */
    public static void main(String... args) throws Exception {
        Scenario scenario = Scenarios.named(args[1]);
        Work work = Work.of(Json.parse(args[2]));
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        Conversation starter = new Conversation(System.in, out);
        if (args[0].equals(PEER)) {
            scenario.peer(work, starter);
        } else {
            starter.say(scenario.measure(work).toJson());
        }
        // Event loops that are winding down must not keep the next repetition waiting.
        System.exit(0);
    }
}
