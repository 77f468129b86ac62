package dev.scuttlebutt.hub;

import dev.scuttlebutt.netty.Connection;
import dev.scuttlebutt.store.Store;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The numbers of a hub, for Prometheus. */
final class HubMetrics implements AutoCloseable {
    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    HubMetrics(Documents documents, Admission admission, List<NeighbourSync> neighbours) {
        gauge("scuttlebutt.sockets", "Open sockets, of peers and of requests.", admission, Admission::open);
        gauge(
                "scuttlebutt.peers",
                "Connections that carry a document.",
                documents,
                all -> all.peers().size());
        gauge(
                "scuttlebutt.documents.open",
                "Documents with at least one peer.",
                documents,
                all -> all.all().size());
        gauge(
                "scuttlebutt.pending.bytes",
                "Bytes that wait for peers to read.",
                documents,
                all -> all.peers().stream()
                        .mapToLong(peer -> peer.connection().bytesPending())
                        .sum());
        gauge(
                "scuttlebutt.behind.max",
                "Updates that the peer furthest behind lacks.",
                documents,
                all -> all.peers().stream()
                        .mapToInt(peer -> peer.connection().session().stats().behind())
                        .max()
                        .orElse(0));
        counter("scuttlebutt.updates", "Updates applied, from peers and from the hub.", documents, Documents::updates);
        counter(
                "scuttlebutt.refused",
                "Connections refused because there were too many.",
                admission,
                Admission::refused);
        counter(
                "scuttlebutt.store.commits",
                "Commits of the store.",
                documents,
                all -> stats(all).commits());
        counter(
                "scuttlebutt.store.bytes",
                "Bytes written by the store.",
                documents,
                all -> stats(all).bytes());
        gauge(
                "scuttlebutt.store.waiting",
                "Documents with changes not yet written.",
                documents,
                all -> stats(all).waiting());
        gauge(
                "scuttlebutt.neighbours.unreachable",
                "Neighbours that do not answer.",
                neighbours,
                all -> all.stream().filter(one -> !one.look().reachable()).count());
        gauge(
                "scuttlebutt.neighbours.links",
                "Documents that are being shared with neighbours at the moment.",
                neighbours,
                all -> all.stream().mapToInt(one -> one.look().links()).sum());
        gauge(
                "scuttlebutt.neighbours.waiting",
                "Documents that have changed and wait to be shared with a neighbour.",
                neighbours,
                all -> all.stream().mapToInt(one -> one.look().waiting()).sum());
        gauge("scuttlebutt.memory.bytes", "Memory in use by the JVM.", Runtime.getRuntime(), HubMetrics::used);
    }

    private static Store.Stats stats(Documents documents) {
        return documents.store().stats();
    }

    private static double used(Runtime runtime) {
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private <T> void gauge(String name, String help, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(help).register(registry);
    }

    private <T> void counter(String name, String help, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(help).register(registry);
    }

    /** A connection is over. */
    void countClosed(Connection connection) {
        Counter.builder("scuttlebutt.received.bytes")
                .description("Bytes received on connections that have ended.")
                .register(registry)
                .increment(connection.bytesIn());
        Counter.builder("scuttlebutt.sent.bytes")
                .description("Bytes sent on connections that have ended.")
                .register(registry)
                .increment(connection.bytesOut());
        Counter.builder("scuttlebutt.connections.closed")
                .description("Connections that have ended, as agreed or not.")
                .tag("agreed", Boolean.toString(connection.failure() == null))
                .register(registry)
                .increment();
    }

    void count(String kind) {
        Counter.builder("scuttlebutt.requests")
                .description("Requests answered.")
                .tag("kind", kind)
                .register(registry)
                .increment();
    }

    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
