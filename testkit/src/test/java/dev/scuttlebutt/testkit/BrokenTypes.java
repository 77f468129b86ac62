package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.History;
import dev.scuttlebutt.Replica;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.json.JsonArray;
import dev.scuttlebutt.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Types and histories with one fault each, which the tests must find. */
final class BrokenTypes {
    private BrokenTypes() {}

    /** Makes random changes to a type that has only a {@code put}. */
    static <R extends Putting> Workload<R> workload(Function<ReplicaOptions, R> factory, Json... malformed) {
        return new Workload<>() {
            @Override
            public R create(ReplicaOptions options) {
                return factory.apply(options);
            }

            @Override
            public String step(Gen random, R replica) {
                String key = "k" + random.below(5);
                int value = random.below(1000);
                replica.put(key, value);
                return "put " + key + " " + value;
            }

            @Override
            public List<Json> malformed() {
                return List.of(malformed);
            }
        };
    }

    /** A sound type whose replicas have a history that has been tampered with. */
    static Workload<Putting> withHistory(UnaryOperator<History> fault) {
        return workload(options -> new Putting(options.history(() -> fault.apply(History.byTimestamp()))));
    }

    /** The latest write of a key wins. Sound; those below break it. */
    static class Putting extends Replica {
        final Map<String, Update> latest = new TreeMap<>();

        Putting(ReplicaOptions options) {
            super(options);
        }

        final void put(String key, int value) {
            localUpdate(Json.array(key, value));
        }

        boolean loses(Update old, Update update) {
            return old.isAfter(update);
        }

        @Override
        public Json toJson() {
            JsonObject.Builder object = JsonObject.builder();
            read(() -> {
                latest.forEach((key, update) ->
                        object.put(key, update.change().asArray().get(1)));
                return key(null);
            });
            return object.build();
        }

        static String key(@Nullable Update update) {
            return update == null ? "" : update.change().asArray().get(0).asString();
        }

        @Override
        protected boolean applyUpdate(Update update) {
            String key = key(update);
            Update old = latest.get(key);
            if (old != null && loses(old, update)) {
                return false;
            }
            latest.put(key, update);
            if (old != null) {
                forget(old);
            }
            return true;
        }
    }

    /** Of equal timestamps the one that arrives last wins, as in the original. */
    static final class WithoutTieBreak extends Putting {
        WithoutTieBreak(ReplicaOptions options) {
            super(options);
        }

        @Override
        boolean loses(Update old, Update update) {
            return old.timestamp() > update.timestamp();
        }
    }

    /** Now and then takes no notice of an update. */
    static final class Inattentive extends Putting {
        private int count;

        Inattentive(ReplicaOptions options) {
            super(options);
        }

        @Override
        protected boolean applyUpdate(Update update) {
            return ++count % 20 != 0 && super.applyUpdate(update);
        }
    }

    /** Forgets the update that wins. */
    static final class ForgetsTheWrongOne extends Putting {
        ForgetsTheWrongOne(ReplicaOptions options) {
            super(options);
        }

        @Override
        protected boolean applyUpdate(Update update) {
            Update old = latest.get(key(update));
            if (old != null && old.timestamp() == update.timestamp()) {
                forget(latest.values().iterator().next());
            }
            return super.applyUpdate(update);
        }
    }

    /** Shows changes in the order in which they came. */
    static final class ArrivalOrder extends Putting {
        private final List<Json> changes = new ArrayList<>();

        ArrivalOrder(ReplicaOptions options) {
            super(options);
        }

        @Override
        public Json toJson() {
            return read(() -> JsonArray.of(changes));
        }

        @Override
        protected boolean applyUpdate(Update update) {
            changes.add(update.change());
            return true;
        }
    }

    /** Counts a change before it looks whether it makes sense. */
    static final class CountsBeforeLooking extends Putting {
        private int count;

        CountsBeforeLooking(ReplicaOptions options) {
            super(options);
        }

        @Override
        public Json toJson() {
            return Json.of(read(() -> count));
        }

