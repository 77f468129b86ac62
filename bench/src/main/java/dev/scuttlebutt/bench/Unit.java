package dev.scuttlebutt.bench;

import java.util.Locale;

/**
 * What a value counts.
 *
 * @param name for example {@code sets/s}
 * @param more whether more is better
 */
public record Unit(String name, boolean more) {

    /** Returns how many times better one value is than another. */
    public double ratio(double value, double other) {
        return more ? value / other : other / value;
    }

    /** Returns the value with three digits, and the unit. */
    public String format(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return digits(value / 1e6) + " M " + name;
        }
        return size >= 1e4 ? digits(value / 1e3) + " k " + name : digits(value) + " " + name;
    }

    /** Returns a number with three digits, more where there are more before the point. */
    public static String digits(double value) {
        double size = Math.abs(value);
        int places = size >= 100 ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + places + "f", value);
    }
}
