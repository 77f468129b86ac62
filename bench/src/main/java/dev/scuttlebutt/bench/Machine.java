package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Manifest;

/**
 * Where something was measured.
 *
 * @param cpu its name, or the architecture where the system does not tell
 * @param load processes that wanted to run in the last minute before; negative where the system does not tell
 * @param flags of the JVM
 * @param commit of this program, or {@code unknown}; several where reports were put together
 * @param originals which there are, or why there are none
 */
public record Machine(
        String cpu, int cores, String system, double load, String jdk, String flags, String commit, String originals) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** Looks around. */
    static Machine here(Originals originals) throws IOException {
        return new Machine(
                nameOfCpu(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                String.join(" ", Worker.flags()),
                commitOfBuild(),
                originals.toString());
    }

    private static String nameOfCpu() throws IOException {
        if (Files.isReadable(CPU_INFO)) {
            for (String line : Files.readAllLines(CPU_INFO)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return System.getProperty("os.arch");
    }

    /** The jar of the program says which commit it was built from; classes in folders do not. */
    private static String commitOfBuild() throws IOException {
        Enumeration<URL> manifests = Machine.class.getClassLoader().getResources("META-INF/MANIFEST.MF");
        while (manifests.hasMoreElements()) {
            try (InputStream in = manifests.nextElement().openStream()) {
                String commit = new Manifest(in).getMainAttributes().getValue("Build-Commit");
                if (commit != null) {
                    return commit;
                }
            }
        }
        return "unknown";
    }

    /** Reads what {@link #toJson} wrote. */
    static Machine of(Json json) {
        JsonObject fields = json.asObject();
        return new Machine(
                text(fields, "cpu"),
                (int) number(fields, "cores"),
                text(fields, "system"),
                number(fields, "load"),
                text(fields, "jdk"),
                text(fields, "flags"),
                text(fields, "commit"),
                text(fields, "originals"));
    }

    private static String text(JsonObject fields, String name) {
        return field(fields, name).asString();
    }

    private static double number(JsonObject fields, String name) {
        return field(fields, name).asDouble();
    }

    private static Json field(JsonObject fields, String name) {
        Json field = fields.get(name);
        if (field == null) {
            throw new IllegalArgumentException("a machine without \"" + name + "\"");
        }
        return field;
    }

    /**
     * Returns this machine for figures of two runs: the load is that of the busier one.
     *
     * @throws IllegalArgumentException if more differs than load and commit, as then figures cannot be compared
     */
    Machine and(Machine other) {
        Machine same = new Machine(
                other.cpu, other.cores, other.system, load, other.jdk, other.flags, commit, other.originals);
        if (!equals(same)) {
            throw new IllegalArgumentException(
                    "figures of different machines do not belong together: " + toJson() + " and " + other.toJson());
        }
        Set<String> commits = new LinkedHashSet<>(List.of(commit.split(", ")));
        commits.addAll(List.of(other.commit.split(", ")));
        return new Machine(
                cpu, cores, system, Math.max(load, other.load), jdk, flags, String.join(", ", commits), originals);
    }

    JsonObject toJson() {
        return Json.object(
                "cpu", cpu,
                "cores", cores,
                "system", system,
                "load", load,
                "jdk", jdk,
                "flags", flags,
                "commit", commit,
                "originals", originals);
    }

    /** Two lines for people, and one more when other work disturbs. */
    @Override
    public String toString() {
        String text = String.format(
                Locale.ROOT,
                "%s, %d cores, %s, load %.2f%njdk %s%s, commit %s, %s",
                cpu,
                cores,
                system,
                load,
                jdk,
                flags.isEmpty() ? "" : " " + flags,
                commit,
                originals);
        return load > cores * 0.75
                ? text + "\nOther processes keep this machine busy: trust the ratios rather than the figures."
                : text;
    }
}
