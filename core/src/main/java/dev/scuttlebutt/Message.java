package dev.scuttlebutt;

/**
 * What two sessions say to each other: a {@link Handshake}, then {@link Update}s, and one {@link Sync} between the
 * updates that the handshake asked for and those that came later.
 *
 * <p>Messages are immutable and may be shared between threads and replicas.
 */
public sealed interface Message permits Handshake, Update, Sync {}
