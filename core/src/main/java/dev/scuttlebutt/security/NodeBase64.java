package dev.scuttlebutt.security;

import java.util.Arrays;
import java.util.Base64;

/** Base64 as Node reads it: whatever a peer accepts as the spelling of a signature must be accepted here. */
final class NodeBase64 {
    private NodeBase64() {}

    /**
     * Decodes any text. Both alphabets count, other characters are skipped, it ends at the first {@code =}, and a single
     * letter left over is dropped. O(length).
     *
     * @see "core-protocol, section 9"
     */
    static byte[] decode(String text) {
        byte[] bytes = new byte[(int) (text.length() * 3L / 4) + 2];
        int length = 0;
        int bits = 0;
        int pending = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=') {
                break;
            }
            int digit = digit(c);
            if (digit < 0) {
                continue;
            }
            bits = (bits << 6) | digit;
            pending += 6;
            if (pending >= 8) {
                pending -= 8;
                bytes[length++] = (byte) (bits >> pending);
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Encodes as Node does: with padding. */
    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static int digit(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
    }
}
