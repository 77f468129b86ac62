package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Replica;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.testkit.Operation.Check;
import dev.scuttlebutt.testkit.Operation.Connect;
import dev.scuttlebutt.testkit.Operation.Crash;
import dev.scuttlebutt.testkit.Operation.Cut;
import dev.scuttlebutt.testkit.Operation.Ends;
import dev.scuttlebutt.testkit.Operation.LinkOptions;
import dev.scuttlebutt.testkit.Operation.Partition;
import dev.scuttlebutt.testkit.Operation.Return;
import dev.scuttlebutt.testkit.Operation.Skew;
import dev.scuttlebutt.testkit.Operation.Slow;
import dev.scuttlebutt.testkit.Operation.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The world of a simulation: replicas, links between them, and a time that jumps to whatever happens next. */
final class Network<R extends Replica> {
    /*
     * One thread takes what is due from one agenda, by time and then by the order of entry. Nothing here asks the
     * machine's clock, another thread or an unseeded generator, so a schedule always comes out the same.
     */
    private static final int LINKS_BETWEEN_TWO = 3;

    /** Far more than healing needs; if there is no end to it, that is what has to be told. */
    private static final long MOST_EVENTS_OF_HEALING = 20_000_000;

    private record Event(long millis, long entry, Runnable action) {}

    final Workload<R> workload;
    final Schedule schedule;
    final ManualTime time = new ManualTime();
    final Traffic traffic = new Traffic();
    final Trace trace;

    private final PriorityQueue<Event> agenda =
            new PriorityQueue<>(Comparator.comparingLong(Event::millis).thenComparingLong(Event::entry));
    private final List<Node<R>> nodes = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final Gen gen;
    private final List<String> usedIds = new ArrayList<>();
    private @Nullable Violation reported;
    private boolean answering;
    private long now;
    private long entries;
    private int linkNumbers;
    private int partition;
    private long partitionedUntil;

    Network(Workload<R> workload, Schedule schedule, Trace trace) {
        this.workload = workload;
        this.schedule = schedule;
        this.trace = trace;
        this.gen = Gen.seeded(~schedule.seed());
        this.answering = schedule.answering() > 0;
        for (int i = 0; i < schedule.replicas(); i++) {
            int skew = schedule.skews().get(i);
            Node<R> node = new Node<>(this, i, freshId(), skew, gen.bits());
            nodes.add(node);
            node.start();
            trace(node.name() + " starts as " + Trace.quoted(node.id()) + (skew == 0 ? "" : ", clock off by " + skew));
        }
    }

    List<Node<R>> nodes() {
        return nodes;
    }

    /** Returns the links that at least one end still uses. */
    List<Link> links() {
        links.removeIf(Link::isOver);
        return links;
    }

    boolean isAnswering() {
        return answering;
    }

    void trace(String line) {
        if (trace.isWanted()) {
            trace.line(now, line);
        }
    }

    /** Makes the run fail, from a place that cannot throw. */
    void report(Violation violation) {
        if (reported == null) {
            reported = violation;
        }
    }

    private void throwReported() {
        if (reported != null) {
            throw reported;
        }
    }

    // Time

    /** Milliseconds since the start. */
    long now() {
        return now;
    }

    void at(long millis, Runnable action) {
        agenda.add(new Event(millis, entries++, action));
    }

    private void runOne(Event event) {
        moveTo(event.millis);
        event.action.run();
        throwReported();
    }

    private void moveTo(long millis) {
        now = millis;
        time.set(ManualTime.START + millis);
    }

    /** Lets everything happen that is due within these milliseconds. */
    void runFor(long millis) {
        long until = now + millis;
        Event next;
        while ((next = agenda.peek()) != null && next.millis <= until) {
            agenda.remove();
            runOne(next);
        }
        moveTo(until);
    }

    /** Lets everything happen that follows from what has been done. */
    void runUntilQuiet() {
        long count = 0;
        Event next;
        while ((next = agenda.poll()) != null) {
            runOne(next);
            if (++count > MOST_EVENTS_OF_HEALING) {
                throw new Violation("the replicas go on talking although nobody changes anything");
            }
        }
    }

    // What may happen

    void run(Operation operation) {
        runFor(operation.afterMillis());
        if (operation instanceof Write write) {
            Node<R> node = node(write.replica());
            if (node.isUp()) {
                node.write(Gen.seeded(write.seed()), "");
            }
        } else if (operation instanceof Connect connect) {
            connect(node(connect.left()), node(connect.right()), connect.options());
        } else if (operation instanceof Cut cut) {
            cut(cut);
        } else if (operation instanceof Slow slow) {
            slow(slow);
        } else if (operation instanceof Partition split) {
            split(split);
        } else if (operation instanceof Crash crash) {
            crash(crash);
        } else if (operation instanceof Skew skew) {
            Node<R> node = node(skew.replica());
            node.clock.advanceMillis(skew.byMillis());
            trace(node.name() + " clock jumps by " + skew.byMillis());
        } else if (operation instanceof Check check) {
            check(check);
        }
        throwReported();
    }

    private Node<R> node(int number) {
        return nodes.get(number % nodes.size());
    }

    private void connect(Node<R> left, Node<R> right, LinkOptions options) {
        long between =
                links().stream().filter(link -> link.isBetween(left, right)).count();
        boolean apart = now < partitionedUntil && isInside(left) != isInside(right);
        boolean full = between >= LINKS_BETWEEN_TWO || links.size() > 3 * nodes.size();
        if (left == right || !left.isUp() || !right.isUp() || apart || full) {
            return;
        }
        link(left, right, options);
    }

