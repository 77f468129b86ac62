package dev.scuttlebutt.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalReaderTest {
    @Test
    void parse_randomDecimals_agreesWithTheJdk() {
        Random random = new Random(1);
        for (int i = 0; i < 300_000; i++) {
            long digits = random.nextLong(Math.max(2, tenTo(random.nextInt(19))));
            check(digits + "e" + (random.nextInt(50) - 27));
        }
    }

    @Test
    void parse_timestampsWithFourDecimals_agreesWithTheJdk() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            check("1" + random.nextInt(100_000_000) + random.nextInt(10_000) + "." + random.nextInt(10_000));
        }
    }

    @Test
    void parse_halfWayBetweenDoubles_roundsToEven() {
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            // 53 bits and one half; 52 bits and one or three quarters.
            check((1L << 52 | random.nextLong() >>> 12) + ".5");
            long shorter = 1L << 51 | random.nextLong() >>> 13;
            check(shorter + ".25");
            check(shorter + ".75");
            check(shorter / 4 + ".125");
            check((1L << 53 | random.nextLong() >>> 11) + "");
        }
        assertThat(Json.parse("9007199254740993").asDouble()).isEqualTo(9007199254740992.0);
        assertThat(Json.parse("4503599627370497.5").asDouble()).isEqualTo(4503599627370498.0);
        assertThat(Json.parse("4503599627370496.5").asDouble()).isEqualTo(4503599627370496.0);
    }

    @Test
    void parse_negativeZero_keepsItsSign() {
        assertThat(Double.doubleToRawLongBits(Json.parse("-0").asDouble())).isEqualTo(Double.doubleToRawLongBits(-0.0));
        assertThat(Double.doubleToRawLongBits(Json.parse("-0.000e5").asDouble()))
                .isEqualTo(Double.doubleToRawLongBits(-0.0));
    }

    @Test
    void parse_beyondTheRange_isInfiniteOrZero() {
        assertThat(Json.parse("1e400").asDouble()).isInfinite();
        assertThat(Json.parse("-1e400")).hasToString("null");
        assertThat(Json.parse("1e999999999999999999999").asDouble()).isInfinite();
        assertThat(Json.parse("1e-999999999999999999999").asDouble()).isZero();
        assertThat(Json.parse("0e999999999999999999999").asDouble()).isZero();
    }

    @Test
    void parse_aMillionDigits_isExact() {
        String zeros = "0".repeat(1_000_000);
        assertThat(Json.parse("9".repeat(1_000_000)).asDouble()).isInfinite();
        assertThat(Json.parse("0." + zeros + "1").asDouble()).isZero();
        assertThat(Json.parse("0." + zeros + "25e1000001").asDouble()).isEqualTo(2.5);
        assertThat(Json.parse("25" + zeros + "e-1000001").asDouble()).isEqualTo(2.5);
        assertThat(Json.parse("1." + zeros + "1").asDouble()).isEqualTo(1.0);
        assertThat(Json.parse("9007199254740993." + zeros + "1").asDouble()).isEqualTo(9007199254740994.0);
        assertThat(Json.parse("1e" + zeros + "2").asDouble()).isEqualTo(100.0);
    }

    private static long tenTo(int power) {
        long ten = 1;
        for (int i = 0; i < power; i++) {
            ten *= 10;
        }
        return ten;
    }

    private static void check(String text) {
        double expected = Double.parseDouble(text);
        double value = Json.parse(text).asDouble();
        if (value != expected) {
            assertThat(value).as(text).isEqualTo(expected);
        }
    }
}
