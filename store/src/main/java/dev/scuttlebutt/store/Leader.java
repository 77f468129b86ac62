package dev.scuttlebutt.store;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out which documents differ, and sees to it that they do not. */
final class Leader implements Rounds {
    /*
     * Names are walked in their order, so that neither side holds a list of all: a page of our own, its hash to the peer,
     * and only if the peer's hash is another one, its states. Before that, one hash of everything: mostly nothing differs.
     */
    static final int PAGE = 1024;
    static final int NAMES = 256;
    static final int MAX_DELETING = 64;

    private static final int MAX_ASKED = 4;
    private static final int ENOUGH = 2 * PAGE;

    /** A question that is not answered yet. */
    private sealed interface Asked {}

    /** About names from one up to another; limit 0 only whether all are the same. */
    private record Range(String from, @Nullable String to, int limit) implements Asked {}

    /** About some names, which stand like this here. */
    private record Names(Map<String, DocumentState> ours) implements Asked {}

    private record Difference(DocumentState ours, DocumentState theirs) {}

    private record Rest(String from, @Nullable String to) {}

    private final Replication replication;
    private final Digest digest;
    private final Map<Long, Asked> asked = new HashMap<>();
    private final Map<Long, String> deleting = new HashMap<>();
    private final Deque<Rest> rests = new ArrayDeque<>();
    private final Deque<Difference> differences = new ArrayDeque<>();
    private final Changed changed = new Changed();
    private @Nullable String cursor;
    private long numbers;
    private int looking;
    private boolean started;
    private boolean walking;
    private int deletingHere;
    private boolean moreWanted;

    Leader(Replication replication, Digest digest) {
        this.replication = replication;
        this.digest = digest;
    }

    @Override
    public void start() {
        started = true;
        walking = true;
        looking++;
        replication.look(() -> digest.page("", null, PAGE), page -> {
            looking--;
            if (page.next() == null) {
                walked(page);
            } else {
                askWhole();
            }
        });
    }

    private void askWhole() {
        looking++;
        replication.look(() -> digest.hash("", null), hash -> {
            looking--;
            ask(new Range("", null, 0), hash);
        });
    }

    private void walk(String from) {
        walking = true;
        looking++;
        replication.look(() -> digest.page(from, null, PAGE), page -> {
            looking--;
            walked(from, page);
        });
    }

    private void walked(Digest.Page page) {
        walked("", page);
    }

    private void walked(String from, Digest.Page page) {
        walking = false;
        cursor = page.next();
        ask(new Range(from, page.next(), PAGE), DocumentState.hash(page.states()));
    }

    private void ask(Range range, @Nullable String hash) {
        long number = ++numbers;
        asked.put(number, range);
        replication.say(ReplicationLine.of("range", number, range.from, range.to, hash, range.limit));
    }

    @Override
    public void receive(String kind, JsonArray line) throws ProtocolException {
        switch (kind) {
            case "same" -> same(answered(line));
            case "documents" -> documents(answered(line), line);
            case "deleted" -> {
                if (deleting.remove(ReplicationLine.number(line)) == null) {
                    throw new ProtocolException("has deleted what nobody asked for");
                }
                replication.tally().addDeleted();
            }
            case "changed" -> changed(line);
            default -> throw new ProtocolException("a follower does not say \"" + kind + "\"");
        }
    }

    /** Takes note that something could not be deleted over there; false when nobody asked for it. */
    boolean refused(long number, String reason) {
        String name = deleting.remove(number);
        if (name != null) {
            replication.note(name, reason);
        }
        return name != null;
    }

    private Asked answered(JsonArray line) throws ProtocolException {
        Asked question = asked.remove(ReplicationLine.number(line));
        if (question == null) {
            throw new ProtocolException("answers what nobody asked");
        }
        return question;
    }

    private void same(Asked question) {
        if (question instanceof Range range && range.limit == 0) {
            walking = false;
        }
    }

    private void documents(Asked question, JsonArray line) throws ProtocolException {
        String next = ReplicationLine.textOrNull(line, 3);
        if (question instanceof Names names) {
            List<DocumentState> theirs = DocumentState.list(ReplicationLine.at(line, 2), NAMES);
            for (DocumentState state : theirs) {
                DocumentState ours = names.ours.get(state.name());
                if (ours == null) {
                    throw new ProtocolException("tells of a document that nobody asked for");
                }
                differ(ours, state);
            }
        } else if (question instanceof Range range && range.limit == 0) {
            walk("");
        } else if (question instanceof Range range) {
            List<DocumentState> theirs = DocumentState.list(ReplicationLine.at(line, 2), range.limit);
            check(range, theirs, next);
            compare(range.from, next == null ? range.to : next, theirs);
            if (next != null) {
                rests.add(new Rest(next, range.to));
            }
        }
    }

    private static void check(Range range, List<DocumentState> theirs, @Nullable String next) throws ProtocolException {
        String last = null;
        for (DocumentState state : theirs) {
            boolean ordered = last == null
                    ? NameRange.ORDER.compare(state.name(), range.from) >= 0
                    : NameRange.ORDER.compare(state.name(), last) > 0;
            if (!ordered || (range.to != null && NameRange.ORDER.compare(state.name(), range.to) >= 0)) {
                throw new ProtocolException("the documents of a page are out of order");
            }
            last = state.name();
        }
        String behind = last == null ? range.from : last;
        if (next != null
                && (NameRange.ORDER.compare(next, behind) <= 0
                        || (range.to != null && NameRange.ORDER.compare(next, range.to) >= 0))) {
            throw new ProtocolException("a page does not lead on");
        }
    }

