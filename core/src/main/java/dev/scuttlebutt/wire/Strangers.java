package dev.scuttlebutt.wire;

import java.nio.charset.StandardCharsets;

/** Who connects to a wrong port by mistake, told by the first bytes. */
final class Strangers {
    private static final int TLS_HANDSHAKE = 22;
    private static final int TLS_MAJOR = 3;

    private Strangers() {}

    /** Returns what the sender of a line that is no JSON seems to be, to stand behind the message; empty if unknown. */
    static String hint(byte[] line, int from, int to) {
        if (to - from >= 2 && line[from] == TLS_HANDSHAKE && line[from + 1] == TLS_MAJOR) {
            return "; the peer speaks TLS, and here it is not spoken";
        }
        if (startsWith("HTTP/1.", line, from, to)) {
            return "; the peer is a web server, and a bare TCP port is needed";
        }
        return isRequest(line, from, to)
                ? "; the peer sends a request of HTTP or WebSocket, and this is a bare TCP port"
                : "";
    }

    private static boolean isRequest(byte[] line, int from, int to) {
        int end = to > from && line[to - 1] == '\r' ? to - 1 : to;
        String version = " HTTP/1.1";
        return from < to
                && line[from] >= 'A'
                && line[from] <= 'Z'
                && end - from > version.length()
                && startsWith(" HTTP/1.", line, end - version.length(), end);
    }

    private static boolean startsWith(String text, byte[] line, int from, int to) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        if (to - from < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (line[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
