package dev.scuttlebutt.json;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Prints doubles as ECMAScript's {@code Number::toString} does: the shortest digits that read back as the same double,
 * of those the closest to it, in ECMAScript's layout.
 *
 * @see <a href="https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f">R. Giulietti, The Schubfach way to
 *     render doubles</a>
 * @see <a href="https://tc39.es/ecma262/#sec-numeric-types-number-tostring">Number::toString</a>
 */
final class EcmaNumber {
    /*
     * A double v = c·2^q is the only double in an interval R around it, whose ends are half-way to its neighbours. Let
     * 10^k be the largest power of ten not above the width of R. Then R holds at most one multiple of 10^(k+1), and at
     * least one of 10^k. If there is one of the former, it is the shortest; otherwise the multiple of 10^k closest to v.
     * Schubfach ("pigeonhole") finds the multiples of 10^k around v by one multiplication of 4c, 4c-2 and 4c+2 with
     * 2^q·10^-k. A 126-bit approximation g of the power suffices, provided that the bits cut off the product are folded
     * into its lowest bit ("round to odd"): the paper proves that comparisons then come out as for exact values.
     *
     * Java's own printer insists on two digits, ECMAScript does not; hence 5e-324 here and 4.9E-324 there.
     */

    /** More bytes than any number needs; {@code -0.0000012345678901234567} is among the longest. */
    static final int MAX_LENGTH = 32;

    private static final int FRACTION_BITS = 52;
    private static final int EXPONENT_BIAS = 1075;
    private static final int LEAST_EXPONENT = -1074;
    private static final long IMPLICIT_BIT = 1L << FRACTION_BITS;
    private static final long TWO_TO_53 = 1L << 53;
    private static final long MASK_63 = Long.MAX_VALUE;
    private static final int WORKING_BITS = 256;

    // From floor(-1074·log10(2)) to floor(971·log10(2)).
    static final int LEAST_K = -324;
    static final int GREATEST_K = 292;

    // Logarithms as fixed-point numbers; a test compares them with exact powers over the whole range.
    private static final int LOG_SHIFT = 41;
    private static final long LOG10_OF_2 = 661_971_961_083L;
    private static final long LOG10_OF_THREE_QUARTERS = -274_743_187_321L;
    private static final int LOG2_SHIFT = 38;
    private static final long LOG2_OF_10 = 913_124_641_741L;

    /** For each k the high and the low 63 bits of g = floor(10^-k · 2^s) + 1, scaled to 126 bits. */
    private static final long[] POWERS = powers();

    /*
     * Milliseconds from November 2004 to September 2039 are c·2^-12: thirteen digits, and a 4096th part. Which decimals tell
     * it from its neighbours does not depend on the digits before: the interval reaches no whole number. Every update has
     * such a number, so the decimals of each part are found once. Four are always enough, since 10^-4 < 2^-12.
     */
    private static final int TIMESTAMP_PART_BITS = 12;
    private static final int TIMESTAMP_PARTS = 1 << TIMESTAMP_PART_BITS;
    private static final int TIMESTAMP_EXPONENT = EXPONENT_BIAS - TIMESTAMP_PART_BITS;
    private static final int TIMESTAMP_DIGITS = 13;
    private static final int[] TIMESTAMP_DECIMALS = new int[TIMESTAMP_PARTS];

    private static final byte[] PAIRS = pairs();
    private static final long[] TENS = tens();

    private EcmaNumber() {}

    static String text(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        byte[] out = new byte[MAX_LENGTH];
        return new String(out, 0, write(value, out, 0), StandardCharsets.ISO_8859_1);
    }

    /**
     * Prints a finite number.
     *
     * @param out has at least {@link #MAX_LENGTH} bytes from {@code at} on
     * @return the position after the last byte
     */
    static int write(double value, byte[] out, int at) {
        double magnitude = Math.abs(value);
        if (value < 0) {
            out[at++] = '-';
        }
        long whole = (long) magnitude;
        if (whole == magnitude && whole < TWO_TO_53) {
            int length = digitCount(whole);
            digits(whole, length, out, at);
            return at + length;
        }
        long bits = Double.doubleToRawLongBits(magnitude);
        int biased = (int) (bits >>> FRACTION_BITS);
        long fraction = bits & (IMPLICIT_BIT - 1);
        if (biased == TIMESTAMP_EXPONENT) {
            return timestamp(fraction | IMPLICIT_BIT, out, at);
        }
        return biased == 0
                ? shortest(fraction, LEAST_EXPONENT, out, at)
                : shortest(fraction | IMPLICIT_BIT, biased - EXPONENT_BIAS, out, at);
    }