    private void compare(String from, @Nullable String to, List<DocumentState> theirs) {
        looking++;
        replication.look(() -> digest.all(from, to), ours -> {
            looking--;
            Map<String, DocumentState> left = DocumentState.byName(theirs);
            for (DocumentState state : ours) {
                DocumentState other = left.remove(state.name());
                differ(state, other == null ? DocumentState.absent(state.name()) : other);
            }
            left.values().forEach(state -> differ(DocumentState.absent(state.name()), state));
        });
    }

    private void differ(DocumentState ours, DocumentState theirs) {
        if (!ours.equals(theirs)) {
            differences.add(new Difference(ours, theirs));
        }
    }

    /** The peer tells what has changed there; it goes on when it is asked for more. */
    private void changed(JsonArray line) throws ProtocolException {
        if (moreWanted || !replication.tails()) {
            throw new ProtocolException("tells of changes that nobody asked for");
        }
        if (!(ReplicationLine.at(line, 1) instanceof JsonArray names) || names.size() > NAMES) {
            throw new ProtocolException("expected at most " + NAMES + " names of documents");
        }
        List<String> checked = new ArrayList<>();
        for (Json name : names) {
            if (!(name instanceof JsonString text)) {
                throw new ProtocolException("the name of a document is a text");
            }
            checked.add(DocumentState.name(text.value()));
        }
        moreWanted = true;
        if (checked.isEmpty()) {
            changed.add(null);
        }
        checked.forEach(changed::add);
    }

    @Override
    public void go() {
        while (!differences.isEmpty() && hasRoom(differences.element())) {
            settle(differences.remove());
        }
        while (asked.size() + looking < MAX_ASKED && differences.size() < ENOUGH && goOn()) {
            // Each time round one more question is on its way.
        }
        if (moreWanted && changed.size() < NAMES) {
            moreWanted = false;
            replication.say(ReplicationLine.of("more"));
        }
        if (isIdle()) {
            replication.done();
        }
    }

    private boolean goOn() {
        Rest rest = rests.poll();
        if (rest != null) {
            ask(new Range(rest.from, rest.to, PAGE), null);
            return true;
        }
        if (walking) {
            return false;
        }
        String next = cursor;
        if (next != null) {
            walk(next);
            return true;
        }
        if (changed.isEmpty() || !replication.isDone()) {
            return false;
        }
        if (changed.takeMany()) {
            start();
        } else {
            askNames(changed.take(NAMES));
        }
        return true;
    }

    private void askNames(List<String> names) {
        looking++;
        replication.look(() -> digest.of(names), ours -> {
            looking--;
            if (!ours.isEmpty()) {
                long number = ++numbers;
                asked.put(number, new Names(DocumentState.byName(ours)));
                replication.say(ReplicationLine.of("compare", number, DocumentState.toJson(ours)));
            }
        });
    }

    private boolean isIdle() {
        return started
                && !walking
                && cursor == null
                && looking == 0
                && deletingHere == 0
                && asked.isEmpty()
                && deleting.isEmpty()
                && rests.isEmpty()
                && differences.isEmpty()
                && replication.documents().count() == 0;
    }

    private boolean hasRoom(Difference difference) {
        if (difference.ours.deleted() || difference.theirs.deleted()) {
            return deleting.size() + deletingHere < MAX_DELETING;
        }
        return replication.documents().count() < replication.options().openAtOnce()
                && !replication.documents().isBusyStoring();
    }

    private void settle(Difference difference) {
        DocumentState ours = difference.ours;
        DocumentState theirs = difference.theirs;
        String name = ours.name();
        if (ours.deleted()) {
            long number = ++numbers;
            deleting.put(number, name);
            replication.say(ReplicationLine.of("delete", number, name));
        } else if (theirs.deleted()) {
            deleteHere(name);
        } else if (ours.isLive()
                && theirs.isLive()
                && !String.valueOf(ours.type()).equals(theirs.type())) {
            replication.note(name, "is a " + ours.type() + " here and a " + theirs.type() + " there");
        } else if (ours.isLive() || theirs.isLive()) {
            String type = String.valueOf(ours.isLive() ? ours.type() : theirs.type());
            String objection = replication.rules().objectionTo(name, type);
            if (objection == null) {
                openBoth(name, type);
            } else {
                replication.note(name, objection);
            }
        }
    }

    private void deleteHere(String name) {
        String objection = replication.rules().objectionToDeleting(name);
        if (objection != null) {
            replication.note(name, objection);
            return;
        }
        deletingHere++;
        replication.delete(name, failure -> {
            deletingHere--;
            if (failure != null) {
                replication.note(name, Replication.reason(failure));
            }
        });
    }

    private void openBoth(String name, String type) {
        long number = ++numbers;
        DocumentExchange exchange = replication.documents().beginOwn(number, name);
        replication.say(ReplicationLine.of("open", number, name, type));
        replication.documents().open(exchange);
    }

    @Override
    public void changed(@Nullable String name) {
        changed.add(name);
    }
}
