package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Session;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares replicas with each other and with what they must be. */
final class Inspection<R extends Replica> {
    private final Network<R> network;

    Inspection(Network<R> network) {
        this.network = network;
    }

    // One replica, at any time

    /**
     * Checks a replica against everything it has seen.
     *
     * @param since clock of a peer, for which its history is asked
     */
    void checkOne(Node<R> node, Clock since) {
        R replica = node.replica();
        checkClock(node, replica.clock());
        List<Update> history = replica.history();
        List<Update> lacking =
                history.stream().filter(update -> !since.covers(update)).toList();
        expectSame(
                node.name() + ": history(clock) and the part of history() that the clock lacks",
                lacking,
                replica.history(since));
        NaiveReplica naive = network.workload.naive();
        if (naive != null) {
            naive.see(node.seen());
            expectSame(node.name() + ": the reference's history and its own", naive.history(), history);
            expectEqual(node.name() + " does not show what it has seen", naive.toJson(), replica.toJson());
        }
    }

    private void checkClock(Node<R> node, Clock clock) {
        Map<String, Double> expected = new HashMap<>(node.latest());
        // A write of its own that lost at once to a known one moves the clock, and nobody ever hears of it.
        double own = clock.latest(node.id());
        if (own > expected.getOrDefault(node.id(), Clock.NEVER)) {
            expected.put(node.id(), own);
        }
        if (!clock.toMap().equals(expected)) {
            throw new Violation(
                    node.name() + " has the clock " + clock + ", but what it has seen makes " + Clock.of(expected));
        }
    }

    // All replicas, after healing

    /** Checks that all replicas have become equal, and equal to what they must be. */
    void checkAll() {
        List<Update> everything = new ArrayList<>();
        Clock known = Clock.EMPTY;
        for (Node<R> node : network.nodes()) {
            everything.addAll(node.seen());
            known = known.merge(node.replica().clock());
        }
        everything = NaiveReplica.inStampOrder(everything);
        Node<R> first = network.nodes().get(0);
        R replica = first.replica();
        List<Update> history = replica.history();
        for (Node<R> node : network.nodes()) {
            checkOne(node, first.replica().clock());
            String both = first.name() + " and " + node.name();
            expectSame("the histories of " + both, history, node.replica().history());
            expectEqual(
                    both + " do not converge", replica.toJson(), node.replica().toJson());
            checkCovers(node, history);
        }
        checkAgainstReference(first, everything);
        checkRebuild(first, history);
        checkLinks();
    }

    /**
     * Clocks need not be equal: where everything of a source is superseded, only those who saw it in time know the
     * source. But whoever holds an update must know its source that far.
     */
    private void checkCovers(Node<R> node, List<Update> history) {
        Clock clock = node.replica().clock();
        for (Update update : history) {
            if (!clock.covers(update)) {
                throw new Violation(node.name() + " holds " + Trace.brief(update) + " beyond its clock " + clock);
            }
        }
    }

    private void checkAgainstReference(Node<R> first, List<Update> everything) {
        NaiveReplica naive = network.workload.naive();
        if (naive != null) {
            naive.see(everything);
            expectSame(
                    "what all replicas together have seen, and the history of " + first.name(),
                    naive.history(),
                    first.replica().history());
            expectEqual(
                    "all replicas agree on what cannot be",
                    naive.toJson(),
                    first.replica().toJson());
            return;
        }
        R told = rebuild(everything, "everything that was seen, in order");
        expectSame(
                "a replica that was told everything in order, and " + first.name(),
                told.history(),
                first.replica().history());
        expectEqual(
                "all replicas agree, but not with one that was told everything in order",
                told.toJson(),
                first.replica().toJson());
    }

    private void checkRebuild(Node<R> first, List<Update> history) {
        R rebuilt = rebuild(history, "the history of " + first.name());
        expectEqual(
                "a replica that was told the history of " + first.name() + " is not equal to it",
                first.replica().toJson(),
                rebuilt.toJson());
    }

    private R rebuild(List<Update> updates, String what) {
        R rebuilt =
                network.workload.create(ReplicaOptions.defaults().id("rebuilt").executor(Runnable::run));
        for (Update update : updates) {
            Outcome outcome = rebuilt.apply(update);
            if (outcome != Outcome.APPLIED && outcome != Outcome.IGNORED) {
                throw new Violation(
                        "told " + what + ", a new replica answers " + outcome + " to " + Trace.brief(update));
            }
        }
        return rebuilt;
    }

    private void checkLinks() {
        Map<Node<?>, Integer> sessions = new HashMap<>();
        for (Link link : network.links()) {
            for (boolean left : new boolean[] {true, false}) {
                Lane.End end = link.end(left);
                sessions.merge(end.node(), 1, Integer::sum);
                Session session = end.session();
                if (link.options.ends() == Operation.Ends.TWO_WAY && session.state() != Session.State.LIVE) {
                    throw new Violation(link + ": the session of " + end.node().name() + " is " + session.state());
                }
                String remainder = link.lane(left).remainder();
                if (remainder != null) {
                    throw new Violation(remainder);
                }
                int behind = session.stats().behind();
                if (behind > 0 && session.state() == Session.State.LIVE) {
                    throw new Violation(link + ": " + end.node().name() + " thinks that its peer lacks " + behind
                            + " updates, and does not send them");
                }
            }
        }
        for (Node<R> node : network.nodes()) {
            int open = node.replica().sessions().size();
            int expected = sessions.getOrDefault(node, 0) + 1;
            if (open != expected) {
                throw new Violation(
                        node.name() + " has " + open + " open sessions; its links and its journal make " + expected);
            }
        }
    }

    // Differences

    private static void expectSame(String what, List<Update> expected, List<Update> actual) {
        int count = Math.min(expected.size(), actual.size());
        for (int i = 0; i < count; i++) {
            if (!isSame(expected.get(i), actual.get(i))) {
                throw new Violation(what + " differ at " + i + ": " + Trace.brief(expected.get(i)) + " and "
                        + Trace.brief(actual.get(i)));
            }
        }
        if (expected.size() != actual.size()) {
            List<Update> longer = expected.size() > count ? expected : actual;
            throw new Violation(what + " differ: " + expected.size() + " and " + actual.size()
                    + " updates; only one has " + Trace.brief(longer.get(count)));
        }
    }

    /** An update is never encoded again, so equal updates have equal bytes. */
    private static boolean isSame(Update one, Update other) {
        return one == other || one.bytes().equals(other.bytes());
    }

    private static void expectEqual(String what, Json expected, Json actual) {
        if (expected.equals(actual)) {
            return;
        }
        if (expected instanceof JsonObject one && actual instanceof JsonObject other) {
            for (String key : one.keys()) {
                expectMember(what, key, one, other);
            }
            for (String key : other.keys()) {
                expectMember(what, key, one, other);
            }
        }
        throw new Violation(what + ": " + Trace.brief(expected.toString()) + " and " + Trace.brief(actual.toString()));
    }

    private static void expectMember(String what, String key, JsonObject one, JsonObject other) {
        Json left = one.get(key);
        Json right = other.get(key);
        if (left == null || right == null || !left.equals(right)) {
            throw new Violation(what + ": " + Json.of(key) + " is " + brief(left) + " and " + brief(right));
        }
    }

    private static String brief(@Nullable Json json) {
        return json == null ? "absent" : Trace.brief(json.toString());
    }
}