    /** Prints c·2^-12, which is no whole number. */
    private static int timestamp(long c, byte[] out, int at) {
        int part = (int) c & TIMESTAMP_PARTS - 1;
        int decimals = TIMESTAMP_DECIMALS[part];
        if (decimals == 0) {
            // Threads that do the same find the same.
            decimals = timestampDecimals(part);
            TIMESTAMP_DECIMALS[part] = decimals;
        }
        digits(c >>> TIMESTAMP_PART_BITS, TIMESTAMP_DIGITS, out, at);
        at += TIMESTAMP_DIGITS;
        out[at] = '.';
        pair(decimals >>> 8 & 0xFF, out, at + 1);
        pair(decimals & 0xFF, out, at + 3);
        return at + 1 + (decimals >>> 16);
    }

    /** Returns how many decimals tell a part of 4096 from its neighbours, and in two bytes four decimals, the rest zeros. */
    private static int timestampDecimals(int part) {
        int ten = 10;
        int count = 1;
        while (true) {
            // In units of 1/4096/ten, in which the ends of the interval are half of ten away.
            int exact = part * ten;
            int up = exact + TIMESTAMP_PARTS / 2;
            int closest = up >> TIMESTAMP_PART_BITS;
            if ((up & TIMESTAMP_PARTS - 1) == 0) {
                // Half-way: the even one.
                closest &= ~1;
            }
            int twice = Math.abs((closest << TIMESTAMP_PART_BITS) - exact) << 1;
            if (twice < ten || twice == ten && (part & 1) == 0) {
                int four = closest * (10_000 / ten);
                return count << 16 | four / 100 << 8 | four % 100;
            }
            ten *= 10;
            count++;
        }
    }

    /** Prints c·2^q. */
    private static int shortest(long c, int q, byte[] out, int at) {
        long parity = c & 1;
        long middle = c << 2;
        long right = middle + 2;
        long left;
        int k;
        if (c != IMPLICIT_BIT || q == LEAST_EXPONENT) {
            left = middle - 2;
            k = log10OfPowerOf2(q);
        } else {
            // The neighbour below a power of two is only half as far away.
            left = middle - 1;
            k = log10OfThreeQuartersOfPowerOf2(q);
        }
        int shift = q + log2OfPowerOf10(-k) + 2;
        int entry = (k - LEAST_K) << 1;
        long high = POWERS[entry];
        long low = POWERS[entry + 1];
        long v = roundToOdd(high, low, middle << shift);
        // An odd c does not own the ends of its interval.
        long vLeft = roundToOdd(high, low, left << shift) + parity;
        long vRight = roundToOdd(high, low, right << shift) - parity;

        long s = v >> 2;
        long tenBelow = s / 10 * 10;
        boolean belowInside = vLeft <= tenBelow << 2;
        boolean aboveInside = (tenBelow + 10) << 2 <= vRight;
        if (belowInside != aboveInside) {
            return layout(belowInside ? tenBelow : tenBelow + 10, k, out, at);
        }
        boolean sInside = vLeft <= s << 2;
        boolean tInside = (s + 1) << 2 <= vRight;
        if (sInside != tInside) {
            return layout(sInside ? s : s + 1, k, out, at);
        }
        long toMiddle = v - (s + s + 1 << 1);
        boolean down = toMiddle < 0 || toMiddle == 0 && (s & 1) == 0;
        return layout(down ? s : s + 1, k, out, at);
    }

    private static long roundToOdd(long high, long low, long factor) {
        long lowProduct = Math.multiplyHigh(low, factor);
        long middleProduct = (high * factor >>> 1) + lowProduct;
        long highProduct = Math.multiplyHigh(high, factor) + (middleProduct >>> 63);
        return highProduct | (middleProduct & MASK_63) + MASK_63 >>> 63;
    }

