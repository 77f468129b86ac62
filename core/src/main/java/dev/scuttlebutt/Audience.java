package dev.scuttlebutt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions of a replica, and which of them wait for something to say. Guarded by the core's lock. */
final class Audience {
    private final Effects effects;
    private final List<Session> sessions = new ArrayList<>();

    /** Sessions that had nothing to say when last asked, and some that were woken since: most will soon wait again. */
    private final List<Session> waiting = new ArrayList<>();

    Audience(Effects effects) {
        this.effects = effects;
    }

    List<Session> sessions() {
        return List.copyOf(sessions);
    }

    void add(Session session) {
        sessions.add(session);
    }

    /** Returns how many are left. */
    int remove(Session session) {
        sessions.remove(session);
        waiting.remove(session);
        return sessions.size();
    }

    void awaitMore(Session session) {
        if (!session.listed) {
            session.listed = true;
            waiting.add(session);
        }
    }

    /** Calls the session's transport, if it has nothing to do. */
    void wake(Session session) {
        if (session.stopWaiting()) {
            effects.add(session);
        }
    }

    /** The history has an update more. */
    void wakeWaiting(@Nullable Session origin) {
        for (int i = waiting.size() - 1; i >= 0; i--) {
            Session session = waiting.get(i);
            if (!session.isWaiting()) {
                session.listed = false;
                int last = waiting.size() - 1;
                waiting.set(i, waiting.get(last));
                waiting.remove(last);
            } else if (session != origin && session.isLive()) {
                session.stopWaiting();
                effects.add(session);
            }
        }
    }

    /** An update goes to those who are up to date, or will be if it was made here, and is not kept. */
    void passOn(Update update, @Nullable Session origin, boolean local) {
        for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get(i);
            if (session != origin && session.passOn(update, local)) {
                wake(session);
            }
        }
    }

    /** Every clone has the update: the streams between them need not carry it. */
    void settle(Update update) {
        for (Session session : sessions) {
            session.settle(update);
        }
    }
}
