package dev.scuttlebutt.store;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents that a {@link Replication} exchanges just now. Its lock is held unless said otherwise. */
final class ReplicationDocuments {
    private static final int MAX_STORING = 4096;

    private final Replication replication;
    private final Store store;
    private final Map<Long, DocumentExchange> exchanges = new HashMap<>();
    private long highest;
    private int storing;

    ReplicationDocuments(Replication replication, Store store) {
        this.replication = replication;
        this.store = store;
    }

    /** Returns the exchange of this number, or null when it is over. */
    @Nullable
    DocumentExchange get(long number) throws ProtocolException {
        if (!hasBegun(number)) {
            throw new ProtocolException("no document was opened under the number " + number);
        }
        return exchanges.get(number);
    }

    /** Tells whether a document was opened under this number, if it is over or not. */
    boolean hasBegun(long number) {
        return number <= highest;
    }

    /** How many are exchanged just now. */
    int count() {
        return exchanges.size();
    }

    /** Tells whether anything exchanged is on its way to the disk. */
    boolean isStoring() {
        return storing > 0;
    }

    /** Tells whether so much waits for the disk that it should not become more. */
    boolean isBusyStoring() {
        return storing >= MAX_STORING;
    }

    /** Takes out all that are exchanged just now. */
    List<DocumentExchange> clear() {
        List<DocumentExchange> left = List.copyOf(exchanges.values());
        exchanges.clear();
        return left;
    }

    /** Ends the exchange of a document that the peer does not want; tells whether there is one of this number. */
    boolean refusedByPeer(long number, String reason) {
        DocumentExchange exchange = exchanges.remove(number);
        if (exchange == null) {
            return false;
        }
        exchange.abort();
        replication.note(exchange.name(), reason);
        return true;
    }

    /** Begins the exchange of a document that the peer wants. */
    DocumentExchange begin(long number, String name) throws ProtocolException {
        if (number <= highest) {
            throw new ProtocolException("the numbers of documents ascend, found " + number + " after " + highest);
        }
        if (exchanges.size() >= ReplicationOptions.MAX_OPEN) {
            throw new ProtocolException("opens more than " + ReplicationOptions.MAX_OPEN + " documents at a time");
        }
        return beginOwn(number, name);
    }

    DocumentExchange beginOwn(long number, String name) {
        highest = number;
        DocumentExchange exchange = new DocumentExchange(replication, number, name);
        exchanges.put(number, exchange);
        return exchange;
    }

    void open(DocumentExchange exchange) {
        replication.look(() -> store.storage().find(exchange.name()) == null, isNew -> {
            IOException objection = isNew ? replication.rules().objectionToNew() : null;
            if (objection != null) {
                abandon(exchange, Replication.reason(objection));
                return;
            }
            store.open(exchange.name())
                    .whenCompleteAsync((handle, failure) -> opened(exchange, handle, failure), store.executor());
        });
    }

    /** Lock not held: listeners of the document are called. */
    private void opened(DocumentExchange exchange, @Nullable Handle<Replica> handle, @Nullable Throwable failure) {
        Throwable problem = failure;
        if (handle != null) {
            try {
                exchange.attach(handle);
            } catch (RuntimeException gone) {
                handle.leave();
                problem = gone;
            }
        }
        Throwable cause = problem;
        if (cause != null) {
            replication.locked(() -> abandon(exchange, Replication.reason(cause)));
        }
    }

    /** Ends the exchange of a document, and tells the peer why. */
    void abandon(DocumentExchange exchange, String reason) {
        if (exchanges.remove(exchange.number(), exchange)) {
            exchange.abort();
            replication.refuse(exchange.number(), exchange.name(), reason);
        }
    }

    /** Both sides have everything of a document; it is not yet stored. Lock not held. */
    void complete(DocumentExchange exchange) {
        replication.locked(() -> {
            if (exchanges.remove(exchange.number(), exchange)) {
                replication.tally().addExchanged();
            }
            storing++;
        });
    }

    /** It is stored, or is not to be. Lock not held. */
    void stored(DocumentExchange exchange, @Nullable Throwable failure) {
        replication.locked(() -> {
            storing--;
            if (failure != null) {
                replication.note(exchange.name(), Replication.reason(failure));
            }
        });
    }
}