    /** Prints s·10^k. */
    private static int layout(long s, int k, byte[] out, int at) {
        while (true) {
            long tenth = s / 10;
            if (tenth * 10 != s) {
                break;
            }
            s = tenth;
            k++;
        }
        int length = digitCount(s);
        int point = length + k;
        if (0 < point && point <= 21) {
            if (length <= point) {
                digits(s, length, out, at);
                return zeros(out, at + length, point - length);
            }
            // The digits go one place to the right of their home; those before the point then move back.
            digits(s, length, out, at + 1);
            System.arraycopy(out, at + 1, out, at, point);
            out[at + point] = '.';
            return at + length + 1;
        }
        if (-6 < point && point <= 0) {
            out[at] = '0';
            out[at + 1] = '.';
            at = zeros(out, at + 2, -point);
            digits(s, length, out, at);
            return at + length;
        }
        digits(s, length, out, at + 1);
        out[at] = out[at + 1];
        if (length > 1) {
            out[at + 1] = '.';
            at += length + 1;
        } else {
            at++;
        }
        out[at++] = 'e';
        int exponent = point - 1;
        out[at++] = (byte) (exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        int places = digitCount(size);
        digits(size, places, out, at);
        return at + places;
    }

    private static int zeros(byte[] out, int at, int count) {
        for (int i = 0; i < count; i++) {
            out[at++] = '0';
        }
        return at;
    }

    /** Returns how many decimal digits a number below 10^18 has; one for zero. */
    static int digitCount(long value) {
        // 1233/4096 is a little more than log10(2).
        int guess = (64 - Long.numberOfLeadingZeros(value | 1)) * 1233 >>> 12;
        return value < TENS[guess] ? Math.max(guess, 1) : guess + 1;
    }

    private static void digits(long value, int count, byte[] out, int at) {
        int end = at + count;
        while (value > Integer.MAX_VALUE) {
            long rest = value / 100_000_000;
            int eight = (int) (value - rest * 100_000_000);
            int upper = eight / 10_000;
            int lower = eight - upper * 10_000;
            pair(upper / 100, out, end - 8);
            pair(upper % 100, out, end - 6);
            pair(lower / 100, out, end - 4);
            pair(lower % 100, out, end - 2);
            end -= 8;
            value = rest;
        }
        int small = (int) value;
        while (end - at >= 2) {
            int rest = small / 100;
            pair(small - rest * 100, out, end - 2);
            end -= 2;
            small = rest;
        }
        if (end > at) {
            out[at] = (byte) ('0' + small);
        }
    }

    private static void pair(int value, byte[] out, int at) {
        out[at] = PAIRS[value << 1];
        out[at + 1] = PAIRS[(value << 1) + 1];
    }

    /** floor(log10(2^e)). */
    static int log10OfPowerOf2(int e) {
        return (int) (e * LOG10_OF_2 >> LOG_SHIFT);
    }

    /** floor(log10(3/4 · 2^e)). */
    static int log10OfThreeQuartersOfPowerOf2(int e) {
        return (int) (e * LOG10_OF_2 + LOG10_OF_THREE_QUARTERS >> LOG_SHIFT);
    }

    /** floor(log2(10^e)). */
    static int log2OfPowerOf10(int e) {
        return (int) (e * LOG2_OF_10 >> LOG2_SHIFT);
    }

    private static long[] powers() {
        // 256 bits lose less than 2^-240 of their value by the 324th step. That this never changes the leading 126 bits
        // is
        // no theorem but a fact: a test compares all of them with exact powers.
        long[] powers = new long[(GREATEST_K - LEAST_K + 1) * 2];
        BigInteger up = BigInteger.ONE.shiftLeft(WORKING_BITS - 1);
        BigInteger down = up;
        store(powers, 0, up);
        for (int e = 1; e <= -LEAST_K; e++) {
            up = up.multiply(BigInteger.TEN);
            up = up.shiftRight(up.bitLength() - WORKING_BITS);
            store(powers, -e, up);
            if (e <= GREATEST_K) {
                down = down.shiftLeft(4).divide(BigInteger.TEN);
                down = down.shiftRight(down.bitLength() - WORKING_BITS);
                store(powers, e, down);
            }
        }
        return powers;
    }

    private static void store(long[] powers, int k, BigInteger power) {
        BigInteger g = power.shiftRight(WORKING_BITS - 126);
        int entry = (k - LEAST_K) << 1;
        powers[entry] = g.shiftRight(63).longValue();
        powers[entry + 1] = (g.longValue() & MASK_63) + 1;
    }

    /** The approximation g of 10^-k, for the test. */
    static BigInteger power(int k) {
        int entry = (k - LEAST_K) << 1;
        return BigInteger.valueOf(POWERS[entry]).shiftLeft(63).add(BigInteger.valueOf(POWERS[entry + 1]));
    }

    private static byte[] pairs() {
        byte[] pairs = new byte[200];
        for (int i = 0; i < 100; i++) {
            pairs[i << 1] = (byte) ('0' + i / 10);
            pairs[(i << 1) + 1] = (byte) ('0' + i % 10);
        }
        return pairs;
    }

    private static long[] tens() {
        long[] tens = new long[19];
        long ten = 1;
        for (int i = 0; i < tens.length; i++) {
            tens[i] = ten;
            ten *= 10;
        }
        return tens;
    }
}
