package dev.scuttlebutt.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The lexical half of {@link JsonReader}: strings, numbers, words, punctuation, and what to say when they are wrong. */
abstract sealed class JsonScanner permits JsonReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final int EXPONENT_LIMIT = 100_000_000;
    private static final long UPPER_HALVES = 0xF0F0_F0F0_F0F0_F0F0L;
    private static final char[] NO_UNITS = {};
    private static final char REPLACEMENT = '\uFFFD';

    private static final int MAX_KEPT_UNITS = 1 << 12;

    byte[] bytes;
    int from;
    int to;

    /** Whether the bytes were made from a {@code String}: they may encode unpaired surrogates, offsets count units. */
    boolean text;

    int pos;
    boolean malformed;

    // What scanString and scanNumber learned.
    private boolean plain;
    private boolean ascii;
    private boolean negative;
    private double quick;

    private char[] units = NO_UNITS;

    JsonScanner(byte[] bytes, int from, int to, boolean text) {
        Objects.checkFromToIndex(from, to, bytes.length);
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.text = text;
        this.pos = from;
    }

    void restart(byte[] bytes, int from, int to) {
        Objects.checkFromToIndex(from, to, bytes.length);
        if (this.bytes != bytes) {
            this.bytes = bytes;
        }
        this.from = from;
        this.to = to;
        this.text = false;
        this.pos = from;
        this.malformed = false;
        if (units.length > MAX_KEPT_UNITS) {
            units = NO_UNITS;
        }
    }

    void skipWhitespace() {
        while (pos < to && isWhitespace(bytes[pos])) {
            pos++;
        }
    }

    void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (pos == to || bytes[pos] != word.charAt(i)) {
                throw unexpected(word, pos);
            }
            pos++;
        }
    }

    String string() {
        int start = pos + 1;
        int end = scanString();
        pos = end + 1;
        if (!plain) {
            return decode(start, end);
        }
        return new String(bytes, start, end - start, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    /** Checks a string whose opening quote is next; returns the index of the closing one. */
    int scanString() {
        plain = true;
        ascii = true;
        int p = pos + 1;
        while (true) {
            while (p + Long.BYTES <= to) {
                int ordinary = ordinary((long) LONG.get(bytes, p));
                p += ordinary;
                if (ordinary < Long.BYTES) {
                    break;
                }
            }
            if (p >= to) {
                throw unexpected("'\"' at the end of the string", to);
            }
            byte b = bytes[p];
            if (b == '"') {
                return p;
            }
            if (b < 0) {
                p = scanCharacter(p);
            } else if (b == '\\') {
                plain = false;
                p = scanEscape(p);
            } else if (b < ' ') {
                throw unexpected("an escape instead of a raw control character", p);
            } else {
                p++;
            }
        }
    }

    /** Returns how many of eight bytes come before one that is above 0x7F, a control character, a quote or a backslash. */
    private static int ordinary(long eight) {
        // Subtracting sets the highest bit of a byte that is too small. It may also borrow from the bytes after that
        // one,
        // which is why only the first hit counts.
        long quote = (eight ^ ONES * '"') - ONES;
        long backslash = (eight ^ ONES * '\\') - ONES;
        long control = eight - ONES * ' ';
        return Long.numberOfTrailingZeros((eight | quote | backslash | control) & HIGHS) >> 3;
    }

    private int scanCharacter(int p) {
        ascii = false;
        int length = Utf8.length(bytes, p, to, text);
        if (length < 0) {
            malformed = true;
            plain = false;
            return p - length;
        }
        if (text && length == 3 && bytes[p] == (byte) 0xED && (bytes[p + 1] & 0xFF) >= 0xA0) {
            plain = false;
        }
        return p + length;
    }

    private int scanEscape(int backslash) {
        int p = backslash + 1;
        switch (p < to ? bytes[p] : 0) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return p + 1;
            }
            case 'u' -> {
                for (int i = 1; i <= 4; i++) {
                    if (p + i >= to || Character.digit(bytes[p + i], 16) < 0) {
                        throw unexpected("four hexadecimal digits after \\u", Math.min(p + i, to));
                    }
                }
                return p + 5;
            }
            default -> throw unexpected("one of \" \\ / b f n r t u after a backslash", Math.min(p, to));
        }
    }

    /** Decodes a string that {@link #scanString} has checked. */
    private String decode(int start, int end) {
        if (units.length < end - start) {
            units = new char[Math.max(end - start, 64)];
        }
        char[] out = units;
        int n = 0;
        int p = start;
        while (p < end) {
            byte b = bytes[p];
            if (b == '\\') {
                byte letter = bytes[p + 1];
                out[n++] = letter == 'u' ? hex(p + 2) : unescape(letter);
                p += letter == 'u' ? 6 : 2;
            } else if (b >= 0) {
                out[n++] = (char) b;
                p++;
            } else {
                int length = Utf8.length(bytes, p, to, text);
                if (length < 0) {
                    out[n++] = REPLACEMENT;
                    p -= length;
                } else {
                    n += Character.toChars(Utf8.codePoint(bytes, p, length), out, n);
                    p += length;
                }
            }
        }
        return new String(out, 0, n);
    }

    private char hex(int p) {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            unit = unit << 4 | Character.digit(bytes[p + i], 16);
        }
        return (char) unit;
    }

    private static char unescape(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> (char) letter;
        };
    }

    double number() {
        int start = pos;
        pos = scanNumber();
        double magnitude = Double.isNaN(quick) ? DecimalReader.slow(bytes, negative ? start + 1 : start, pos) : quick;
        return negative ? -magnitude : magnitude;
    }

    /** Checks the number that begins here; returns the index after it. Sets {@link #quick} to its magnitude or NaN. */
    int scanNumber() {
        int p = pos;
        negative = bytes[p] == '-';
        if (negative) {
            p++;
        }
        int first = p;
        long digits = 0;
        int count = 0;
        int exponent = 0;
        int digit;
        if (p + Long.BYTES <= to && isEightDigits((long) LONG.get(bytes, p))) {
            // Timestamps have thirteen before the point.
            digits = eightDigits((long) LONG.get(bytes, p));
            count = Long.BYTES;
            p += Long.BYTES;
        }
        while ((digit = digit(p)) >= 0) {
            if (count < DecimalReader.MAX_DIGITS) {
                digits = digits * 10 + digit;
            }
            count++;
            p++;
        }
        if (p == first) {
            throw unexpected("a digit", p);
        }
        if (bytes[first] == '0' && p > first + 1) {
            throw unexpected("no digit after a leading zero", first + 1);
        }
        if (p < to && bytes[p] == '.') {
            int fraction = ++p;
            while ((digit = digit(p)) >= 0) {
                if (count < DecimalReader.MAX_DIGITS) {
                    digits = digits * 10 + digit;
                }
                count++;
                p++;
            }
            if (p == fraction) {
                throw unexpected("a digit after the decimal point", p);
            }
            exponent = fraction - p;
        }
        if (p < to && (bytes[p] | 0x20) == 'e') {
            p++;
            boolean minus = p < to && bytes[p] == '-';
            if (minus || p < to && bytes[p] == '+') {
                p++;
            }
            int firstOfExponent = p;
            int explicit = 0;
            while ((digit = digit(p)) >= 0) {
                explicit = Math.min(explicit * 10 + digit, EXPONENT_LIMIT);
                p++;
            }
            if (p == firstOfExponent) {
                throw unexpected("a digit of the exponent", p);
            }
            exponent += minus ? -explicit : explicit;
        }
        quick = count <= DecimalReader.MAX_DIGITS ? DecimalReader.quick(digits, exponent) : Double.NaN;
        return p;
    }

    private static boolean isEightDigits(long eight) {
        // The upper half of each byte is 3, also when 6 is added to the lower half, which takes any above 9 to 4.
        return ((eight | eight + ONES * 6) & UPPER_HALVES) == ONES * '0' && (eight & UPPER_HALVES) == ONES * '0';
    }

    /** Returns the value of eight digits, of which the first is in the lowest byte. */
    private static long eightDigits(long eight) {
        long pairs = (eight & ONES * 0x0F) * (10 << 8 | 1) >>> 8 & 0x00FF_00FF_00FF_00FFL;
        long fours = pairs * (100 << 16 | 1) >>> 16 & 0x0000_FFFF_0000_FFFFL;
        return fours * (10_000L << 32 | 1) >>> 32;
    }

    private int digit(int p) {
        int digit = p < to ? bytes[p] - '0' : -1;
        return digit <= 9 ? digit : -1;
    }

    boolean isNext(char wanted) {
        skipWhitespace();
        return pos < to && bytes[pos] == wanted;
    }

    void comma(String expected) {
        if (!isNext(',')) {
            throw unexpected(expected, pos);
        }
        pos++;
    }

    void checkName() {
        if (pos == to || bytes[pos] != '"') {
            throw unexpected("a member name in double quotes", pos);
        }
    }

    void colon() {
        if (!isNext(':')) {
            throw unexpected("':'", pos);
        }
        pos++;
    }

    String name() {
        checkName();
        String name = string();
        colon();
        return name;
    }

    private static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    int offset(int at) {
        return text ? Utf8.units(bytes, from, at) : at;
    }

    JsonException unexpected(String expected, int at) {
        return new JsonException("expected " + expected + ", found " + found(at), offset(at));
    }

    private String found(int at) {
        if (at >= to) {
            return "the end of the text";
        }
        byte b = bytes[at];
        if (b > ' ' && b < 0x7F) {
            return "'" + (char) b + "'";
        }
        int length = b >= 0 ? 1 : Utf8.length(bytes, at, to, text);
        if (length < 0) {
            return String.format("the byte 0x%02X, which is not UTF-8", b & 0xFF);
        }
        return String.format("U+%04X", b >= 0 ? b : Utf8.codePoint(bytes, at, length));
    }
}
