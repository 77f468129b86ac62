package dev.scuttlebutt.bench;

import dev.scuttlebutt.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The npm packages and the {@code node} that runs them, where they are installed. */
public final class Originals {
    /** Where the packages are installed in a checkout. */
    private static final Path IN_CHECKOUT = Path.of("interop", "src", "test", "js");

    private static final String HOW = "run `npm ci` in interop/src/test/js";
    private static final int PATIENCE_SECONDS = 10;

    private final @Nullable String missing;
    private final String node;
    private final String version;
    private final Path packages;

    private Originals(@Nullable String missing, String node, String version, Path packages) {
        this.missing = missing;
        this.node = node;
        this.version = version;
        this.packages = packages;
    }

    /**
     * Looks for node and the packages: in the folder given, otherwise in those of the variable {@code NODE_PATH} and in
     * the checkout that this program or the working directory belongs to.
     *
     * @param folder contains {@code node_modules}, or is it
     */
    public static Originals find(@Nullable Path folder) {
        String node = nodeVersion();
        if (node == null) {
            return missing("original not measured: there is no node on the PATH");
        }
        for (Path candidate : folder == null ? candidates() : List.of(folder.resolve("node_modules"), folder)) {
            Path description = candidate.resolve("scuttlebutt").resolve("package.json");
            if (Files.isReadable(description)) {
                try {
                    return new Originals(null, node, versionIn(description), candidate.toAbsolutePath());
                } catch (IOException | IllegalArgumentException unreadable) {
                    return missing("original not measured: " + description + " cannot be read");
                }
            }
        }
        return missing(
                folder == null
                        ? "original not measured: " + HOW
                        : "original not measured: there is no package scuttlebutt under " + folder + "; " + HOW);
    }

    private static Originals missing(String why) {
        return new Originals(why, "", "", Path.of(""));
    }

    private static @Nullable String nodeVersion() {
        try {
            Process process = new ProcessBuilder("node", "--version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String version = new String(process.getInputStream().readAllBytes()).strip();
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0 ? version : null;
        } catch (IOException notThere) {
            return null;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static String versionIn(Path description) throws IOException {
        Json version = Json.parse(Files.readString(description)).asObject().get("version");
        return version == null ? "" : version.asString();
    }

    private static Set<Path> candidates() {
        Set<Path> candidates = new LinkedHashSet<>();
        String variable = System.getenv("NODE_PATH");
        if (variable != null && !variable.isBlank()) {
            for (String folder : variable.split(System.getProperty("path.separator"))) {
                candidates.add(Path.of(folder));
            }
        }
        for (Path start : List.of(ownPlace(), Path.of("").toAbsolutePath())) {
            for (Path parent = start; parent != null; parent = parent.getParent()) {
                candidates.add(parent.resolve(IN_CHECKOUT).resolve("node_modules"));
            }
        }
        return candidates;
    }

    private static Path ownPlace() {
        CodeSource source = Originals.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Path.of("")
                    : Path.of(source.getLocation().toURI()).toAbsolutePath();
        } catch (URISyntaxException | IllegalArgumentException noFile) {
            return Path.of("");
        }
    }

    /** Returns why the originals cannot be measured, or null. */
    public @Nullable String missing() {
        return missing;
    }

    /** Returns both versions, or why there is nothing to compare with. */
    @Override
    public String toString() {
        return missing != null ? missing : "node " + node + ", scuttlebutt " + version + " (npm)";
    }

    /** Returns the command that runs a script, to be started after {@link #prepare}. */
    List<String> command(Path scripts, String script, Work work) {
        return List.of("node", scripts.resolve(script).toString(), work.toJson().toString());
    }

    /** Says where the packages are. */
    void prepare(ProcessBuilder process) {
        process.environment().put("NODE_PATH", packages.toString());
    }

    /**
     * Starts a script of the resources that is a server: it says {@code {"port": …}} when it is ready, and ends when its
     * input does.
     *
     * @param further other scripts that it needs
     * @throws IOException if it cannot be started, or the packages are missing
     */
    public PeerProcess serve(String script, String... further) throws IOException {
        if (missing != null) {
            throw new IOException(missing);
        }
        Path folder = Files.createTempDirectory("scuttlebutt-bench");
        List<String> scripts = new ArrayList<>(List.of(further));
        scripts.add(script);
        unpackAll(scripts.stream().map(name -> "originals/" + name).toList(), folder);
        folder.toFile().deleteOnExit();
        // In the reverse order of this, so the folder goes last.
        scripts.add("harness.js");
        scripts.forEach(name -> folder.resolve(name).toFile().deleteOnExit());
        ProcessBuilder process =
                new ProcessBuilder("node", folder.resolve(script).toString());
        prepare(process);
        return PeerProcess.start(process);
    }

    /** Puts the scripts of these scenarios, and what they read, into a folder. */
    static void unpack(List<Scenario> scenarios, Path folder) throws IOException {
        Set<String> all = new LinkedHashSet<>();
        for (Scenario scenario : scenarios) {
            if (scenario.original() != null) {
                all.add("originals/" + scenario.original());
                scenario.traces().forEach(trace -> all.add("traces/" + trace));
            }
        }
        unpackAll(all, folder);
    }

    private static void unpackAll(Collection<String> resources, Path folder) throws IOException {
        Set<String> all = new LinkedHashSet<>(resources);
        all.add("originals/harness.js");
        for (String resource : all) {
            try (InputStream in = Originals.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IOException(resource + " is missing from this program");
                }
                Files.write(folder.resolve(resource.substring(resource.indexOf('/') + 1)), in.readAllBytes());
            }
        }
    }
}
