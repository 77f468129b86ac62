package dev.scuttlebutt.types.position;

import java.util.Random;

/** How the original makes keys: the middle, and three digits of a random number. */
final class JsKeys {
    private JsKeys() {}

    static String between(String left, String right, Random random) {
        String middle = Between.of(left, right);
        if (middle == null) {
            throw new AssertionError("the original hangs between \"" + left + "\" and \"" + right + "\"");
        }
        return middle + String.format("%03d", random.nextInt(1000));
    }
}
