package dev.scuttlebutt.hub;

import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells another hub who is at a document here, and hears who is at it there: one model for one link. Its tables are guarded by
 * the {@link DocumentPresence} it belongs to.
 */
final class PresenceRelay implements AutoCloseable {
    /** Of more people than these nothing is heard and nothing told. */
    static final int MAX_PEOPLE = 1_000;

    private final DocumentPresence presence;
    private final Model model = new Model();
    private final Map<String, Json> said = new HashMap<>();
    private final Map<String, Json> heard = new HashMap<>();
    private final Set<String> keys = new HashSet<>();
    private boolean closed;

    PresenceRelay(DocumentPresence presence) {
        this.presence = presence;
        model.on(Model.Changed.class, this::onChanged);
    }

    /** What to link with the other hub. */
    Model model() {
        return model;
    }

    /** What those say who are there. */
    Map<String, Json> heard() {
        return heard;
    }

    /** Tells what somebody here says, or with null that nobody says anything under this key. */
    void say(String key, @Nullable Json value) {
        // Two people with one key: each hub shows its own, and the first to be told is not contradicted.
        if (closed || heard.containsKey(key)) {
            return;
        }
        Json before = said.get(key);
        if (value == null) {
            if (said.remove(key) != null) {
                model.delete(key);
            }
        } else if (!value.equals(before) && (before != null || said.size() < MAX_PEOPLE)) {
            said.put(key, value);
            model.set(key, value);
        }
    }

    private void onChanged(Model.Changed changed) {
        synchronized (presence) {
            String key = changed.key();
            if (closed) {
                return;
            }
            keys.add(key);
            if (keys.size() > DocumentPresence.MAX_KEYS) {
                // The model keeps what is forgotten: the link ends, and the next one has a new one.
                model.dispose();
                return;
            }
            if (changed.update().source().equals(model.id())) {
                return;
            }
            said.remove(key);
            if (changed.value().isNull()) {
                heard.remove(key);
            } else if (heard.size() < MAX_PEOPLE || heard.containsKey(key)) {
                heard.put(key, changed.value());
            }
            presence.reconcile(key);
        }
    }

    /** The link has ended: who is there is not shown any more. */
    @Override
    public void close() {
        synchronized (presence) {
            if (!closed) {
                closed = true;
                Set<String> gone = Set.copyOf(heard.keySet());
                heard.clear();
                presence.remove(this, gone);
            }
        }
    }
}
