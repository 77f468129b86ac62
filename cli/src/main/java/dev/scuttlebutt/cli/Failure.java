package dev.scuttlebutt.cli;

import java.util.regex.Pattern;

/** Failures in words for users. */
final class Failure {
    private static final int MAX_LENGTH = 500;

    /** Netty puts the address behind the message; here it stands in front. */
    private static final Pattern ADDRESS = Pattern.compile(": [^ :/]*/[^ /]+:\\d+$");

    private Failure() {}

    /** Returns one line of bounded length: the message, or the name of the class where there is none. */
    static String text(Throwable failure) {
        String message = failure.getMessage();
        String line = message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        return shorten(ADDRESS.matcher(line).replaceFirst(""));
    }

    /** Returns the text, or its beginning. */
    static String shorten(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
