package dev.scuttlebutt.security;

import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Asks a {@link KeySource} and remembers what it said. */
final class Lookup {
    /*
     * Peers invent ids, so everything is bounded: answers kept, questions open at a time for one link, and the time a
     * link waits. That there is no such key is remembered for a while only, because it may be added there. Two links
     * that want the same key share one question.
     */
    static final Duration MISS_LASTS = Duration.ofSeconds(10);
    private static final int MAX_KEPT = 10_000;
    private static final int MAX_ASKED = 64;

    private record Miss(long untilNanos, String reason) {}

    private final KeySource source;
    private final Duration patience;
    private final BiFunction<String, String, PublicKey> reader;
    private final LongSupplier nanos;
    private final Map<String, PublicKey> found = bounded();
    private final Map<String, Miss> missed = bounded();
    private final Map<String, CompletableFuture<Optional<String>>> asked = new ConcurrentHashMap<>();

    /** @param reader turns id and text into a key, or throws {@code IllegalArgumentException} */
    Lookup(KeySource source, Duration patience, BiFunction<String, String, PublicKey> reader, LongSupplier nanos) {
        this.source = source;
        this.patience = patience;
        this.reader = reader;
        this.nanos = nanos;
    }

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MAX_KEPT;
            }
        };
    }

    synchronized @Nullable PublicKey find(String id) {
        return found.get(id);
    }

    synchronized @Nullable String whyMissing(String id) {
        Miss miss = missed.get(id);
        return miss == null ? null : miss.reason;
    }

    synchronized boolean forget(String id) {
        missed.remove(id);
        return found.remove(id) != null;
    }

    private synchronized boolean isAnswered(String id) {
        Miss miss = missed.get(id);
        return found.containsKey(id) || (miss != null && nanos.getAsLong() - miss.untilNanos < 0);
    }

    private synchronized void miss(String id, String reason) {
        missed.put(id, new Miss(nanos.getAsLong() + MISS_LASTS.toNanos(), reason));
    }

    private synchronized void hit(String id, PublicKey key) {
        missed.remove(id);
        found.put(id, key);
    }

    /** Waits for the answers on these ids, at most as long as patience lasts. */
    void fetch(Collection<String> ids) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> open = new ArrayList<>();
        for (String id : ids) {
            if (!isAnswered(id)) {
                open.add(id);
            }
        }
        for (int from = 0; from < open.size(); from += MAX_ASKED) {
            List<String> some = open.subList(from, Math.min(open.size(), from + MAX_ASKED));
            Map<String, CompletableFuture<Optional<String>>> answers = new LinkedHashMap<>();
            some.forEach(id -> answers.put(id, asked.computeIfAbsent(id, this::ask)));
            answers.forEach((id, answer) -> await(id, answer, deadline));
        }
    }

    private CompletableFuture<Optional<String>> ask(String id) {
        try {
            return source.find(id).toCompletableFuture();
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    private void await(String id, CompletableFuture<Optional<String>> answer, long deadline) {
        try {
            Optional<String> text = answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (text.isPresent()) {
                hit(id, reader.apply(id, text.get()));
            } else {
                miss(id, "the key source has none");
            }
        } catch (TimeoutException late) {
            miss(id, "the key source did not answer within " + patience.toMillis() + " ms");
        } catch (IllegalArgumentException unusable) {
            miss(id, "the key source has one that is not usable: " + unusable.getMessage());
        } catch (ExecutionException failed) {
            miss(id, "the key source failed: " + failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            miss(id, "the key source failed: " + failed);
        } finally {
            asked.remove(id, answer);
        }
    }
}
