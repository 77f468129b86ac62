package dev.scuttlebutt.testkit;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Makes of lines that a replica wrote what an enemy, a bad disk or a bad program may make of them: bytes for a link, a
 * journal or a store that expects lines of JSON.
 *
 * <p>About a half of the lines are as they were, so that what is hostile meets a state that is not empty. The others are
 * damaged in their bytes, changed in their values and spelled anew, made up from the grammar, or as long or as deep as
 * the limits or a little more.
 *
 * <p>Not safe for use by several threads. Costs time by the length of what is made.
 */
public final class HostileLines {
    private static final String[] TOKENS = {
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "null",
        "true",
        "SYNC",
        "\"SYNC\"",
        "\"clock\"",
        "\"id\"",
        "\"__proto__\"",
        "\\ud800",
        "\\u0000",
        "\\x",
        "1e400",
        "-1e400",
        "1e-400",
        "-0",
        "00",
        "1.",
        ".5",
        "+1",
        "NaN",
        "9007199254740993",
        "1e308",
        "-1",
        "0x10",
        "//",
        "\u0001",
        "\ufeff",
        "\u2028",
        "{\"clock\":{}}"
    };
    private static final int[] NASTY_BYTES = {
        0, 0x0a, 0x0d, 0x22, 0x5c, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff
    };

    private final Gen gen;
    private final List<byte[]> recorded;
    private final int maxLineBytes;
    private final int maxDepth;

    /**
     * Creates a generator.
     *
     * @param recorded lines with or without their line feed; at least one
     * @param maxLineBytes the limit of the reader, which some lines reach and some exceed
     * @param maxDepth as {@code maxLineBytes}, of nesting
     */
    public HostileLines(Gen gen, List<byte[]> recorded, int maxLineBytes, int maxDepth) {
        if (recorded.isEmpty()) {
            throw new IllegalArgumentException("there must be a line to begin with");
        }
        this.gen = gen;
        this.recorded = List.copyOf(recorded);
        this.maxLineBytes = maxLineBytes;
        this.maxDepth = maxDepth;
    }

