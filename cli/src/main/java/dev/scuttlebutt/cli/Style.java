package dev.scuttlebutt.cli;

/** Text for people: with colours where they are welcome, and without what a terminal would obey. */
final class Style {
    private final boolean colours;

    Style(boolean colours) {
        this.colours = colours;
    }

    String strong(String text) {
        return code("1", text);
    }

    String faint(String text) {
        return code("2", text);
    }

    String good(String text) {
        return code("32", text);
    }

    String bad(String text) {
        return code("31", text);
    }

    String name(String text) {
        return code("36", text);
    }

    private String code(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /**
     * Spells out control characters and those that turn the direction of text: a peer must not be able to move the
     * cursor.
     */
    static String harmless(String text) {
        if (text.chars().noneMatch(Style::isHarmful)) {
            return text;
        }
        StringBuilder spelled = new StringBuilder();
        text.chars().forEach(unit -> {
            if (isHarmful(unit)) {
                spelled.append(String.format("\\u%04x", unit));
            } else {
                spelled.append((char) unit);
            }
        });
        return spelled.toString();
    }

    private static boolean isHarmful(int unit) {
        return Character.isISOControl(unit)
                || unit == 0x061C
                || unit == 0x200E
                || unit == 0x200F
                || (unit >= 0x2028 && unit <= 0x202E)
                || (unit >= 0x2066 && unit <= 0x2069);
    }
}
