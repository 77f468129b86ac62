package dev.scuttlebutt.types;

import dev.scuttlebutt.ReplicaEvent;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is here now. Each member says so again and again; one that has not been heard of for the timeout has left, and one
 * that closes has left at once.
 *
 * <p>It stands on an {@link ExpiryModel}, {@link #replica()}, which is linked with others like any replica; JavaScript
 * peers take part with an {@code expiry-model} and the change {@code [id,{"state":…}]}, {@code [id,null]} for leaving.
 *
 * <p>At most 100,000 members are noticed at a time.
 *
 * <p>There is no timer: call {@link #tick} several times within the timeout, from a scheduler or event loop of yours.
 *
 * <p>Safe for use by several threads. Events come from the replica: {@code replica().on(Presence.Left.class, …)}.
 */
public final class Presence implements AutoCloseable {
    /*
     * What counts is when a member was last heard of here, by the clock here, so clocks need not agree. Only the first
     * sign of a member is judged by its timestamp: a member that is long gone is still in the history for a while, and must
     * not seem to be here to those who come. If the timestamp is old, the next sign decides: history has one at most.
     */
    private static final Duration MEMORY = Duration.ofMinutes(10);
    private static final int SIGNS_WITHIN_TIMEOUT = 3;

    /** More at a time are not noticed: a peer could otherwise fill memory with invented ids. */
    static final int MAX_MEMBERS = 100_000;

    private static final String STATE = "state";

    /** Somebody is here who was not. */
    public record Joined(String id, Json state) implements ReplicaEvent {}

    /** Somebody who is here says something else about itself. */
    public record Changed(String id, Json state) implements ReplicaEvent {}

    /** Somebody is not here any more. */
    public record Left(String id) implements ReplicaEvent {}

    private static final class Member {
        Json state = Json.NULL;
        double heard;
        boolean present;
    }

    private final ExpiryModel model;
    private final double timeout;
    private final Map<String, Member> members = new HashMap<>();
    private @Nullable Json own;
    private double said = Double.NEGATIVE_INFINITY;

    /**
     * Creates one in which nobody is, not even this replica: see {@link #here}.
     *
     * @param timeout how long after its last sign somebody counts as here; a few seconds
     * @throws IllegalArgumentException if it is not above 0, or above ten minutes
     */
    public Presence(ReplicaOptions options, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MEMORY) > 0) {
            throw new IllegalArgumentException("a timeout is to be above 0 and at most " + MEMORY + ", was " + timeout);
        }
        this.timeout = timeout.toNanos() / 1e6;
        this.model = new ExpiryModel(
                options,
                ExpiryModel.Bounds.defaults().maxAge(MEMORY.multipliedBy(2)).maxKeys(MAX_MEMBERS));
        model.on(ExpiryModel.Changed.class, this::heard);
    }

    /** Returns the replica to link with those of others. */
    public ExpiryModel replica() {
        return model;
    }

    /**
     * Says that this replica is here, now and at each {@link #tick} that it is due.
     *
     * @param state what others see of it: a name, a colour, the place of a cursor
     */
    public void here(@Nullable Object state) {
        Json json = Json.of(state);
        synchronized (members) {
            own = json;
        }
        say(json);
    }

    /** Says that this replica is here if that is due, and notices who has left. Cost: by the number of members. */
    public void tick() {
        List<String> left = new ArrayList<>();
        Json due;
        synchronized (members) {
            double now = model.time();
            due = now - said >= timeout / SIGNS_WITHIN_TIMEOUT || now < said ? own : null;
            members.forEach((id, member) -> {
                if (member.present && isSilent(member, now)) {
                    member.present = false;
                    left.add(id);
                }
            });
            members.values().removeIf(member -> now - member.heard > 2 * timeout);
        }
        if (due != null) {
            say(due);
        }
        left.stream().sorted().forEach(id -> model.tell(new Left(id)));
        model.expire();
    }

    private void say(Json state) {
        synchronized (members) {
            said = model.time();
        }
        // As a field: objects are merged, and what is not said any more would stay.
        model.set(model.id(), Json.object(STATE, state));
    }

    /** Returns who is here, by id, with what they say about themselves. O(members · log members). */
    public Map<String, Json> present() {
        Map<String, Json> present = new TreeMap<>();
        synchronized (members) {
            double now = model.time();
            members.forEach((id, member) -> {
                if (member.present && !isSilent(member, now)) {
                    present.put(id, member.state);
                }
            });
        }
        return present;
    }

    /** Tells whether somebody is here. O(1). */
    public boolean isPresent(String id) {
        synchronized (members) {
            Member member = members.get(id);
            return member != null && member.present && !isSilent(member, model.time());
        }
    }

    private boolean isSilent(Member member, double now) {
        return now - member.heard > timeout;
    }

    private void heard(ExpiryModel.Changed changed) {
        ReplicaEvent event;
        synchronized (members) {
            event = changed.value().isNull() ? leave(changed.key()) : sign(changed);
        }
        if (event != null) {
            model.tell(event);
        }
    }

    private @Nullable ReplicaEvent leave(String id) {
        Member member = members.remove(id);
        return member != null && member.present ? new Left(id) : null;
    }

    private @Nullable ReplicaEvent sign(ExpiryModel.Changed changed) {
        double now = model.time();
        Member member = members.get(changed.key());
        boolean known = member != null;
        if (member == null) {
            if (members.size() >= MAX_MEMBERS) {
                return null;
            }
            member = new Member();
            members.put(changed.key(), member);
        }
        boolean again = known && !isSilent(member, now);
        boolean recent = now - changed.update().timestamp() <= timeout;
        boolean was = member.present && again;
        Json before = member.state;
        Json state = changed.value() instanceof JsonObject object ? object.get(STATE) : null;
        member.state = state == null ? Json.NULL : state;
        member.heard = now;
        member.present = again || recent;
        if (!member.present) {
            return null;
        }
        if (!was) {
            return new Joined(changed.key(), member.state);
        }
        return before.equals(member.state) ? null : new Changed(changed.key(), member.state);
    }

    /** Says that this replica leaves. Links stay open until they are closed. */
    @Override
    public void close() {
        boolean wasHere;
        synchronized (members) {
            wasHere = own != null;
            own = null;
        }
        if (wasHere) {
            model.delete(model.id());
        }
    }
}
