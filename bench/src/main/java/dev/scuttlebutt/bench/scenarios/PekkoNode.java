package dev.scuttlebutt.bench.scenarios;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ddata.DistributedData;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.LWWMapKey;
import org.apache.pekko.cluster.ddata.Replicator;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.pattern.Patterns;

/** A node of a Pekko cluster, on loopback, with maps from texts to numbers. Apart, as its classes may be missing. */
final class PekkoNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 5_000_000;

    /** As it comes, but silent: measurements are printed where it would print its log. */
    private static final Config CONFIG = ConfigFactory.parseString("""
                    pekko {
                      loglevel = OFF
                      stdout-loglevel = OFF
                      jvm-shutdown-hooks = off
                      coordinated-shutdown.run-by-jvm-shutdown-hook = off
                      coordinated-shutdown.run-by-actor-system-terminate = off
                      actor.provider = cluster
                      cluster.jmx.multi-mbeans-in-same-jvm = on
                      remote.artery {
                        transport = tcp
                        canonical.hostname = "127.0.0.1"
                        canonical.port = 0
                      }
                    }
                    """).withFallback(ConfigFactory.load());

    private final ActorSystem system;
    private final ActorRef replicator;
    private final ActorRef counter;
    private final SelfUniqueAddress self;
    private final List<Key<LWWMap<String, Integer>>> maps = new ArrayList<>();
    private CompletableFuture<Void> written = new CompletableFuture<>();

    private PekkoNode(int maps) {
        system = ActorSystem.create("bench", CONFIG);
        DistributedData data = DistributedData.get(system);
        replicator = data.replicator();
        self = data.selfUniqueAddress();
        counter = system.actorOf(Props.create(Counter.class, Counter::new));
        for (int i = 0; i < maps; i++) {
            this.maps.add(LWWMapKey.create("map" + i));
        }
    }

    /** Starts a cluster. */
    static PekkoNode start(int maps) {
        PekkoNode node = new PekkoNode(maps);
        Cluster.get(node.system).join(Cluster.get(node.system).selfAddress());
        return node;
    }

    /** Starts a second node and waits until both know each other. */
    static PekkoNode join(PekkoNode first) throws Exception {
        PekkoNode node = new PekkoNode(first.maps.size());
        Cluster.get(node.system).join(Cluster.get(first.system).selfAddress());
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (first.replicas() < 2 || node.replicas() < 2) {
            if (System.nanoTime() > patience) {
                throw new IllegalStateException("two nodes have not become a cluster within " + PATIENCE);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return node;
    }

    private int replicas() throws Exception {
        Object count = ask(Replicator.getReplicaCount());
        return count instanceof Replicator.ReplicaCount known ? known.n() : 0;
    }

    private Object ask(Object question) throws Exception {
        return Patterns.ask(replicator, question, PATIENCE)
                .toCompletableFuture()
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** So many writes are about to come. */
    void expect(int writes) {
        written = new CompletableFuture<>();
        counter.tell(new Expected(writes, written), ActorRef.noSender());
    }

    /** Writes a key. */
    void set(int index, String key, int value, boolean everywhere) {
        replicator.tell(
                new Replicator.Update<>(
                        maps.get(index % maps.size()),
                        LWWMap.<String, Integer>create(),
                        everywhere ? new Replicator.WriteAll(PATIENCE) : Replicator.writeLocal(),
                        map -> map.put(self, key, value)),
                counter);
    }

    /** Waits until all that were expected are acknowledged. */
    void await() throws Exception {
        written.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tells whether the first of these keys have these values. */
    boolean has(String[] keys, int[] values, int count) throws Exception {
        for (int map = 0; map < maps.size() && map < count; map++) {
            Key<LWWMap<String, Integer>> name = maps.get(map);
            if (!(ask(new Replicator.Get<>(name, Replicator.readLocal())) instanceof Replicator.GetSuccess<?> found)) {
                return false;
            }
            LWWMap<?, ?> content = (LWWMap<?, ?>) found.dataValue();
            var entries = content.getEntries();
            for (int i = map; i < count; i += maps.size()) {
                if (!Integer.valueOf(values[i]).equals(entries.get(keys[i]))) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private record Expected(int count, CompletableFuture<Void> all) {}

    /** Counts what is acknowledged. */
    private static final class Counter extends AbstractActor {
        private CompletableFuture<Void> all = new CompletableFuture<>();
        private int open;

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(Expected.class, expected -> {
                        open = expected.count();
                        all = expected.all();
                    })
                    .match(Replicator.UpdateSuccess.class, success -> {
                        open--;
                        if (open == 0) {
                            all.complete(null);
                        }
                    })
                    .matchAny(other -> all.completeExceptionally(new IllegalStateException(other.toString())))
                    .build();
        }
    }
}
