package dev.scuttlebutt.store;

import dev.scuttlebutt.ProtocolException;
import dev.scuttlebutt.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers what the leader asks, and tells it what has changed here. */
final class Follower implements Rounds {
    private static final int MAX_ASKED = 16;

    private final Replication replication;
    private final Digest digest;
    private final Changed changed = new Changed();
    private int asked;
    private int deleting;
    private boolean told;

    Follower(Replication replication, Digest digest) {
        this.replication = replication;
        this.digest = digest;
    }

    @Override
    public void start() {}

    @Override
    public void receive(String kind, JsonArray line) throws ProtocolException {
        switch (kind) {
            case "range" -> range(line);
            case "compare" -> compare(line);
            case "delete" -> delete(line);
            case "open" -> open(line);
            case "more" -> {
                if (!told) {
                    throw new ProtocolException("asks for more before anything was told");
                }
                told = false;
            }
            default -> throw new ProtocolException("a leader does not say \"" + kind + "\"");
        }
    }

    private void ask() throws ProtocolException {
        asked++;
        if (asked > MAX_ASKED) {
            throw new ProtocolException("asks more than " + MAX_ASKED + " things at a time");
        }
    }

    private void range(JsonArray line) throws ProtocolException {
        ask();
        long number = ReplicationLine.number(line);
        String from = ReplicationLine.text(line, 2);
        String to = ReplicationLine.textOrNull(line, 3);
        String hash = ReplicationLine.textOrNull(line, 4);
        int limit = ReplicationLine.count(line, 5, Leader.PAGE);
        replication.look(
                () -> {
                    if (limit == 0) {
                        return digest.hash(from, to).equals(hash)
                                ? ReplicationLine.of("same", number)
                                : ReplicationLine.of("documents", number, List.of(), from);
                    }
                    Digest.Page page = digest.page(from, to, limit);
                    return page.next() == null
                                    && DocumentState.hash(page.states()).equals(hash)
                            ? ReplicationLine.of("same", number)
                            : ReplicationLine.of("documents", number, DocumentState.toJson(page.states()), page.next());
                },
                this::answer);
    }

    private void compare(JsonArray line) throws ProtocolException {
        ask();
        long number = ReplicationLine.number(line);
        List<DocumentState> theirs = DocumentState.list(ReplicationLine.at(line, 2), Leader.NAMES);
        replication.look(
                () -> {
                    List<DocumentState> ours =
                            digest.of(theirs.stream().map(DocumentState::name).toList());
                    List<DocumentState> different = ours.stream()
                            .filter(state -> !theirs.contains(state))
                            .toList();
                    return different.isEmpty()
                            ? ReplicationLine.of("same", number)
                            : ReplicationLine.of("documents", number, DocumentState.toJson(different), null);
                },
                this::answer);
    }

    private void answer(byte[] line) {
        asked--;
        replication.say(line);
    }

    private void delete(JsonArray line) throws ProtocolException {
        long number = ReplicationLine.number(line);
        String name = DocumentState.name(ReplicationLine.text(line, 2));
        if (deleting >= Leader.MAX_DELETING) {
            throw new ProtocolException("deletes more than " + Leader.MAX_DELETING + " documents at a time");
        }
        String objection = replication.rules().objectionToDeleting(name);
        if (objection != null) {
            replication.refuse(number, name, objection);
            return;
        }
        deleting++;
        replication.delete(name, failure -> {
            deleting--;
            if (failure == null) {
                replication.say(ReplicationLine.of("deleted", number));
            } else {
                replication.refuse(number, name, Replication.reason(failure));
            }
        });
    }

    private void open(JsonArray line) throws ProtocolException {
        long number = ReplicationLine.number(line);
        String name = DocumentState.name(ReplicationLine.text(line, 2));
        String type = ReplicationLine.text(line, 3);
        DocumentExchange exchange = replication.documents().begin(number, name);
        String objection = replication.rules().objectionTo(name, type);
        if (objection == null) {
            replication.documents().open(exchange);
        } else {
            replication.documents().abandon(exchange, objection);
        }
    }

    @Override
    public void go() {
        boolean idle = asked == 0 && deleting == 0 && replication.documents().count() == 0;
        if (replication.peerHasDone() && idle) {
            replication.done();
        }
        if (replication.tails() && replication.isDone() && !told && !changed.isEmpty()) {
            told = true;
            List<String> names = changed.take(Leader.NAMES);
            replication.say(ReplicationLine.of("changed", (Object) names));
        }
    }

    @Override
    public void changed(@Nullable String name) {
        changed.add(name);
    }
}