    /** Returns some lines, the last of them at times without its line feed. */
    public byte[] lines(int atMost) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = gen.between(1, atMost); i > 0; i--) {
            all.writeBytes(line());
            if (i > 1 ? !gen.oneIn(60) : !gen.oneIn(4)) {
                all.write('\n');
            }
        }
        return all.toByteArray();
    }

    /**
     * Returns one line without line feed, unless the damage is one: whoever reads it may find several.
     */
    public byte[] line() {
        byte[] line = withoutLineFeed(gen.pick(recorded));
        return switch (gen.below(16)) {
            case 0, 1 -> damaged(line);
            case 2 -> damaged(damaged(line));
            case 3, 4, 5 -> utf8(spelled(changed(line)));
            case 6 -> utf8(spelled(update()));
            case 7 -> utf8(spelled(handshake()));
            case 8 -> gen.oneIn(8) ? extreme() : utf8(spelled(gen.json()));
            default -> line;
        };
    }

    /** Returns the bytes with one to three places changed, cut out, repeated or put elsewhere. */
    public byte[] damaged(byte[] bytes) {
        byte[] damaged = bytes;
        for (int hits = gen.between(1, 3); hits > 0; hits--) {
            damaged = hit(damaged);
        }
        return damaged;
    }

    private byte[] hit(byte[] bytes) {
        int at = gen.below(bytes.length + 1);
        int end = Math.min(bytes.length, at + gen.lowBetween(1, Math.max(2, bytes.length / 2)));
        return switch (gen.below(8)) {
            case 0 -> spliced(bytes, at, Math.min(bytes.length, at + 1), new byte[] {(byte) gen.below(256)});
            case 1 -> spliced(bytes, at, Math.min(bytes.length, at + 1), nastyByte());
            case 2 -> spliced(bytes, at, at, nastyByte());
            case 3 -> spliced(bytes, at, at, utf8(TOKENS[gen.below(TOKENS.length)]));
            case 4 -> spliced(bytes, at, end, utf8(TOKENS[gen.below(TOKENS.length)]));
            case 5 -> spliced(bytes, at, end, new byte[0]);
            case 6 -> spliced(bytes, at, at, slice(bytes, at, end));
            default -> {
                byte[] other = withoutLineFeed(gen.pick(recorded));
                int from = gen.below(other.length + 1);
                yield spliced(bytes, at, gen.percent(50) ? at : bytes.length, slice(other, from, other.length));
            }
        };
    }

    private byte[] nastyByte() {
        return new byte[] {(byte) NASTY_BYTES[gen.below(NASTY_BYTES.length)]};
    }

    /** Changes a value somewhere in the line, in an update mostly in its change. */
    private Json changed(byte[] line) {
        Json value;
        try {
            value = Json.parse(new String(line, StandardCharsets.UTF_8));
        } catch (JsonException alreadyDamaged) {
            return update();
        }
        if (value instanceof JsonArray update && update.size() >= 3 && gen.percent(70)) {
            List<Json> parts = new ArrayList<>(update.toList());
            parts.set(0, gen.mutated(parts.get(0)));
            if (gen.oneIn(3)) {
                parts.set(1, Json.of(timestamp()));
            }
            return JsonArray.of(parts);
        }
        return gen.mutated(value);
    }

    private Json update() {
        List<Json> parts = new ArrayList<>(List.of(gen.json(), Json.of(timestamp()), Json.of(source())));
        if (gen.oneIn(4)) {
            parts.add(gen.json());
        }
        return JsonArray.of(parts);
    }

    private double timestamp() {
        return gen.percent(70) ? ManualTime.START + gen.between(-1000, 1000) : gen.number();
    }

    private String source() {
        return gen.percent(70) ? "enemy" + gen.below(3) : gen.text();
    }

    private Json handshake() {
        JsonObject.Builder clock = JsonObject.builder();
        for (int i = gen.lowBetween(0, 6); i > 0; i--) {
            clock.put(source(), gen.percent(80) ? Json.of(timestamp()) : gen.json());
        }
        JsonObject.Builder fields = JsonObject.builder();
        fields.put("id", gen.percent(80) ? Json.of(source()) : gen.json());
        fields.put("clock", gen.percent(90) ? clock.build() : gen.json());
        if (gen.oneIn(3)) {
            fields.put(gen.percent(50) ? "meta" : gen.text(), gen.json());
        }
        return fields.build();
    }

    /** Something at a limit, one below it or one above it. */
    private byte[] extreme() {
        int off = gen.between(-1, 1);
        return switch (gen.below(4)) {
            case 0 -> utf8("[\"" + "x".repeat(Math.max(0, maxLineBytes + off - 4)) + "\"]");
            case 1 -> {
                int depth = maxDepth + off;
                yield utf8("[" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + ",1,\"enemy0\"]");
            }
            // Never closed, and so deep that whoever recurses without a limit falls over.
            case 2 -> utf8((gen.percent(50) ? "[" : "{\"a\":").repeat(maxLineBytes / 5));
            default -> utf8("[0," + "9".repeat(gen.between(1, Math.max(2, maxLineBytes - 20))) + ",\"enemy0\"]");
        };
    }

    // Spelling

    /** Writes a value with white space and escapes that our own writer never uses. */
    private String spelled(Json value) {
        if (gen.percent(60)) {
            return value.toString();
        }
        StringBuilder text = new StringBuilder();
        spell(value, text);
        return text.toString();
    }

    private void spell(Json value, StringBuilder text) {
        space(text);
        if (value instanceof JsonArray array) {
            String separator = "[";
            for (Json item : array.toList()) {
                text.append(separator);
                spell(item, text);
                separator = ",";
            }
            text.append(array.size() == 0 ? "[]" : "]");
        } else if (value instanceof JsonObject object) {
            String separator = "{";
            for (Map.Entry<String, Json> member : object.entries()) {
                text.append(separator);
                spell(Json.of(member.getKey()), text);
                text.append(':');
                spell(member.getValue(), text);
                separator = ",";
            }
            text.append(object.size() == 0 ? "{}" : "}");
        } else {
            text.append(gen.percent(30) ? escaped(value.toString()) : value.toString());
        }
        space(text);
    }

    private void space(StringBuilder text) {
        if (gen.oneIn(4)) {
            text.append(gen.pick(List.of(" ", "\t", "\r", "  \t")));
        }
    }

    /** Spells the plain letters and digits of a text as escapes; leaves what is no text as it is. */
    private String escaped(String scalar) {
        if (scalar.charAt(0) != '"' || scalar.indexOf('\\') >= 0) {
            return scalar;
        }
        StringBuilder text = new StringBuilder("\"");
        for (int i = 1; i < scalar.length() - 1; i++) {
            text.append(String.format(gen.percent(50) ? "\\u%04x" : "\\u%04X", (int) scalar.charAt(i)));
        }
        return text.append('"').toString();
    }

    // Bytes

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] withoutLineFeed(byte[] line) {
        boolean has = line.length > 0 && line[line.length - 1] == '\n';
        return has ? slice(line, 0, line.length - 1) : line;
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(bytes.length + between.length);
        whole.write(bytes, 0, from);
        whole.writeBytes(between);
        whole.write(bytes, to, bytes.length - to);
        return whole.toByteArray();
    }
}
