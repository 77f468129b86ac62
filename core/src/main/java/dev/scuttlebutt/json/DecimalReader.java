package dev.scuttlebutt.json;

import java.nio.charset.StandardCharsets;

/** Turns the digits of a JSON number into the nearest double, ties to even. */
final class DecimalReader {
    /*
     * Most numbers are exact in a few steps: an integer below 2^53 and a power of ten up to 10^22 are both doubles, so
     * one multiplication or division of them is rounded once, correctly. Timestamps with four decimals have 17 digits and
     * miss that; for them the integer division below finds 55 or 56 bits of the quotient and whether anything remains,
     * which is all that rounding to 53 bits needs. Everything else goes to the JDK, whose parser is correctly rounded and
     * takes linear time.
     */

    /** Digits that are collected in a long; a million digits cost no more than a look at each. */
    static final int MAX_DIGITS = 18;

    private static final long TWO_TO_53 = 1L << 53;
    private static final int QUOTIENT_BITS = 55;
    private static final int MAX_INTEGER_POWER = 10;
    private static final double[] DOUBLE_TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long[] LONG_TENS = {
        1L, 10L, 100L, 1000L, 10_000L, 100_000L, 1_000_000L, 10_000_000L, 100_000_000L, 1_000_000_000L, 10_000_000_000L
    };

    private DecimalReader() {}

    /**
     * Returns the magnitude of digits·10^exponent, or NaN if that takes the slow way.
     *
     * @param digits below 10^18
     */
    static double quick(long digits, int exponent) {
        if (digits == 0) {
            return 0;
        }
        if (digits < TWO_TO_53) {
            if (0 <= exponent && exponent < DOUBLE_TENS.length) {
                return digits * DOUBLE_TENS[exponent];
            }
            if (exponent < 0 && -exponent < DOUBLE_TENS.length) {
                return digits / DOUBLE_TENS[-exponent];
            }
            return Double.NaN;
        }
        if (exponent == 0) {
            return digits;
        }
        return exponent < 0 && -exponent <= MAX_INTEGER_POWER ? divide(digits, LONG_TENS[-exponent]) : Double.NaN;
    }

    /** Returns the magnitude of the number that a text spells; it may be infinite. */
    static double slow(byte[] bytes, int from, int to) {
        return Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static double divide(long digits, long divisor) {
        // digits >= 2^53 and divisor < 2^34, so the quotient has 20 bits or more and the shift is at most 35.
        // Where the shifted rest does not fit, which takes more decimals than timestamps have, the slow way is taken.
        long whole = digits / divisor;
        long rest = digits - whole * divisor;
        int shift = Math.max(0, QUOTIENT_BITS - (64 - Long.numberOfLeadingZeros(whole)));
        if (rest > Long.MAX_VALUE >> shift) {
            return Double.NaN;
        }
        long scaled = rest << shift;
        long fraction = scaled / divisor;
        long quotient = (whole << shift) + fraction;
        long sticky = fraction * divisor == scaled ? 0 : 1;
        // The conversion to double rounds once; the scaling is by a power of two and exact.
        return (double) (quotient << 1 | sticky) * Double.longBitsToDouble((long) (1022 - shift) << 52);
    }
}
