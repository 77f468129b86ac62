package dev.scuttlebutt.hub;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may do what, as it stands in a file. Immutable. */
final class Tokens {
    private static final String HASHED = "sha256:";
    private static final int DIGEST_DIGITS = 64;
    private static final List<String> FIELDS = List.of("tokens", "anonymous");
    private static final List<String> TOKEN_FIELDS = List.of("token", "name", "read", "write", "admin");
    private static final List<String> RIGHTS_FIELDS = List.of("read", "write", "admin");

    /** Without a file: everybody may read and write, nobody may administrate. */
    static final Tokens NONE_NEEDED =
            new Tokens(Map.of(), new Grant("anybody", List.of(new Rule("", Rights.WRITE))), false);

    /** Tokens are looked up by their digest, so that the time it takes tells nothing about them. */
    private final Map<String, Grant> grants;

    private final Grant anonymous;
    private final boolean needed;

    private Tokens(Map<String, Grant> grants, Grant anonymous, boolean needed) {
        this.grants = grants;
        this.anonymous = anonymous;
        this.needed = needed;
    }

    record Rule(String prefix, Rights rights) {}

    /**
     * What a token gives.
     *
     * @param name for logs; never the token
     */
    record Grant(String name, List<Rule> rules) {
        Rights on(String document) {
            Rights most = Rights.NONE;
            for (Rule rule : rules) {
                if (document.startsWith(rule.prefix()) && rule.rights().include(most)) {
                    most = rule.rights();
                }
            }
            return most;
        }

        /** Tells whether it gives a right on every document. */
        boolean everywhere(Rights rights) {
            return rules.stream()
                    .anyMatch(rule -> rule.prefix().isEmpty() && rule.rights().include(rights));
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be used, with its name and the place
     */
    static Tokens read(Path file) throws IOException {
        try {
            JsonObject all = Fields.ofFile(file, FIELDS);
            Map<String, Grant> grants = new HashMap<>();
            Json tokens = all.get("tokens");
            int number = 0;
            for (Json entry :
                    tokens == null ? List.<Json>of() : tokens.asArray().toList()) {
                number++;
                JsonObject fields = Fields.known(entry.asObject(), "entry " + number + " of \"tokens\"", TOKEN_FIELDS);
                Json token = fields.get("token");
                if (token == null) {
                    throw new IllegalArgumentException("entry " + number + " of \"tokens\" has no \"token\"");
                }
                Json name = fields.get("name");
                Grant grant = new Grant(name == null ? "token " + number : name.asString(), rules(fields));
                grants.put(digestOf(token.asString()), grant);
            }
            Json anonymous = all.get("anonymous");
            return new Tokens(
                    grants,
                    new Grant(
                            "anonymous",
                            anonymous == null
                                    ? List.of()
                                    : rules(Fields.known(anonymous.asObject(), "\"anonymous\"", RIGHTS_FIELDS))),
                    true);
        } catch (IllegalArgumentException unusable) {
            throw new IOException(
                    file + ": expected {\"tokens\": [{\"token\": …, \"name\": …, \"read\": [PREFIX…], \"write\": […], "
                            + "\"admin\": […]}…]}: " + unusable.getMessage(),
                    unusable);
        }
    }

    private static List<Rule> rules(JsonObject fields) {
        List<Rule> rules = new ArrayList<>();
        for (Rights rights : List.of(Rights.READ, Rights.WRITE, Rights.ADMIN)) {
            Json prefixes = fields.get(rights.text());
            if (prefixes != null) {
                prefixes.asArray().toList().forEach(prefix -> rules.add(new Rule(prefix.asString(), rights)));
            }
        }
        return List.copyOf(rules);
    }

    private static String digestOf(String written) {
        if (!written.startsWith(HASHED)) {
            return digest(written);
        }
        String digest = written.substring(HASHED.length()).toLowerCase(Locale.ROOT);
        if (digest.length() != DIGEST_DIGITS || !digest.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("a token that begins with " + HASHED + " goes on with " + DIGEST_DIGITS
                    + " hexadecimal digits, as of: printf %s TOKEN | sha256sum");
        }
        return digest;
    }

    /** Returns the SHA-256 of a token in hexadecimal. */
    static String digest(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Tells whether there is a file. */
    boolean areNeeded() {
        return needed;
    }

    /**
     * Returns what a token gives.
     *
     * @param digest of the token; null without one
     * @return null when the token is not known
     */
    @Nullable
    Grant grant(@Nullable String digest) {
        if (digest == null || !needed) {
            return anonymous;
        }
        return grants.get(digest);
    }

    int size() {
        return grants.size();
    }
}
