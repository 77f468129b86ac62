package dev.scuttlebutt;

/**
 * Something that happened to a replica. Data types add events of their own; what applications emit to each other is
 * kept apart from these (see the type {@code Events}).
 *
 * <p>Events reach listeners in the order in which things happened, one at a time, never under a lock.
 */
public interface ReplicaEvent {

    /** An update was applied, made here or elsewhere, and is passed on to peers. {@code _update} in JavaScript. */
    record Applied(Update update) implements ReplicaEvent {}

    /** An update was not newer than the clock and was dropped. {@code old_data} in JavaScript. */
    record Stale(Update update) implements ReplicaEvent {}

    /**
     * The security did not vouch for an update: dropped, and the clock has not moved. {@code unverified_data} in
     * JavaScript. When the reason is a key that was not known, connecting again once it is brings the update back.
     */
    record Unverified(Update update, String reason) implements ReplicaEvent {}

    /** The {@link Authority} does not allow an update: dropped, and the clock has not moved. */
    record Refused(Update update, String reason) implements ReplicaEvent {}

    /** An update could not be an update of this type: dropped, and the clock has not moved. */
    record Invalid(Update update, String reason) implements ReplicaEvent {}

    /** The replica was disposed of: its sessions end as soon as they have sent what is due. */
    record Disposed() implements ReplicaEvent {}

    /** A clone let go. {@code unclone} in JavaScript. */
    record CloneClosed(int remaining) implements ReplicaEvent {}

    /** A listener threw. Where nobody listens for this, the failure is logged. */
    record ListenerFailed(ReplicaEvent event, Throwable failure) implements ReplicaEvent {}
}
