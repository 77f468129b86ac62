package dev.scuttlebutt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFeedsTest {

    @Test
    void next_findsWhatALookAtEveryByteFinds() {
        Random random = new Random(1);
        // Neighbours of a line feed, and bytes that differ from one in the highest bit, are what arithmetic confuses.
        byte[] alphabet = {'\n', '\n' - 1, '\n' + 1, (byte) ('\n' | 0x80), 0, -1, 'x', 'x', 'x', 'x'};
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = alphabet[random.nextInt(alphabet.length)];
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);

            assertThat(LineFeeds.next(bytes, from, to))
                    .as("%s from %d to %d", Arrays.toString(bytes), from, to)
                    .isEqualTo(plainly(bytes, from, to));
        }
    }

    private static int plainly(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\n') {
            i++;
        }
        return i;
    }
}
