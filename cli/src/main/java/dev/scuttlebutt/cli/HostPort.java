package dev.scuttlebutt.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An address as users write it.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 0 for any free port
 */
record HostPort(String host, int port) {
    private static final int MAX_PORT = 65535;

    /**
     * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (text.contains("://")) {
            throw wrong(
                    text,
                    "a bare TCP address has nothing in front of the host and no path; a hub offers one with --tcp");
        }
        if (colon < 0 || text.endsWith("]")) {
            throw wrong(text, "the port is missing");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[")) {
            if (!host.endsWith("]") || !host.contains(":")) {
                throw wrong(text, "brackets are for an IPv6 address, as in [::1]:7000");
            }
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw wrong(text, "an IPv6 address stands in brackets, as in [::1]:7000");
        }
        if (host.isEmpty()) {
            throw wrong(text, "the host is missing");
        }
        return new HostPort(host, port(text, text.substring(colon + 1)));
    }

    /** Returns an address with its numbers; a scope of an IPv6 address is kept. */
    static HostPort of(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        return new HostPort(resolved == null ? address.getHostString() : resolved.getHostAddress(), address.getPort());
    }

    private static int port(String text, String digits) {
        if (digits.isEmpty()) {
            throw wrong(text, "the port is missing");
        }
        boolean number = digits.length() <= 5 && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        int port = number ? Integer.parseInt(digits) : -1;
        if (port < 0 || port > MAX_PORT) {
            throw wrong(text, "a port is a number from 0 to " + MAX_PORT);
        }
        return port;
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("expected HOST:PORT, found \"" + text + "\": " + why);
    }

    /**
     * Demands a port that somebody can listen on.
     *
     * @throws IllegalArgumentException if it is 0
     */
    void checkIsPeer() {
        if (port == 0) {
            throw wrong(toString(), "nobody listens on port 0");
        }
    }

    /** Returns {@code HOST:PORT}, which {@link #parse} reads. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
