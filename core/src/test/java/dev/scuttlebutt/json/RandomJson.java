package dev.scuttlebutt.json;

import java.util.Random;

/** Random values and spellings of JSON; the same seed gives the same sequence. */
final class RandomJson {
    private static final String[] KEYS = {
        "a", "b", "key", "", "1", "10", "01", "4294967294", "4294967295", "-1", "é", "__proto__"
    };
    private static final String[] WHITE = {"", "", "", "", " ", "\n", "\t", "\r", " \r\n\t "};
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "-1",
        "0.5",
        "1e3",
        "1E+2",
        "-2.50e-3",
        "1700000000000.0012",
        "12345678901234567890",
        "1e400",
        "5e-324"
    };

    private final Random random;

    RandomJson(long seed) {
        random = new Random(seed);
    }

    int next(int bound) {
        return random.nextInt(bound);
    }

    /** A value; without infinite numbers, which do not survive printing. */
    Json value(int depth) {
        int items = random.nextInt(random.nextInt(20) == 0 ? 30 : 4);
        switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> {
                return random.nextBoolean() ? Json.NULL : Json.of(random.nextBoolean());
            }
            case 1, 2 -> {
                return Json.of(number());
            }
            case 3, 4, 5 -> {
                return Json.of(string());
            }
            case 6 -> {
                Json[] values = new Json[items];
                for (int i = 0; i < items; i++) {
                    values[i] = value(depth - 1);
                }
                return JsonArray.ofOwned(values);
            }
            default -> {
                JsonObject.Builder builder = JsonObject.builder();
                for (int i = 0; i < items; i++) {
                    builder.put(
                            random.nextInt(3) == 0 ? string() : KEYS[random.nextInt(KEYS.length)], value(depth - 1));
                }
                return builder.build();
            }
        }
    }

    /** A text that is JSON, with white space, escapes and number forms that printing would not choose. */
    String text(int depth) {
        StringBuilder out = new StringBuilder();
        spell(depth, out);
        return out.toString();
    }

    private void spell(int depth, StringBuilder out) {
        white(out);
        int items = random.nextInt(4);
        switch (random.nextInt(depth > 0 ? 8 : 4)) {
            case 0 -> out.append(new String[] {"null", "true", "false"}[random.nextInt(3)]);
            case 1 -> out.append(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 2, 3 -> spellString(out);
            case 4, 5 -> {
                out.append('[');
                for (int i = 0; i < items; i++) {
                    out.append(i == 0 ? "" : ",");
                    spell(depth - 1, out);
                }
                white(out);
                out.append(']');
            }
            default -> {
                out.append('{');
                for (int i = 0; i < items; i++) {
                    out.append(i == 0 ? "" : ",");
                    white(out);
                    spellString(out);
                    white(out);
                    out.append(':');
                    spell(depth - 1, out);
                }
                white(out);
                out.append('}');
            }
        }
        white(out);
    }

    private void spellString(StringBuilder out) {
        out.append('"');
        String value = string();
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (unit < ' ' || unit == '"' || unit == '\\' || random.nextInt(10) == 0) {
                out.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) unit));
            } else {
                out.append(unit);
            }
        }
        out.append(random.nextInt(10) == 0 ? "\\/\\n\"" : "\"");
    }

    private void white(StringBuilder out) {
        out.append(WHITE[random.nextInt(WHITE.length)]);
    }

    private double number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(100) - 50;
            case 1 -> 1_700_000_000_000.0 + random.nextInt(1 << 24) / 4096.0;
            case 2 -> random.nextGaussian();
            default ->
                Double.longBitsToDouble(random.nextLong() & 0xffe0_0000_0000_0000L | random.nextInt() & 0xffffL)
                        % Double.MAX_VALUE;
        };
    }

    /** Mostly short ASCII; sometimes anything that UTF-16 allows but unpaired surrogates. */
    private String string() {
        int length = random.nextInt(random.nextInt(10) == 0 ? 60 : 12);
        boolean ascii = random.nextInt(3) != 0;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            if (ascii) {
                text.append((char) (' ' + random.nextInt(95)));
            } else {
                int point = random.nextInt(new int[] {0x80, 0x800, 0x10000, 0x110000}[random.nextInt(4)]);
                boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
                text.appendCodePoint(surrogate ? 'x' : point);
            }
        }
        return text.toString();
    }
}
