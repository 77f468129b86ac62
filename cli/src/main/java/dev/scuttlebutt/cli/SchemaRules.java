package dev.scuttlebutt.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --schema} says: which document is of which type. */
final class SchemaRules {
    private SchemaRules() {}

    /**
     * Takes rules apart.
     *
     * @param rules each {@code PATTERN=TYPE}
     * @throws IllegalArgumentException if one has no equals sign
     */
    static Map<String, String> parse(List<String> rules) {
        Map<String, String> parsed = new LinkedHashMap<>();
        for (String rule : rules) {
            int equals = rule.lastIndexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("expected PATTERN=TYPE, found \"" + rule + "\"");
            }
            parsed.put(rule.substring(0, equals), rule.substring(equals + 1));
        }
        return parsed;
    }
}
