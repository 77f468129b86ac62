package dev.scuttlebutt.store;

import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.SessionOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.wire.JsonLines;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The exchange of one document: an ordinary session that ends when both sides have everything, its lines numbered. */
final class DocumentExchange {
    /** A peer says no more than its handshake before it has heard ours. */
    private static final int MAX_EARLY = 4;

    private final Replication replication;
    private final long number;
    private final String name;

    /** Whether it is in the queue of those that may have something to say. */
    final AtomicBoolean queued = new AtomicBoolean();

    // Guarded by this. Listeners of the replica may be called under it, so nothing that a listener waits for takes it.
    private @Nullable Handle<Replica> handle;
    private @Nullable Session session;
    private List<Message> early = new ArrayList<>();
    private long bytes;
    private boolean endReceived;
    private boolean endSent;
    private boolean over;

    DocumentExchange(Replication replication, long number, String name) {
        this.replication = replication;
        this.number = number;
        this.name = name;
    }

    long number() {
        return number;
    }

    String name() {
        return name;
    }

    /** Begins, now that the document is open. */
    void attach(Handle<Replica> opened) {
        synchronized (this) {
            if (over) {
                opened.leave();
                return;
            }
            Session made = opened.replica().open(SessionOptions.twoWay().tail(false));
            handle = opened;
            session = made;
            made.onReady(this::ready);
            made.receive(early);
            early = List.of();
            if (endReceived) {
                made.receiveEnd();
            }
        }
        ready();
    }

    private void ready() {
        replication.output().ready(this);
    }

    void receive(List<Message> messages, int length) throws ProtocolException {
        synchronized (this) {
            if (over) {
                return;
            }
            if (endReceived) {
                throw new ProtocolException("document " + number + " goes on behind its end");
            }
            bytes += length;
            if (bytes > replication.options().maxDocumentBytes()) {
                throw new ProtocolException("document \"" + name + "\" has more than "
                        + replication.options().maxDocumentBytes() + " bytes");
            }
            Session open = session;
            if (open == null) {
                if (early.size() + messages.size() > MAX_EARLY) {
                    throw new ProtocolException("document " + number + " begins before it is open");
                }
                early.addAll(messages);
                return;
            }
            open.receive(messages);
            if (open.failure() instanceof ProtocolException objection) {
                throw objection;
            }
        }
    }

    void receiveEnd() throws ProtocolException {
        boolean complete;
        synchronized (this) {
            if (endReceived) {
                throw new ProtocolException("document " + number + " ends twice");
            }
            endReceived = true;
            complete = endSent;
            if (session != null) {
                session.receiveEnd();
            }
        }
        if (complete) {
            finish();
        }
    }

    /** Returns the next line, or null when there is nothing to say now. Called by the one who transmits. */
    byte @Nullable [] poll() {
        Session open;
        synchronized (this) {
            open = over ? null : session;
        }
        if (open == null) {
            return null;
        }
        Message message = open.poll();
        if (message != null) {
            return line(message);
        }
        if (!open.outputEnded()) {
            return null;
        }
        boolean complete;
        synchronized (this) {
            if (endSent) {
                return null;
            }
            endSent = true;
            complete = endReceived;
        }
        if (complete) {
            finish();
        }
        return ReplicationLine.of("end", number);
    }

    private byte[] line(Message message) {
        byte[] prefix = ("[" + number + ",").getBytes(StandardCharsets.US_ASCII);
        int length;
        ByteBuffer line;
        if (message instanceof Update update) {
            length = update.length() - 1;
            line = ByteBuffer.allocate(prefix.length + length + 2).put(prefix);
            line.put(update.bytes().slice().limit(length));
        } else {
            ByteBuffer encoded = JsonLines.encode(message);
            length = encoded.remaining() - 1;
            line = ByteBuffer.allocate(prefix.length + length + 2).put(prefix);
            line.put(encoded.slice().limit(length));
        }
        return line.put((byte) ']').put((byte) '\n').array();
    }

    /** Both sides have everything: it is over when it is stored here. */
    private void finish() {
        Handle<Replica> held = takeHandle();
        if (held == null) {
            return;
        }
        replication.documents().complete(this);
        held.saved().whenComplete((saved, failure) -> {
            held.leave();
            replication.documents().stored(this, failure);
        });
    }

    /** Ends it at once. */
    void abort() {
        Handle<Replica> held = takeHandle();
        if (held != null) {
            held.leave();
        }
    }

    private @Nullable Handle<Replica> takeHandle() {
        Session open;
        Handle<Replica> held;
        synchronized (this) {
            if (over) {
                return null;
            }
            over = true;
            open = session;
            held = handle;
            handle = null;
            early = List.of();
        }
        if (open != null) {
            open.close();
        }
        return held;
    }
}