    private Link link(Node<R> left, Node<R> right, LinkOptions options) {
        Link link = new Link(this, ++linkNumbers, left, right, options);
        links.add(link);
        traffic.links++;
        if (trace.isWanted()) {
            trace(link + " is made: " + options.ends() + ", " + (options.bytes() ? "bytes" : "messages") + ", room for "
                    + options.capacity() + ", " + options.latencyMillis() + " to "
                    + (options.latencyMillis() + options.jitterMillis()) + " ms, reads " + options.maxRead());
        }
        return link;
    }

    private void cut(Cut cut) {
        if (!links().isEmpty()) {
            cut(links.get(cut.link() % links.size()), cut.how(), Gen.seeded(cut.seed()));
        }
    }

    private void cut(Link link, Operation.Break how, Gen random) {
        trace(link + " breaks, " + how);
        traffic.cuts++;
        link.cut(how, random);
    }

    private void slow(Slow slow) {
        if (!links().isEmpty()) {
            Link link = links.get(slow.link() % links.size());
            trace(link + (slow.leftToRight() ? " right" : " left") + " side stops reading for " + slow.forMillis()
                    + " ms, then reads " + slow.maxRead());
            link.lane(slow.leftToRight()).slow(now + slow.forMillis(), slow.maxRead());
        }
    }

    private void split(Partition split) {
        partition = split.members();
        partitionedUntil = now + split.forMillis();
        trace("partition for " + split.forMillis() + " ms: " + Integer.toBinaryString(partition) + ", links are "
                + (split.cuts() ? "cut" : "held up"));
        for (Link link : List.copyOf(links())) {
            if (isInside(link.left) != isInside(link.right)) {
                if (split.cuts()) {
                    cut(link, Operation.Break.CLEAN, gen);
                } else {
                    link.lane(true).slow(partitionedUntil, link.options.maxRead());
                    link.lane(false).slow(partitionedUntil, link.options.maxRead());
                }
            }
        }
    }

    private boolean isInside(Node<?> node) {
        return (partition >> node.index & 1) == 1;
    }

    private void crash(Crash crash) {
        Node<R> node = node(crash.replica());
        if (!node.isUp()) {
            return;
        }
        Return comesBack =
                crash.comesBack() == Return.EMPTY && !maySafelyBeLost(node) ? Return.FROM_JOURNAL : crash.comesBack();
        trace(node.name() + " crashes");
        Gen random = Gen.seeded(crash.seed());
        for (Link link : List.copyOf(links())) {
            if (link.touches(node)) {
                link.lose(node, random.percent(50) ? 0 : random.lowBetween(1, 5_000));
            }
        }
        node.crash();
        if (crash.downMillis() == 0) {
            comeBack(node, comesBack, crash.skewByMillis(), random);
        } else {
            at(now + crash.downMillis(), () -> comeBack(node, comesBack, crash.skewByMillis(), random));
        }
    }

    /*
     * Say P holds b, by B, which superseded a1, by A; and a2, by A and later than a1. P sends R its history, and is lost
     * for ever when only a2 has arrived. R's clock now says that it has everything of A up to a2, so nobody will ever
     * send it a1, and b is gone: R stays without either, while whoever still has a1 keeps it. The protocol has no means
     * against that. So a replica is lost only when others have seen what it holds, or when it never told anybody
     * anything.
     */
    private boolean maySafelyBeLost(Node<R> node) {
        if (!node.hasSpoken()) {
            return true;
        }
        Set<Stamp> elsewhere = new HashSet<>();
        for (Node<R> other : nodes) {
            if (other != node) {
                other.seen().forEach(update -> elsewhere.add(Stamp.of(update)));
            }
        }
        return node.replica().history().stream().map(Stamp::of).allMatch(elsewhere::contains);
    }

    private record Stamp(String source, double timestamp) {
        static Stamp of(Update update) {
            return new Stamp(update.source(), update.timestamp());
        }
    }

    private void comeBack(Node<R> node, Return how, int skewByMillis, Gen random) {
        node.clock.advanceMillis(skewByMillis);
        node.comeBack(how, freshId(), random);
        trace(node.name() + " is back, " + how + ", as " + Trace.quoted(node.id())
                + (skewByMillis == 0 ? "" : ", its clock set by " + skewByMillis));
    }

    private String freshId() {
        String id = gen.id();
        while (usedIds.contains(id)) {
            id = gen.id();
        }
        usedIds.add(id);
        return id;
    }

    private void check(Check check) {
        Node<R> node = node(check.replica());
        if (node.isUp()) {
            Node<R> other = node(check.other());
            new Inspection<>(this)
                    .checkOne(
                            node,
                            other.isUp()
                                    ? other.replica().clock()
                                    : node.replica().clock());
            traffic.checks++;
        }
    }

    // Scripts

    /** Links two replicas, as no schedule says. */
    Link link(int left, int right, LinkOptions options) {
        return link(nodes.get(left), nodes.get(right), options);
    }

    // The end

    /** Lets everybody come back, links all replicas and makes every link quick. */
    void heal() {
        trace("healing");
        answering = false;
        partitionedUntil = 0;
        // Whoever is down comes back when its time has come, and links that are half open are noticed.
        links().forEach(Link::heal);
        runUntilQuiet();
        for (int[] pair : schedule.healing().pairs(nodes.size())) {
            boolean bytes = gen.percent(80);
            link(
                    nodes.get(pair[0]),
                    nodes.get(pair[1]),
                    new LinkOptions(bytes, Ends.TWO_WAY, 1 << 16, 1, 3, 1 << 16, gen.bits()));
        }
        runUntilQuiet();
    }
}
