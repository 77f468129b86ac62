package dev.scuttlebutt.store;

import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonString;
import dev.scuttlebutt.wire.ByteSession;
import dev.scuttlebutt.wire.JsonLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One side of the replication of all documents of two stores over one connection. Digests are compared, and only documents
 * that differ are exchanged, deletions too; then, if both sides want it, changes as they are stored.
 *
 * <pre>{@code
 * Replication replication = Replication.of(store, ReplicationOptions.defaults().tail(true));
 * BlockingLink link = BlockingLink.over(replication, new Socket(host, port));
 * new Thread(link).start();
 * replication.synced().join();                  // both sides have what the other had
 * }</pre>
 *
 * <p>Both sides do the same; it does not matter who connects. Neither ends before both have everything and have stored it as
 * safely as their durability promises. A deletion wins over whatever the other side has: let in only peers that may delete,
 * or say {@link ReplicationOptions#deletions}.
 *
 * <p>Costs a line when nothing differs, and about 60 bytes for each document on a page of 1024 names in which something
 * does. Storages are read on threads of the store; nothing here blocks. One thread at a time may receive and one at a time
 * transmit. To be closed before the store.
 *
 * @see "persistence, sections 7.2 and 10.2"
 */
public final class Replication implements ByteSession {
    /*
     * Lines of JSON. First a greeting from each side; the one with the greater nonce leads. Then
     *
     *   leader                                   follower
     *   ["range",n,from,to,hash,limit]           ["same",n] or ["documents",n,[states],next]
     *   ["compare",n,[states]]                   the same, of those that differ
     *   ["delete",n,name]                        ["deleted",n]
     *   ["open",n,name,type]
     *   [n,message] …, ["end",n]                 [n,message] …, ["end",n]      an ordinary session for each document
     *   ["refused",n,reason]                     ["refused",n,reason]          of a document or a deletion
     *   ["done"]                                 ["done"]                      each when it has stored everything
     *   ["more"]                                 ["changed",[names]]           only with tail
     *
     * Everything asked is answered once, and only so much may be asked at a time, so neither side can make the other one
     * queue without bound. States are written by DocumentState.
     */
    private static final int NONCE_BYTES = 16;
    private static final int FRAME_BYTES = 32;
    private static final int MAX_CONTROL = 4096;
    private static final ByteBuffer LINE_FEED =
            ByteBuffer.wrap(new byte[] {'\n'}).asReadOnlyBuffer();

    /**
     * A document that could not be exchanged or deleted.
     *
     * @param reason of this side or the peer's
     */
    public record Refusal(String document, String reason) {}

    /**
     * What has been done so far.
     *
     * @param exchanged documents that differed and were exchanged
     * @param deleted documents that were deleted, here or there
     * @param refused documents that could not be exchanged or deleted
     * @param refusals the first thousand of them
     * @param received bytes taken in
     * @param sent bytes given out
     */
    public record Report(
            long exchanged, long deleted, long refused, List<Refusal> refusals, long received, long sent) {}

    private final Store store;
    private final ReplicationOptions options;
    private final String nonce;
    private final Digest digest;
    private final LineBuffer lines;
    private final JsonLines.Decoder decoder;
    private final CompletableFuture<Report> synced = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final ReplicationOutput output = new ReplicationOutput(lock);

    // Guarded by the lock.
    private final ReplicationRules rules;
    private final ReplicationTally tally = new ReplicationTally();
    private final ReplicationDocuments documents;
    private final Deque<Runnable> looks = new ArrayDeque<>();
    private @Nullable Rounds rounds;
    private boolean begun;
    private boolean looking;
    private boolean peerTails;
    private long position;
    private boolean doneSent;
    private boolean doneReceived;
    private @Nullable Subscription watching;
    private boolean over;

    private Replication(Store store, ReplicationOptions options, String nonce) {
        this.store = store;
        this.options = options;
        this.nonce = nonce;
        this.digest = new Digest(store.storage(), options.only());
        this.lines = new LineBuffer(options.limits().maxLineBytes() + FRAME_BYTES);
        this.decoder = new JsonLines.Decoder(options.limits());
        this.rules = new ReplicationRules(store.schema(), options);
        this.documents = new ReplicationDocuments(this, store);
        output.say(new ReplicationGreeting(nonce, options.tail()).encode());
    }

    /** Creates one side with the default options. */
    public static Replication of(Store store) {
        return of(store, ReplicationOptions.defaults());
    }

    /** Creates one side. */
    public static Replication of(Store store, ReplicationOptions options) {
        byte[] random = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(random);
        return of(store, options, HexFormat.of().formatHex(random));
    }

    static Replication of(Store store, ReplicationOptions options, String nonce) {
        return new Replication(store, options, nonce);
    }

    /**
     * Completes when both sides have what the other one had when they began, and have stored it. Fails when the connection
     * breaks before that, the peer breaks the protocol or the storage fails. Completed on threads of the store.
     */
    public CompletableFuture<Report> synced() {
        return synced.copy();
    }

    /** Returns what has been done so far. */
    public Report report() {
        lock.lock();
        try {
            return tally.report();
        } finally {
            lock.unlock();
        }
    }

    // In

    @Override
    public void receive(ByteBuffer in) throws ProtocolException {
        int count = in.remaining();
        try {
            lines.take(in, this::receive);
        } catch (ProtocolException broken) {
            close(broken);
            throw broken;
        }
        locked(() -> tally.addReceived(count));
    }

    private void receive(byte[] line, int to) throws ProtocolException {
        if (to > 1 && line[0] == '[' && line[1] >= '0' && line[1] <= '9') {
            receiveOfDocument(line, to);
        } else {
            receiveControl(new String(line, 0, to, StandardCharsets.UTF_8));
        }
    }

    private void receiveOfDocument(byte[] line, int to) throws ProtocolException {
        long number = 0;
        int at = 1;
        while (at < to && line[at] >= '0' && line[at] <= '9' && number < ReplicationLine.MAX_NUMBER) {
            number = number * 10 + line[at++] - '0';
        }
        if (at >= to - 2 || line[at] != ',' || line[to - 1] != ']') {
            throw new ProtocolException("the line of a document is [number,message]");
        }
        List<Message> messages = new ArrayList<>(1);
        decoder.decode(ByteBuffer.wrap(line, at + 1, to - at - 2), messages);
        decoder.decode(LINE_FEED.duplicate(), messages);
        DocumentExchange exchange = exchange(number);
        if (exchange != null && !messages.isEmpty()) {
            try {
                exchange.receive(messages, to);
            } catch (ProtocolException objection) {
                lockedOrBroken(() -> documents.abandon(exchange, String.valueOf(objection.getMessage())));
            }
        }
    }

    private @Nullable DocumentExchange exchange(long number) throws ProtocolException {
        lock.lock();
        try {
            return documents.get(number);
        } finally {
            lock.unlock();
        }
    }

    private void receiveControl(String text) throws ProtocolException {
        Json json;
        try {
            json = Json.parse(text);
        } catch (JsonException malformed) {
            throw new ProtocolException("expected one JSON text per line: " + malformed.getMessage());
        }
        Rounds known = rounds;
        if (known == null) {
            greet(json);
            return;
        }
        if (!(json instanceof JsonArray line) || line.size() == 0 || !(line.get(0) instanceof JsonString kind)) {
            throw new ProtocolException("expected a line of a replication, which is an array");
        }
        switch (kind.value()) {
            case "end" -> {
                DocumentExchange exchange = exchange(ReplicationLine.number(line));
                if (exchange != null) {
                    exchange.receiveEnd();
                }
            }
            case "refused" ->
                lockedOrBroken(() -> refusedByPeer(known, ReplicationLine.number(line), ReplicationLine.text(line, 2)));
            case "done" -> lockedOrBroken(this::peerIsDone);
            default -> lockedOrBroken(() -> known.receive(kind.value(), line));
        }
    }

    private void greet(Json json) throws ProtocolException {
        ReplicationGreeting theirs = ReplicationGreeting.parse(json);
        int order = nonce.compareTo(theirs.nonce());
        if (order == 0) {
            throw new ProtocolException("connected with itself");
        }
        lock.lock();
        try {
            peerTails = theirs.tail();
            rounds = order > 0 ? new Leader(this, digest) : new Follower(this, digest);
        } finally {
            lock.unlock();
        }
        // What was applied before is told, too.
        store.flush().whenCompleteAsync((flushed, failure) -> begin(failure), store.executor());
    }

    private void begin(@Nullable Throwable failure) {
        if (failure != null) {
            close(failure);
            return;
        }
        locked(() -> {
            begun = true;
            Rounds known = rounds;
            look(store.storage()::latest, latest -> {
                position = latest;
                if (known != null) {
                    known.start();
                }
            });
        });
    }

    private void refusedByPeer(Rounds known, long number, String reason) throws ProtocolException {
        boolean expected = documents.refusedByPeer(number, reason)
                || (known instanceof Leader leader && leader.refused(number, reason))
                || documents.hasBegun(number);
        if (!expected) {
            throw new ProtocolException("refuses what nobody asked for");
        }
    }

    private void peerIsDone() throws ProtocolException {
        if (doneReceived || (rounds instanceof Leader && !doneSent)) {
            throw new ProtocolException("is done before there is an end");
        }
        doneReceived = true;
    }

    @Override
    public void receiveEnd() throws ProtocolException {
        boolean complete;
        lock.lock();
        try {
            complete = over || (isDone() && lines.isEmpty());
        } finally {
            lock.unlock();
        }
        if (!complete) {
            ProtocolException early = new ProtocolException("the peer ended before both sides had everything");
            close(early);
            throw early;
        }
        close();
    }

    // Out

    @Override
    public boolean transmit(ByteBuffer out) {
        int before = out.position();
        try {
            return output.transmit(out);
        } finally {
            lock.lock();
            tally.addSent(out.position() - before);
            lock.unlock();
        }
    }

    @Override
    public void onReady(Runnable wakeup) {
        output.onReady(wakeup);
    }

    @Override
    public boolean outputEnded() {
        lock.lock();
        try {
            return over || (isDone() && !tails() && output.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    // End

    @Override
    public void close() {
        end(new IOException("the replication was closed"));
    }

    @Override
    public void close(Throwable cause) {
        end(cause);
    }

    private void end(Throwable cause) {
        List<DocumentExchange> left;
        Subscription watch;
        boolean complete;
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            left = documents.clear();
            looks.clear();
            output.clear();
            watch = watching;
            watching = null;
            complete = isDone();
        } finally {
            lock.unlock();
        }
        left.forEach(DocumentExchange::abort);
        if (watch != null) {
            watch.close();
        }
        if (complete) {
            synced.complete(report());
        } else {
            synced.completeExceptionally(cause);
        }
        output.wake();
    }

    // For both roles, lock held unless said otherwise

    /** Something done with the lock held. */
    @FunctionalInterface
    private interface Step {
        void take() throws ProtocolException;
    }

    ReplicationOptions options() {
        return options;
    }

    ReplicationRules rules() {
        return rules;
    }

    ReplicationTally tally() {
        return tally;
    }

    ReplicationDocuments documents() {
        return documents;
    }

    /** Where documents say that they have something to say. */
    ReplicationOutput output() {
        return output;
    }

    /** Reads the storage on a thread of the store, one look after the other, and goes on with what was found. */
    <T> void look(Callable<T> look, Consumer<? super T> then) {
        looks.add(() -> {
            T found;
            try {
                found = look.call();
            } catch (Exception failure) {
                close(failure);
                return;
            }
            locked(() -> {
                looking = false;
                then.accept(found);
            });
        });
    }

    private void nextLook() {
        if (begun && !looking && !over) {
            Runnable next = looks.poll();
            if (next != null) {
                looking = true;
                store.executor().execute(next);
            }
        }
    }

    /** Does something with the lock, then what can be done after it. Lock not held. */
    void locked(Runnable step) {
        try {
            lockedOrBroken(step::run);
        } catch (ProtocolException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void lockedOrBroken(Step step) throws ProtocolException {
        boolean complete;
        Throwable failure = null;
        lock.lock();
        try {
            if (over) {
                return;
            }
            step.take();
            Rounds known = rounds;
            if (begun && known != null) {
                known.go();
            }
            nextLook();
            if (output.waiting() > MAX_CONTROL) {
                throw new ProtocolException("the peer asks and does not read the answers");
            }
            complete = isDone();
        } catch (RuntimeException shutDown) {
            complete = false;
            failure = shutDown;
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            close(failure);
        }
        if (complete) {
            completeOnce();
        }
        output.wake();
    }

    private void completeOnce() {
        boolean watch;
        lock.lock();
        try {
            watch = tails() && watching == null && !over;
        } finally {
            lock.unlock();
        }
        if (!synced.isDone()) {
            synced.completeAsync(this::report, store.executor());
        }
        if (watch) {
            watch();
        }
    }

    private void watch() {
        Subscription watch = store.watch(position, change -> {
            if (options.only().test(change.name())) {
                locked(() -> {
                    Rounds known = rounds;
                    if (known != null) {
                        known.changed(change.name());
                    }
                });
            }
        });
        Subscription unused = watch;
        lock.lock();
        try {
            if (!over && watching == null) {
                watching = watch;
                unused = null;
            }
        } finally {
            lock.unlock();
        }
        if (unused != null) {
            unused.close();
        }
    }

    void say(byte[] line) {
        output.say(line);
    }

    /** Tells whether both sides want to go on when they have everything. */
    boolean tails() {
        return options.tail() && peerTails;
    }

    /** Tells whether both sides have had everything. */
    boolean isDone() {
        return doneSent && doneReceived;
    }

    boolean peerHasDone() {
        return doneReceived;
    }

    /** Says, once, that nothing is left to be done here. */
    void done() {
        if (!doneSent && !documents.isStoring()) {
            doneSent = true;
            say(ReplicationLine.of("done"));
        }
    }

    void note(String name, String reason) {
        tally.addRefused(name, reason);
    }

    void refuse(long number, String name, String reason) {
        note(name, reason);
        say(ReplicationLine.of("refused", number, reason));
    }

    /** Deletes a document and says what came of it. */
    void delete(String name, Consumer<@Nullable Throwable> then) {
        look(() -> store.storage().find(name) == null, isNew -> {
            IOException objection = isNew ? rules.objectionToNew() : null;
            if (objection != null) {
                then.accept(objection);
                return;
            }
            store.delete(name)
                    .whenCompleteAsync(
                            (news, failure) -> locked(() -> {
                                if (failure == null) {
                                    tally.addDeleted();
                                }
                                then.accept(failure);
                            }),
                            store.executor());
        });
    }

    static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
