package dev.scuttlebutt.store;

import dev.scuttlebutt.Message;
import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Subscription;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonException;
import dev.scuttlebutt.json.JsonNumber;
import dev.scuttlebutt.json.JsonObject;
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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private static final int VERSION = 1;
    private static final int NONCE_BYTES = 16;
    private static final int FRAME_BYTES = 32;
    private static final int MAX_CONTROL = 4096;
    private static final int MAX_STORING = 4096;
    private static final int MAX_REFUSALS = 1000;
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
    private final Queue<DocumentExchange> ready = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Runnable wakeup;

    /** Used by the one who transmits. */
    private @Nullable ByteBuffer outgoing;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Deque<byte[]> control = new ArrayDeque<>();
    private final Deque<Runnable> looks = new ArrayDeque<>();
    private final Map<Long, DocumentExchange> exchanges = new HashMap<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private @Nullable Rounds rounds;
    private boolean begun;
    private boolean looking;
    private boolean peerTails;
    private long highest;
    private long position;
    private long newDocuments;
    private int storing;
    private boolean doneSent;
    private boolean doneReceived;
    private @Nullable Subscription watching;
    private boolean over;
    private long exchanged;
    private long deleted;
    private long refused;
    private long received;
    private long sent;

    private Replication(Store store, ReplicationOptions options, String nonce) {
        this.store = store;
        this.options = options;
        this.nonce = nonce;
        this.digest = new Digest(store.storage(), options.only());
        this.lines = new LineBuffer(options.limits().maxLineBytes() + FRAME_BYTES);
        this.decoder = new JsonLines.Decoder(options.limits());
        control.add(
                ReplicationLine.encode(Json.object("replication", VERSION, "nonce", nonce, "tail", options.tail())));
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
            return new Report(exchanged, deleted, refused, List.copyOf(refusals), received, sent);
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
        locked(() -> received += count);
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
                lockedOrBroken(() -> abandon(exchange, String.valueOf(objection.getMessage())));
            }
        }
    }

    /** Returns the exchange of this number, or null when it is over. */
    private @Nullable DocumentExchange exchange(long number) throws ProtocolException {
        lock.lock();
        try {
            if (number > highest) {
                throw new ProtocolException("no document was opened under the number " + number);
            }
            return exchanges.get(number);
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
        if (!(json instanceof JsonObject greeting)
                || !(greeting.get("replication") instanceof JsonNumber version)
                || !(greeting.get("nonce") instanceof JsonString theirs)) {
            throw new ProtocolException("expected the greeting of a replication of stores");
        }
        if (version.value() != VERSION) {
            throw new ProtocolException("the peer speaks version " + version + " of replication, this is " + VERSION);
        }
        int order = nonce.compareTo(theirs.value());
        if (order == 0) {
            throw new ProtocolException("connected with itself");
        }
        lock.lock();
        try {
            peerTails = Json.TRUE.equals(greeting.get("tail"));
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
        DocumentExchange exchange = exchanges.remove(number);
        if (exchange != null) {
            exchange.abort();
            note(exchange.name(), reason);
        } else if (!(known instanceof Leader leader && leader.refused(number, reason)) && number > highest) {
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
            while (true) {
                ByteBuffer line = outgoing;
                if (line == null) {
                    if (!out.hasRemaining()) {
                        return true;
                    }
                    byte[] next = nextLine();
                    if (next == null) {
                        return false;
                    }
                    line = ByteBuffer.wrap(next);
                    outgoing = line;
                }
                int count = Math.min(line.remaining(), out.remaining());
                out.put(out.position(), line, line.position(), count);
                out.position(out.position() + count);
                line.position(line.position() + count);
                if (line.hasRemaining()) {
                    return true;
                }
                outgoing = null;
            }
        } finally {
            lock.lock();
            sent += out.position() - before;
            lock.unlock();
        }
    }

    private byte @Nullable [] nextLine() {
        while (true) {
            // Taken before the lines that are none of a document are looked at: the one that opens it is among them.
            DocumentExchange exchange = ready.poll();
            byte[] line = nextControl();
            if (line != null) {
                if (exchange != null) {
                    ready.add(exchange);
                }
                return line;
            }
            if (exchange == null) {
                return null;
            }
            // Before it is asked: what becomes ready meanwhile puts it into the queue once more.
            exchange.queued.set(false);
            line = exchange.poll();
            if (line != null) {
                enqueue(exchange);
                return line;
            }
        }
    }

    private byte @Nullable [] nextControl() {
        lock.lock();
        try {
            return control.poll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onReady(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    @Override
    public boolean outputEnded() {
        lock.lock();
        try {
            return over || (isDone() && !tails() && control.isEmpty() && outgoing == null);
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        Runnable callback = wakeup;
        if (callback != null) {
            callback.run();
        }
    }

    void ready(DocumentExchange exchange) {
        if (enqueue(exchange)) {
            wake();
        }
    }

    private boolean enqueue(DocumentExchange exchange) {
        boolean news = exchange.queued.compareAndSet(false, true);
        if (news) {
            ready.add(exchange);
        }
        return news;
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
            left = List.copyOf(exchanges.values());
            exchanges.clear();
            looks.clear();
            control.clear();
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
        wake();
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
    private void locked(Runnable step) {
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
            if (control.size() > MAX_CONTROL) {
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
        wake();
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
        control.add(line);
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
        if (!doneSent && storing == 0) {
            doneSent = true;
            say(ReplicationLine.of("done"));
        }
    }

    int exchanges() {
        return exchanges.size();
    }

    /** Tells whether so much waits for the disk that it should not become more. */
    boolean isBusyStoring() {
        return storing >= MAX_STORING;
    }

    void note(String name, String reason) {
        refused++;
        if (refusals.size() < MAX_REFUSALS) {
            refusals.add(new Refusal(name, reason));
        }
    }

    void refuse(long number, String name, String reason) {
        note(name, reason);
        say(ReplicationLine.of("refused", number, reason));
    }

    @Nullable
    String objectionTo(String name, String type) {
        String here = store.schema().type(name);
        if (!options.only().test(name)) {
            return "is not replicated";
        }
        if (here == null) {
            return "no rule of the schema matches";
        }
        return here.equals(type) ? null : "is a " + here + " for one side and a " + type + " for the other";
    }

    @Nullable
    String objectionToDeleting(String name) {
        return options.deletions() && options.only().test(name) ? null : "may not be deleted";
    }

    /** Deletes a document and says what came of it. */
    void delete(String name, Consumer<@Nullable Throwable> then) {
        look(() -> store.storage().find(name) == null, isNew -> {
            if (isNew && isTooMany()) {
                then.accept(tooMany());
                return;
            }
            store.delete(name)
                    .whenCompleteAsync(
                            (news, failure) -> locked(() -> {
                                deleted += failure == null ? 1 : 0;
                                then.accept(failure);
                            }),
                            store.executor());
        });
    }

    void countDeletion() {
        deleted++;
    }

    private boolean isTooMany() {
        return ++newDocuments > options.maxNewDocuments();
    }

    private IOException tooMany() {
        return new IOException("more than " + options.maxNewDocuments() + " documents that were not there");
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
        DocumentExchange exchange = new DocumentExchange(this, number, name);
        exchanges.put(number, exchange);
        return exchange;
    }

    void open(DocumentExchange exchange) {
        look(() -> store.storage().find(exchange.name()) == null, isNew -> {
            if (isNew && isTooMany()) {
                abandon(exchange, reason(tooMany()));
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
            locked(() -> abandon(exchange, reason(cause)));
        }
    }

    /** Ends the exchange of a document, and tells the peer why. */
    void abandon(DocumentExchange exchange, String reason) {
        if (exchanges.remove(exchange.number(), exchange)) {
            exchange.abort();
            refuse(exchange.number(), exchange.name(), reason);
        }
    }

    /** Both sides have everything of a document; it is not yet stored. Lock not held. */
    void complete(DocumentExchange exchange) {
        locked(() -> {
            if (exchanges.remove(exchange.number(), exchange)) {
                exchanged++;
            }
            storing++;
        });
    }

    /** It is stored, or is not to be. Lock not held. */
    void stored(DocumentExchange exchange, @Nullable Throwable failure) {
        locked(() -> {
            storing--;
            if (failure != null) {
                note(exchange.name(), reason(failure));
            }
        });
    }

    static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
