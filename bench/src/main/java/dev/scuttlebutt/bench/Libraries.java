package dev.scuttlebutt.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Libraries that are only compared with, which the program does not bring: the user names where their jars are. */
public final class Libraries {
    private static final String ADDED_CLASS_PATH = "SCUTTLEBUTT_BENCH_CLASSPATH";

    private Libraries() {}

    /** Returns the class path that the user added, with the stars it may have; or nothing. */
    static String classPath() {
        String added = System.getenv(ADDED_CLASS_PATH);
        return added == null ? "" : added;
    }

    /**
     * Returns what to do when a library is not there, or null when it is.
     *
     * @param className a class of it
     * @param jars names it for people
     */
    public static @Nullable String missing(String className, String jars) {
        String file = className.replace('.', '/') + ".class";
        return Libraries.class.getClassLoader().getResource(file) != null || isAdded(file)
                ? null
                : "put " + jars + " into " + ADDED_CLASS_PATH;
    }

    private static boolean isAdded(String file) {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath().split(File.pathSeparator)) {
            File place = new File(entry);
            if (place.getName().equals("*")) {
                File[] jars = new File(place.getAbsoluteFile().getParent()).listFiles();
                for (File jar : jars == null ? new File[0] : jars) {
                    urls.add(url(jar));
                }
            } else if (!entry.isBlank()) {
                urls.add(url(place));
            }
        }
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), null)) {
            return loader.findResource(file) != null;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(ADDED_CLASS_PATH + " names what cannot be read", unreadable);
        }
    }

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