        @Override
        protected boolean applyUpdate(Update update) {
            count++;
            key(update);
            return true;
        }
    }

    /** Adds up all changes, but holds only the last one. */
    static final class ForgetsItsTerms extends Putting {
        private long total;
        private @Nullable Update last;

        ForgetsItsTerms(ReplicaOptions options) {
            super(options);
        }

        @Override
        public Json toJson() {
            return Json.of(read(() -> total));
        }

        @Override
        protected boolean applyUpdate(Update update) {
            total += (long) update.change().asArray().get(1).asDouble();
            if (last != null) {
                forget(last);
            }
            last = update;
            return true;
        }
    }

    /** Shows something else each time. */
    static final class Fickle extends Putting {
        private int looks;

        Fickle(ReplicaOptions options) {
            super(options);
        }

        @Override
        public Json toJson() {
            return Json.of(read(() -> looks++));
        }
    }

    // Histories

    /** Passes everything on to a sound history. */
    static class Tampered implements History {
        final History sound;

        Tampered(History sound) {
            this.sound = sound;
        }

        @Override
        public void append(Update update) {
            sound.append(update);
        }

        @Override
        public void forget(Update update) {
            sound.forget(update);
        }

        @Override
        public int size() {
            return sound.size();
        }

        @Override
        public Cursor open(Clock peer) {
            return sound.open(peer);
        }
    }

    static class TamperedCursor implements History.Cursor {
        final History.Cursor sound;

        TamperedCursor(History.Cursor sound) {
            this.sound = sound;
        }

        @Override
        public @Nullable Update nextHeld() {
            return sound.nextHeld();
        }

        @Override
        public @Nullable Update nextLive() {
            return sound.nextLive();
        }

        @Override
        public boolean peerHas(String source, double timestamp) {
            return sound.peerHas(source, timestamp);
        }

        @Override
        public boolean covers(Update update) {
            return sound.covers(update);
        }

        @Override
        public int behind() {
            return sound.behind();
        }

        @Override
        public void stopAtEnd() {
            sound.stopAtEnd();
        }

        @Override
        public void close() {
            sound.close();
        }
    }

    /** Hands out two updates in reverse order whenever it can. */
    static History reordering(History history) {
        return new Tampered(history) {
            @Override
            public Cursor open(Clock peer) {
                return new TamperedCursor(super.open(peer)) {
                    private final Deque<Update> swapped = new ArrayDeque<>();

                    @Override
                    public @Nullable Update nextHeld() {
                        if (!swapped.isEmpty()) {
                            return swapped.remove();
                        }
                        Update first = super.nextHeld();
                        Update second = first == null ? null : super.nextHeld();
                        if (second == null) {
                            return first;
                        }
                        swapped.add(first);
                        return second;
                    }
                };
            }
        };
    }

    /** Takes no note of what a peer has sent. */
    static History echoing(History history) {
        return new Tampered(history) {
            @Override
            public Cursor open(Clock peer) {
                return new TamperedCursor(super.open(peer)) {
                    @Override
                    public boolean peerHas(String source, double timestamp) {
                        return true;
                    }
                };
            }
        };
    }

    /** Does not hold every thirtieth update. */
    static History leaking(History history) {
        return new Tampered(history) {
            private int count;

            @Override
            public void append(Update update) {
                if (++count % 30 != 0) {
                    super.append(update);
                }
            }
        };
    }

    /** Never lets go of what is superseded. */
    static History hoarding(History history) {
        return new Tampered(history) {
            @Override
            public void forget(Update update) {
                // That is the fault.
            }
        };
    }

    /** Ends the first exchange when three updates have been handed out. */
    static History impatient(History history) {
        return new Tampered(history) {
            @Override
            public Cursor open(Clock peer) {
                return new TamperedCursor(super.open(peer)) {
                    private int left = 3;

                    @Override
                    public @Nullable Update nextHeld() {
                        Update next = super.nextHeld();
                        return left-- > 0 ? next : null;
                    }
                };
            }
        };
    }
}
