package dev.scuttlebutt.hub;

import java.nio.charset.StandardCharsets;

/** What a document may be called. */
final class DocumentName {
    private static final int MAX_BYTES = 200;

    private DocumentName() {}

    /**
     * Checks a name.
     *
     * @throws Refusal saying what is wrong
     */
    static String check(String name) {
        if (name.isEmpty()) {
            throw Refusal.badName("the name of a document is missing: the address ends in /replicate/NAME");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Refusal.badName("the name of a document has at most " + MAX_BYTES + " bytes");
        }
        for (int i = 0; i < name.length(); i++) {
            char unit = name.charAt(i);
            if (Character.isISOControl(unit) || unit == '\uFFFD' || Character.isSurrogate(unit) && isLone(name, i)) {
                throw Refusal.badName("the name of a document has no control characters and is valid UTF-8");
            }
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw Refusal.badName("no part of the name of a document is empty, \".\" or \"..\"");
            }
        }
        return name;
    }

    private static boolean isLone(String name, int at) {
        return Character.isHighSurrogate(name.charAt(at))
                ? at + 1 == name.length() || !Character.isLowSurrogate(name.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(name.charAt(at - 1));
    }
}
