package dev.scuttlebutt.hub;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rights in force. Safe from any thread. */
final class Access {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private final @Nullable FileWatch file;
    private volatile Tokens tokens;

    Access(@Nullable Path path) throws IOException {
        file = path == null ? null : new FileWatch(path);
        tokens = path == null ? Tokens.NONE_NEEDED : Tokens.read(path);
    }

    Tokens tokens() {
        return tokens;
    }

    /**
     * Returns the rights on a document.
     *
     * @param digest of the token; null without one
     * @throws Refusal if the token is not known
     */
    Rights rights(@Nullable String digest, String document) {
        return grant(digest).on(document);
    }

    /** Returns what a token gives. */
    Tokens.Grant grant(@Nullable String digest) {
        Tokens.Grant grant = tokens.grant(digest);
        if (grant == null) {
            throw Refusal.unknownToken();
        }
        return grant;
    }

    /**
     * Demands a right.
     *
     * @throws Refusal if it is missing
     */
    void demand(Rights needed, @Nullable String digest, String document) {
        if (!rights(digest, document).include(needed)) {
            throw digest == null && tokens.areNeeded() ? Refusal.noToken() : Refusal.noRight(needed, document);
        }
    }

    /** Returns the rights, none for a token that is not known. */
    Rights rightsOrNone(@Nullable String digest, String document) {
        Tokens.Grant grant = tokens.grant(digest);
        return grant == null ? Rights.NONE : grant.on(document);
    }

    /**
     * Reads the file again, if there is one.
     *
     * @throws IOException if it cannot be used; the old rights stay in force
     */
    void reload() throws IOException {
        if (file != null) {
            tokens = Tokens.read(file.path());
        }
    }

    /** Reads the file again if it has changed; returns whether it has. An unusable one leaves the old rights in force. */
    boolean refresh() {
        if (file == null || !file.hasChanged()) {
            return false;
        }
        try {
            reload();
            LOG.atInfo().addKeyValue("tokens", tokens.size()).log("tokens read again");
            return true;
        } catch (IOException unusable) {
            LOG.atError().log("tokens not read again, the old ones stay in force: {}", unusable.getMessage());
            return false;
        }
    }
}
