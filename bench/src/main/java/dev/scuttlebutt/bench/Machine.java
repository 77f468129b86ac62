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
import java.util.Locale;
import java.util.jar.Manifest;

/**
 * Where something was measured.
 *
 * @param cpu its name, or the architecture where the system does not tell
 * @param load processes that wanted to run in the last minute before; negative where the system does not tell
 * @param flags of the JVM
 * @param commit of this program, or {@code unknown}
 */
public record Machine(
        String cpu,
        int cores,
        String system,
        double load,
        String jdk,
        String flags,
        String commit,
        Originals originals) {
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
                originals);
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

    JsonObject toJson() {
        return Json.object(
                "cpu", cpu,
                "cores", cores,
                "system", system,
                "load", load,
                "jdk", jdk,
                "flags", flags,
                "commit", commit,
                "originals", originals.toString());
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
