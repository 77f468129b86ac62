package dev.scuttlebutt.types.position;

/** A code for whole numbers whose texts sort as the numbers do, none of them the start of another. */
final class KeyCode {
    /*
     * The first letter says how many digits follow. Numbers from -15 to 15 are one letter. Beyond, each further digit
     * covers 63 times as many numbers, starting where the shorter texts ended; below zero the digits count down, so that
     * order is kept. Digits and first letters use the ranks 1 to 63, which lets any text of this code end a JS-safe key.
     */
    static final int ZERO = 32;
    private static final int SMALL = 15;
    private static final int BASE = 63;

    /** Texts with more digits than this are not read: one more or less would have no text. */
    private static final int MAX_DIGITS = 7;

    static final int LOWEST_RANK = ZERO - SMALL - MAX_DIGITS;
    static final int HIGHEST_RANK = ZERO + SMALL + MAX_DIGITS;

    private KeyCode() {}

    /** Appends the text of a number within ±63<sup>8</sup>. */
    static void append(StringBuilder out, long number) {
        if (Math.abs(number) <= SMALL) {
            out.append(Alphabet.letter(ZERO + (int) number));
            return;
        }
        long rest = Math.abs(number) - SMALL - 1;
        long size = BASE;
        int digits = 1;
        while (rest >= size) {
            rest -= size;
            size *= BASE;
            digits++;
        }
        if (number > 0) {
            out.append(Alphabet.letter(ZERO + SMALL + digits));
        } else {
            out.append(Alphabet.letter(ZERO - SMALL - digits));
            rest = size - 1 - rest;
        }
        for (int i = 0; i < digits; i++) {
            size /= BASE;
            out.append(Alphabet.letter((int) (rest / size) + 1));
            rest %= size;
        }
    }

    static String of(long number) {
        StringBuilder out = new StringBuilder(4);
        append(out, number);
        return out.toString();
    }

    /**
     * Reads the number at the start of a key from an index where the rank is from {@link #LOWEST_RANK} to
     * {@link #HIGHEST_RANK}. A key of another maker need not hold whole texts: what is missing counts as the lowest
     * digits.
     *
     * @param up whether a greater number is wanted; then everything after the highest letter counts as highest digits
     */
    static long read(String key, int at, boolean up) {
        int header = Alphabet.rankAt(key, at);
        int digits = Math.abs(header - ZERO) - SMALL;
        if (digits <= 0) {
            return header - ZERO;
        }
        long number = 0;
        long size = 1;
        long before = SMALL + 1;
        int state = 0;
        for (int i = 1; i <= digits; i++) {
            int rank = state == 0 ? Alphabet.rankAt(key, at + i) : state;
            if (rank <= Alphabet.LOWEST) {
                state = 1;
                rank = 1;
            } else if (rank == Alphabet.HIGHEST) {
                rank = Alphabet.HIGHEST - 1;
                state = up ? rank : 0;
            }
            number = number * BASE + rank - 1;
            if (i < digits) {
                before += size * BASE;
            }
            size *= BASE;
        }
        return header > ZERO ? before + number : -(before + size - 1 - number);
    }
}
