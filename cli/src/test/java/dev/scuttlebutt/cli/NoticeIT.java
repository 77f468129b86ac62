package dev.scuttlebutt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The runnable jar bundles what NOTICE says, and nothing else. */
class NoticeIT {
    private static final Path JAR = Path.of("target", "scuttlebutt.jar");
    private static final String OURS = "dev.scuttlebutt";
    private static final String LICENCES = "META-INF/licenses/";
    private static final Pattern LIBRARY = Pattern.compile("^    \\S.*\\(([\\w.]+)\\)$", Pattern.MULTILINE);
    private static final Pattern LICENCE = Pattern.compile("\\S+\\.txt$", Pattern.MULTILINE);
    private static final Pattern CODE =
            Pattern.compile("(?:META-INF/versions/\\d+/)?(.*)/[^/]+\\.(?:class|so|dll|dylib|jnilib)");

    @Test
    void packagesOfTheJar_areThoseOfTheNotice() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Set<String> named = found(LIBRARY, notice(jar));
            named.add(OURS);
            Set<String> bundled = jar.stream()
                    .map(ZipEntry::getName)
                    .map(CODE::matcher)
                    .filter(code -> code.matches())
                    .map(code -> library(code.group(1).replace('/', '.'), named))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(bundled).isEqualTo(named);
        }
    }

    /** The innermost of the packages named, or that of the code where it is in none of them. */
    private static String library(String code, Set<String> named) {
        return named.stream()
                .filter(name -> (code + ".").startsWith(name + "."))
                .max(Comparator.comparingInt(String::length))
                .orElse(code);
    }

    @Test
    void licencesOfTheJar_areThoseOfTheNotice() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Set<String> there = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith(LICENCES) && !name.endsWith("/"))
                    .map(name -> name.substring(LICENCES.length()))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(there).isEqualTo(found(LICENCE, notice(jar)));
        }
    }

    private static String notice(JarFile jar) throws IOException {
        try (var in = jar.getInputStream(jar.getEntry("META-INF/NOTICE"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.groupCount() == 0 ? match.group() : match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
