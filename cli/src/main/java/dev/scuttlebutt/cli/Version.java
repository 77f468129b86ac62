package dev.scuttlebutt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** Version, commit and JDK, the first two read from the manifest of the runnable jar. */
final class Version implements IVersionProvider {
    private static final String COMMIT = "Build-Commit";

    @Override
    public String[] getVersion() throws IOException {
        Attributes build = buildAttributes();
        return new String[] {
            "scuttlebutt " + orUnknown(build.getValue(Attributes.Name.IMPLEMENTATION_VERSION)),
            "commit " + orUnknown(build.getValue(COMMIT)),
            "jdk " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
        };
    }

    private static Attributes buildAttributes() throws IOException {
        Enumeration<URL> manifests = Version.class.getClassLoader().getResources("META-INF/MANIFEST.MF");
        while (manifests.hasMoreElements()) {
            try (InputStream in = manifests.nextElement().openStream()) {
                Attributes attributes = new Manifest(in).getMainAttributes();
                if (attributes.getValue(COMMIT) != null) {
                    return attributes;
                }
            }
        }
        // Classes run from a directory, as in an IDE, have no manifest.
        return new Attributes();
    }

    private static String orUnknown(@Nullable String value) {
        return value == null ? "unknown" : value;
    }
}
