package dev.scuttlebutt.hub;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which web pages a browser may let talk to the hub. Programs that are no browsers send no origin. */
final class Origins {
    /*
     * A browser sends the origin of the page with every request that could do harm. A page of the hub's own has the host it
     * asks for as its origin. But a hostile page may give its own name the address of this machine, and then its origin
     * and the host agree: so a host that is a name counts only when it is known, as localhost or because it was listed.
     */
    private static final Pattern ORIGIN = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#@\\s]+");

    private final Set<String> listed;
    private final Set<String> hosts;

    Origins(Set<String> listed) {
        this.listed =
                listed.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.hosts = this.listed.stream().map(Origins::hostOf).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the text if a browser can send it as an origin, or if it is {@code *}.
     *
     * @throws IllegalArgumentException if it would never match
     */
    static String checked(String origin) {
        if (origin.equals("*")
                || origin.equals("null")
                || ORIGIN.matcher(origin).matches()) {
            return origin;
        }
        throw new IllegalArgumentException("expected * or an origin such as https://example.org or "
                + "http://127.0.0.1:8000, without a path or a slash at the end, found " + origin);
    }

    private static String hostOf(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host == null ? origin : host;
        } catch (IllegalArgumentException notAnAddress) {
            return origin;
        }
    }

    /**
     * Checks a request.
     *
     * @throws Refusal if it comes from a page that is not listed
     */
    void check(HttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST, "").toLowerCase(Locale.ROOT);
        if (!isKnown(withoutPort(host))) {
            throw refusal("the host \"" + host + "\" is not known here; start the hub with --origin https://" + host);
        }
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin != null && !isAllowed(origin.toLowerCase(Locale.ROOT), host)) {
            throw refusal("pages of " + origin + " may not talk to this hub; start it with --origin " + origin);
        }
    }

    private static Refusal refusal(String message) {
        return new Refusal(CloseCode.NO_RIGHT, HttpResponseStatus.FORBIDDEN, message);
    }

    private boolean isAllowed(String origin, String host) {
        return listed.contains("*")
                || listed.contains(origin)
                || origin.equals("http://" + host)
                || origin.equals("https://" + host);
    }

    private boolean isKnown(String host) {
        return listed.contains("*")
                || host.isEmpty()
                || host.equals("localhost")
                || NetUtil.isValidIpV4Address(host)
                || NetUtil.isValidIpV6Address(host)
                || hosts.contains(host);
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    /** Returns the token of a request, or null: from its headers, or from its query. */
    static @Nullable String bearer(HttpRequest request) {
        String header = request.headers().get(HttpHeaderNames.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? header.substring(7).trim()
                : null;
    }
}
