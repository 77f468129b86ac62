package dev.scuttlebutt.json;

import java.nio.charset.StandardCharsets;

/** UTF-8 as browsers and Node decode it, and its extension to unpaired surrogates. */
final class Utf8 {
    /*
     * Malformed input becomes one U+FFFD per "maximal subpart": the longest piece that could begin a character, else one
     * byte (Unicode, section 3.9; WHATWG Encoding). The JDK differs for encoded surrogates, hence our own.
     *
     * Text given as a String may hold unpaired surrogates, which UTF-8 cannot express. It is encoded as if it could
     * ("WTF-8"), and the reader of such bytes is told to accept that.
     */

    private Utf8() {}

    /**
     * Returns the length of the character that begins with a byte above 0x7F, or, negated, the length of the malformed
     * piece that begins there.
     *
     * @param surrogates whether encoded surrogates count as characters
     */
    static int length(byte[] bytes, int at, int to, boolean surrogates) {
        int first = bytes[at] & 0xFF;
        if (first < 0xC2 || first > 0xF4) {
            return -1;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int greatest = first == 0xED && !surrogates ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        for (int i = 1; i < length; i++) {
            int next = at + i < to ? bytes[at + i] & 0xFF : 0;
            if (next < least || next > greatest) {
                return -i;
            }
            least = 0x80;
            greatest = 0xBF;
        }
        return length;
    }

    /** Returns the code point of a character of which {@link #length} said that it is well-formed. */
    static int codePoint(byte[] bytes, int at, int length) {
        int bits = bytes[at] & 0xFF >> length + 1;
        for (int i = 1; i < length; i++) {
            bits = bits << 6 | bytes[at + i] & 0x3F;
        }
        return bits;
    }

    /** Returns the UTF-8 bytes of a text, with unpaired surrogates encoded like other characters. */
    static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUnpaired(text, i)) {
                return encodeUnpaired(text);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns whether the unit at an index is a surrogate without its other half. */
    static boolean isUnpaired(CharSequence text, int at) {
        char unit = text.charAt(at);
        if (!Character.isSurrogate(unit)) {
            return false;
        }
        return Character.isHighSurrogate(unit)
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }

    /** Returns how many UTF-16 units well-formed bytes decode to. */
    static int units(byte[] bytes, int from, int to) {
        int units = 0;
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xFF;
            if (b < 0x80 || b >= 0xC0) {
                units += b < 0xF0 ? 1 : 2;
            }
        }
        return units;
    }

    private static byte[] encodeUnpaired(String text) {
        JsonWriter out = new JsonWriter(text.length() + 16);
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isUnpaired(text, i)) {
                out.writeRaw(text.substring(done, i).getBytes(StandardCharsets.UTF_8));
                char unit = text.charAt(i);
                out.writeByte(0xE0 | unit >> 12);
                out.writeByte(0x80 | unit >> 6 & 0x3F);
                out.writeByte(0x80 | unit & 0x3F);
                done = i + 1;
            }
        }
        out.writeRaw(text.substring(done).getBytes(StandardCharsets.UTF_8));
        return out.toBytes();
    }
}
