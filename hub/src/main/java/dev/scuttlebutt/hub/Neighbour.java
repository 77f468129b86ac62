package dev.scuttlebutt.hub;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import dev.scuttlebutt.netty.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Another hub, with which a hub shares documents: each gets what the other has. One of the two names the other; both may.
 * Immutable: each method returns a changed copy.
 *
 * @param address such as {@code https://hub.example}
 * @param token for the other hub; what it gives there bounds what is shared. Null: none.
 * @param prefixes which documents are shared: those whose names begin with one of these
 * @param deletes whether a document that is deleted there is deleted here too
 * @param tls the side of a client, for an address that begins with https; null: the authorities Java comes with are trusted
 */
public record Neighbour(
        URI address,
        @Nullable String token,
        List<String> prefixes,
        boolean deletes,
        @Nullable Tls tls) {
    private static final List<String> ENTRY_FIELDS = List.of("url", "token", "prefixes", "deletes", "ca");

    /** Checks the address. */
    public Neighbour {
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        boolean known = scheme.equals("http") || scheme.equals("https");
        boolean plain = address.getRawQuery() == null && address.getRawFragment() == null;
        if (!known || !plain || address.getHost() == null || address.getUserInfo() != null) {
            throw new IllegalArgumentException("expected an address such as http://127.0.0.1:7080, found " + address);
        }
        prefixes = List.copyOf(prefixes);
    }

    /** Returns the hub at an address: without a token, sharing everything, deletions too. */
    public static Neighbour at(URI address) {
        return new Neighbour(address, null, List.of(""), true, null);
    }

    /** Sets the token. */
    public Neighbour token(String token) {
        return new Neighbour(address, token, prefixes, deletes, tls);
    }

    /** Sets which documents are shared. */
    public Neighbour prefixes(String... prefixes) {
        return new Neighbour(address, token, List.of(prefixes), deletes, tls);
    }

    /** Chooses whether deletions are taken over. */
    public Neighbour deletes(boolean deletes) {
        return new Neighbour(address, token, prefixes, deletes, tls);
    }

    /** Sets whom to trust. */
    public Neighbour tls(Tls tls) {
        return new Neighbour(address, token, prefixes, deletes, tls);
    }

    /**
     * Reads a file of neighbours: {@code {"peers": [{"url": …, "token": …, "prefixes": […], "deletes": …, "ca": FILE}…]}},
     * all but {@code url} optional.
     *
     * @throws IOException if it cannot be used, with its name
     */
    public static List<Neighbour> read(Path file) throws IOException {
        try {
            List<Neighbour> all = new ArrayList<>();
            Json peers = Fields.ofFile(file, List.of("peers")).get("peers");
            for (Json entry : peers == null ? List.<Json>of() : peers.asArray().toList()) {
                all.add(of(Fields.known(entry.asObject(), "an entry of \"peers\"", ENTRY_FIELDS), file));
            }
            return all;
        } catch (IllegalArgumentException unusable) {
            throw new IOException(
                    file + ": expected {\"peers\": [{\"url\": …, \"token\": …, \"prefixes\": [PREFIX…], "
                            + "\"deletes\": true, \"ca\": FILE}…]}: " + unusable.getMessage(),
                    unusable);
        }
    }

    private static Neighbour of(JsonObject fields, Path file) throws IOException {
        Json url = fields.get("url");
        if (url == null) {
            throw new IllegalArgumentException("an entry of \"peers\" has no \"url\"");
        }
        Neighbour neighbour = at(URI.create(url.asString()));
        Json token = fields.get("token");
        if (token != null) {
            neighbour = neighbour.token(token.asString());
        }
        Json prefixes = fields.get("prefixes");
        if (prefixes != null) {
            neighbour = neighbour.prefixes(
                    prefixes.asArray().toList().stream().map(Json::asString).toArray(String[]::new));
        }
        Json deletes = fields.get("deletes");
        if (deletes != null) {
            neighbour = neighbour.deletes(deletes.asBoolean());
        }
        Json ca = fields.get("ca");
        return ca == null
                ? neighbour
                : neighbour.tls(Tls.client(file.toAbsolutePath().resolveSibling(ca.asString())));
    }

    /** Tells whether a document is shared. */
    boolean shares(String name) {
        return prefixes.stream().anyMatch(name::startsWith);
    }

    /** Returns where something is there, over HTTP. */
    URI api(String path) {
        return URI.create(base() + path);
    }

    /** Returns where a document is there, over WebSocket. */
    URI document(String name) {
        return socket("/replicate/", name);
    }

    /** Returns where it is told who is at a document there, over WebSocket. */
    URI presence(String name) {
        return socket("/presence/", name);
    }

    private URI socket(String path, String name) {
        // http becomes ws, https wss.
        return URI.create("ws" + base().substring("http".length()) + path + encode(name));
    }

    static String encode(String name) {
        return Arrays.stream(name.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }

    private String base() {
        String text = address.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Returns the address: the token is not shown. */
    @Override
    public String toString() {
        return address.toString();
    }
}
