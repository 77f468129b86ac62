package dev.scuttlebutt.hub;

import dev.scuttlebutt.Handshake;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is at a document, and what they say about themselves. Never stored. Safe from any thread. */
final class DocumentPresence {
    /*
     * Those who are here share one model, in which each has a key. With each other hub there is a model of its own, in which
     * each of the two hubs writes what those say who are with it, and takes nothing but what the other one wrote. So what is
     * heard from a hub is shown here and told to no other: nothing goes round in a ring, and when the link ends it is known
     * what goes with it.
     *
     * What to write follows from the tables below at any moment, key by key, whatever the order in which news comes.
     */

    /** So many keys or sources in one model, and it starts again: models keep what is forgotten. */
    static final int MAX_KEYS = 10_000;

    // Guarded by this.
    private final List<PresenceRelay> relays = new ArrayList<>();
    private @Nullable Room room;
    private int members;

    /** The model of those who are here, as long as there is somebody. */
    private final class Room {
        final Model model = new Model();
        final Map<String, Json> here = new HashMap<>();
        final Map<String, Json> elsewhere = new HashMap<>();
        final Set<String> keys = new HashSet<>();

        Room() {
            model.on(Model.Changed.class, changed -> onChanged(this, changed));
        }
    }

    /** Enters somebody. To be followed by {@link #leave}. */
    synchronized Model join() {
        Room there = room;
        if (there == null) {
            there = open();
        } else if (there.model.clock().size() > MAX_KEYS) {
            there = renew(there);
        }
        members++;
        return there.model;
    }

    /** Takes out what somebody who leaves has said. */
    synchronized void leave(Model model, Session session) {
        Room there = room;
        if (--members == 0 && there != null) {
            room = null;
            there.here.keySet().forEach(key -> relays.forEach(relay -> relay.say(key, null)));
            return;
        }
        Handshake peer = session.peer();
        String id = peer == null ? null : peer.id();
        if (id == null) {
            return;
        }
        List<Update> said = new ArrayList<>(model.history());
        said.removeIf(update -> !update.source().equals(id));
        for (Update update : said) {
            model.delete(update.change().asArray().get(0).asString());
        }
    }

    /** How many are here; those at other hubs do not count. */
    synchronized int members() {
        return members;
    }

    private Room open() {
        Room opened = new Room();
        room = opened;
        for (PresenceRelay relay : relays) {
            relay.heard().keySet().forEach(this::show);
        }
        return opened;
    }

    /** Whoever is connected comes back, to the new one. */
    private Room renew(Room old) {
        room = null;
        old.here.keySet().forEach(key -> relays.forEach(relay -> relay.say(key, null)));
        old.model.dispose();
        return open();
    }

    private synchronized void onChanged(Room where, Model.Changed changed) {
        if (where != room) {
            return;
        }
        String key = changed.key();
        if (!changed.update().source().equals(where.model.id())) {
            where.elsewhere.remove(key);
            if (!changed.value().isNull()) {
                where.here.put(key, changed.value());
            } else {
                where.here.remove(key);
            }
        } else {
            where.here.remove(key);
        }
        where.keys.add(key);
        if (where.keys.size() > MAX_KEYS) {
            renew(where);
        } else {
            reconcile(key);
        }
    }

    // Other hubs

    /** Starts to share with another hub. To be closed when the link with it ends. */
    synchronized PresenceRelay relay() {
        PresenceRelay relay = new PresenceRelay(this);
        relays.add(relay);
        Room there = room;
        if (there != null) {
            there.here.forEach(relay::say);
        }
        return relay;
    }

    /** Called with the lock of this held. */
    void remove(PresenceRelay relay, Set<String> heard) {
        relays.remove(relay);
        heard.forEach(this::show);
    }

    /** Says and shows what is to be said and shown of a key. Called with the lock of this held. */
    void reconcile(String key) {
        Room there = room;
        Json own = there == null ? null : there.here.get(key);
        relays.forEach(relay -> relay.say(key, own));
        show(key);
    }

    private void show(String key) {
        Room there = room;
        if (there == null || there.here.containsKey(key)) {
            return;
        }
        Json wanted = relays.stream()
                .map(relay -> relay.heard().get(key))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (Objects.equals(wanted, there.elsewhere.get(key))) {
            return;
        }
        if (wanted == null) {
            there.elsewhere.remove(key);
            there.model.delete(key);
        } else {
            there.elsewhere.put(key, wanted);
            there.model.set(key, wanted);
        }
    }
}
