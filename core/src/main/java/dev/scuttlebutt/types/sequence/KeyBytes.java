package dev.scuttlebutt.types.sequence;

import java.nio.charset.StandardCharsets;

/** Position keys as bytes whose unsigned order is that of {@code String.compareTo}. */
final class KeyBytes {
    /*
     * Each UTF-16 unit by itself in the manner of UTF-8, surrogates too: three bytes for those. The keys that we and
     * JavaScript peers make are ASCII, so a key takes its length.
     */
    private static final int MAX_BYTES_OF_UNIT = 3;

    byte[] bytes = new byte[64];
    int length;

    void set(String key) {
        int size = key.length();
        if (bytes.length < size) {
            bytes = new byte[size + (size >> 1)];
        }
        byte[] out = bytes;
        for (int i = 0; i < size; i++) {
            char unit = key.charAt(i);
            if (unit >= 0x80) {
                setAny(key);
                return;
            }
            out[i] = (byte) unit;
        }
        length = size;
    }

    private void setAny(String key) {
        int most = Math.multiplyExact(key.length(), MAX_BYTES_OF_UNIT);
        if (bytes.length < most) {
            bytes = new byte[most];
        }
        int at = 0;
        for (int i = 0; i < key.length(); i++) {
            char unit = key.charAt(i);
            if (unit < 0x80) {
                bytes[at++] = (byte) unit;
            } else if (unit < 0x800) {
                bytes[at++] = (byte) (0xC0 | unit >> 6);
                bytes[at++] = (byte) (0x80 | unit & 0x3F);
            } else {
                bytes[at++] = (byte) (0xE0 | unit >> 12);
                bytes[at++] = (byte) (0x80 | unit >> 6 & 0x3F);
                bytes[at++] = (byte) (0x80 | unit & 0x3F);
            }
        }
        length = at;
    }

    /** Gives up a large array, and with it the key. */
    void trim(int most) {
        if (bytes.length > most) {
            bytes = new byte[most];
            length = 0;
        }
    }

    /** Returns the key that consists of two parts. */
    static String text(byte[] first, byte[] second, int from, int to) {
        byte[] all = new byte[first.length + to - from];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, from, all, first.length, to - from);
        for (byte b : all) {
            if (b < 0) {
                return anyText(all);
            }
        }
        return new String(all, StandardCharsets.ISO_8859_1);
    }

    private static String anyText(byte[] all) {
        char[] units = new char[all.length];
        int n = 0;
        int at = 0;
        while (at < all.length) {
            int b = all[at];
            if (b >= 0) {
                units[n++] = (char) b;
                at++;
            } else if ((b & 0xE0) == 0xC0) {
                units[n++] = (char) ((b & 0x1F) << 6 | all[at + 1] & 0x3F);
                at += 2;
            } else {
                units[n++] = (char) ((b & 0x0F) << 12 | (all[at + 1] & 0x3F) << 6 | all[at + 2] & 0x3F);
                at += MAX_BYTES_OF_UNIT;
            }
        }
        return new String(units, 0, n);
    }
}
