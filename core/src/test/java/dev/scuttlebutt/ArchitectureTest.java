package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package may use which, read from the compiled classes. */
class ArchitectureTest {
    private static final String CORE = "dev.scuttlebutt";

    /** For each package, the packages of core that it may use beside itself. The root is the empty name. */
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "json", Set.of(),
            "", Set.of("json"),
            "types", Set.of("json", "", "types.crdt", "types.position", "types.sequence"),
            "types.crdt", Set.of("json", "", "types.position"),
            "types.position", Set.of("json"),
            "types.sequence", Set.of("json", ""),
            "wire", Set.of("json", ""),
            "security", Set.of("json", ""),
            "journal", Set.of("json", "", "wire"),
            "link", Set.of("json", "", "wire"));

    private static final JavaClasses CLASSES = importCore();

    private static JavaClasses importCore() {
        try {
            return new ClassFileImporter()
                    .importPath(Path.of(Replica.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the part of a package's name below the root of core. */
    private static String part(String packageName) {
        String below = packageName.substring(CORE.length());
        return below.isEmpty() ? "" : below.substring(1);
    }

    private static String packageOfTarget(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType().getPackageName();
    }

    @Test
    void core_usesOnlyJavaBaseAndJspecify() {
        Set<String> base = Object.class.getModule().getPackages();
        Set<String> others = new TreeSet<>();
        for (JavaClass user : CLASSES) {
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                String used = packageOfTarget(dependency);
                boolean primitive = used.isEmpty();
                if (!primitive
                        && !used.startsWith(CORE)
                        && !base.contains(used)
                        && !used.equals("org.jspecify.annotations")) {
                    others.add(dependency.getDescription());
                }
            }
        }

        assertThat(CLASSES.size()).isGreaterThan(40);
        assertThat(others).isEmpty();
    }

    @Test
    void packages_dependOneWay() {
        Set<String> others = new TreeSet<>();
        for (JavaClass user : CLASSES) {
            String part = part(user.getPackageName());
            assertThat(MAY_USE).as("the rule for %s", user.getPackageName()).containsKey(part);
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                String used = packageOfTarget(dependency);
                if (used.startsWith(CORE)
                        && !part(used).equals(part)
                        && !MAY_USE.get(part).contains(part(used))) {
                    others.add(dependency.getDescription());
                }
            }
        }

        assertThat(others).isEmpty();
    }

    @Test
    void noPackage_isCalledInternal() {
        assertThat(CLASSES).noneMatch(type -> type.getPackageName().contains("internal"));
    }
}
