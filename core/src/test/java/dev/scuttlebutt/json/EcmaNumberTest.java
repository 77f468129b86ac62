package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EcmaNumberTest {
    private static final long FINITE = 0x7fefffffffffffffL;

    @Test
    void powers_wholeTable_isTheFloorPlusOne() {
        for (int k = EcmaNumber.LEAST_K; k <= EcmaNumber.GREATEST_K; k++) {
            BigInteger ten = BigInteger.TEN.pow(Math.abs(k));
            BigInteger floor = k <= 0
                    ? ten.shiftLeft(126).shiftRight(ten.bitLength())
                    : BigInteger.ONE.shiftLeft(125 + ten.bitLength()).divide(ten);
            assertThat(floor.bitLength()).isEqualTo(126);
            assertThat(EcmaNumber.power(k)).as("10^-%d", k).isEqualTo(floor.add(BigInteger.ONE));
        }
    }

    @Test
    void logarithms_overTheWholeRange_areFloors() {
        for (int e = -1074; e <= 971; e++) {
            BigDecimal power = e < 0 ? BigDecimal.ONE.divide(two(-e)) : two(e);
            assertThat(EcmaNumber.log10OfPowerOf2(e)).isEqualTo(floorLog10(power));
            assertThat(EcmaNumber.log10OfThreeQuartersOfPowerOf2(e))
                    .isEqualTo(floorLog10(power.multiply(new BigDecimal("0.75"))));
        }
        for (int e = -EcmaNumber.GREATEST_K; e <= -EcmaNumber.LEAST_K; e++) {
            int bits = BigInteger.TEN.pow(Math.abs(e)).bitLength();
            assertThat(EcmaNumber.log2OfPowerOf10(e)).isEqualTo(e < 0 ? -bits : bits - 1);
        }
    }

    @Test
    void text_atTheEdgesOfTheLayout_switchesForm() {
        assertThat(JsonWriter.text(123456789012345680000.0)).isEqualTo("123456789012345680000");
        assertThat(JsonWriter.text(999999999999999900000.0)).isEqualTo("999999999999999900000");
        assertThat(JsonWriter.text(1e21)).isEqualTo("1e+21");
        assertThat(JsonWriter.text(1.5e300)).isEqualTo("1.5e+300");
        assertThat(JsonWriter.text(0.000001)).isEqualTo("0.000001");
        assertThat(JsonWriter.text(-0.0000012345678901234567)).isEqualTo("-0.0000012345678901234567");
        assertThat(JsonWriter.text(1e-7)).isEqualTo("1e-7");
        assertThat(JsonWriter.text(Double.MIN_VALUE)).isEqualTo("5e-324");
        assertThat(JsonWriter.text(Double.MAX_VALUE)).isEqualTo("1.7976931348623157e+308");
        assertThat(JsonWriter.text(-0.0)).isEqualTo("0");
        assertThat(JsonWriter.text(Double.NaN)).isEqualTo("NaN");
        assertThat(JsonWriter.text(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    }

    @Test
    void text_aroundPowersOfTwoAndTen_isShortest() {
        for (long c = 1; c <= 3000; c++) {
            check(Double.longBitsToDouble(c));
        }
        for (int e = Double.MIN_EXPONENT - 52; e <= Double.MAX_EXPONENT; e++) {
            around(Math.scalb(1.0, e));
        }
        for (int e = -323; e <= 308; e++) {
            around(Double.parseDouble("1e" + e));
        }
    }

    @Test
    void text_randomBits_isShortest() {
        Random random = new Random(20240229);
        for (int i = 0; i < 15_000; i++) {
            check(Double.longBitsToDouble(random.nextLong() & FINITE));
        }
        // Near 1 the slow reference is fast.
        for (int i = 0; i < 85_000; i++) {
            long exponent = 1023 - 80 + random.nextInt(160);
            check(Double.longBitsToDouble(exponent << 52 | random.nextLong() >>> 12));
        }
    }

    @Test
    void text_randomBits_readsBackAndIsNoLongerThanSeventeenDigits() {
        Random random = new Random(5);
        for (int i = 0; i < 300_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong() & FINITE);
            String text = JsonWriter.text(value);
            if (Double.parseDouble(text) != value || text.length() > 24) {
                assertThat(text).as(Double.toHexString(value)).isEqualTo(Double.toString(value));
            }
        }
    }

    @Test
    void text_timestampsAndEverydayDecimals_isShortest() {
        Random random = new Random(42);
        for (int i = 0; i < 70_000; i++) {
            check(1_000_000_000_000.0 + random.nextInt() * 1000.0 + random.nextInt(4096) / 4096.0);
            check(random.nextInt(1_000_000_000) / 1000.0);
            check(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20));
        }
    }

    @Test
    void text_ofEveryPartOfAMillisecond_isShortest() {
        Random random = new Random(9);
        double first = Math.scalb(1.0, 40);
        double last = Math.scalb(1.0, 41) - 1;
        for (int part = 0; part < 4096; part++) {
            double fraction = part / 4096.0;
            check(first + fraction);
            check(last + fraction);
            check(-last - fraction);
            // Twice, as what was found for a part is kept.
            for (int i = 0; i < 5; i++) {
                check(first + random.nextLong((long) first) + fraction);
            }
        }
        around(first);
        around(last + 1);
    }

    @Test
    void digitCount_atEveryPowerOfTen_counts() {
        assertThat(EcmaNumber.digitCount(0)).isEqualTo(1);
        long ten = 1;
        for (int digits = 1; digits <= 18; digits++, ten *= 10) {
            assertThat(EcmaNumber.digitCount(ten)).isEqualTo(digits);
            assertThat(EcmaNumber.digitCount(ten * 10 - 1)).isEqualTo(digits);
        }
    }

    @Test
    void text_wholeNumbersBelowTwoTo53_areWrittenOut() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >> 11 + random.nextInt(52);
            assertThat(JsonWriter.text(value)).isEqualTo(Long.toString(value));
        }
    }

    private static void around(double value) {
        check(value);
        check(Math.nextUp(value));
        check(Math.nextDown(value));
    }

    private static void check(double value) {
        if (value == 0 || Double.isInfinite(value)) {
            return;
        }
        String text = JsonWriter.text(value);
        String expected = layout(shortest(value));
        if (!text.equals(expected)) {
            assertThat(text).as(Double.toHexString(value)).isEqualTo(expected);
        }
    }

    /** Slow and obvious: tries lengths until no decimal of that length lies between the neighbours' half-way points. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal half = new BigDecimal("0.5");
        BigDecimal below = exact.add(new BigDecimal(Math.nextDown(value))).multiply(half);
        double up = Math.nextUp(value);
        BigDecimal above = Double.isInfinite(up)
                ? exact.add(exact.subtract(below))
                : exact.add(new BigDecimal(up)).multiply(half);
        boolean even = (Double.doubleToRawLongBits(value) & 1) == 0;
        BigDecimal best = exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
        for (int digits = 16; digits > 0; digits--) {
            BigDecimal closer = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            BigDecimal other = exact.round(
                    new MathContext(digits, closer.compareTo(exact) > 0 ? RoundingMode.DOWN : RoundingMode.UP));
            if (inside(closer, below, above, even)) {
                best = closer;
            } else if (inside(other, below, above, even)) {
                best = other;
            } else {
                break;
            }
        }
        return best;
    }

    private static boolean inside(BigDecimal candidate, BigDecimal below, BigDecimal above, boolean endsToo) {
        int low = candidate.compareTo(below);
        int high = candidate.compareTo(above);
        return endsToo ? low >= 0 && high <= 0 : low > 0 && high < 0;
    }

    /** Number::toString, steps 5 to 12, word by word. */
    private static String layout(BigDecimal shortest) {
        if (shortest.signum() < 0) {
            return "-" + layout(shortest.negate());
        }
        BigDecimal stripped = shortest.stripTrailingZeros();
        String s = stripped.unscaledValue().toString();
        int k = s.length();
        int n = k - stripped.scale();
        if (k <= n && n <= 21) {
            return s + "0".repeat(n - k);
        } else if (0 < n && n <= 21) {
            return s.substring(0, n) + "." + s.substring(n);
        } else if (-6 < n && n <= 0) {
            return "0." + "0".repeat(-n) + s;
        }
        String sign = n - 1 < 0 ? "-" : "+";
        String fraction = k == 1 ? "" : "." + s.substring(1);
        return s.charAt(0) + fraction + "e" + sign + Math.abs(n - 1);
    }

    private static BigDecimal two(int exponent) {
        return new BigDecimal(BigInteger.ONE.shiftLeft(exponent));
    }

    private static int floorLog10(BigDecimal value) {
        return value.precision() - value.scale() - 1;
    }
}
