package dev.scuttlebutt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalLogTest {
    private final ArrivalLog log = new ArrivalLog(false);

    private static Update update(String source, double timestamp) {
        return Update.of(null, timestamp, source);
    }

    private static List<Update> held(History.Cursor cursor) {
        List<Update> updates = new ArrayList<>();
        Update next;
        while ((next = cursor.nextHeld()) != null) {
            updates.add(next);
        }
        return updates;
    }

    private static List<Update> live(History.Cursor cursor) {
        List<Update> updates = new ArrayList<>();
        Update next;
        while ((next = cursor.nextLive()) != null) {
            updates.add(next);
        }
        return updates;
    }

    private Update append(String source, double timestamp) {
        Update update = update(source, timestamp);
        log.append(update);
        return update;
    }

    @Test
    void nextHeld_isByTimestampThenSource() {
        Update b5 = append("B", 5);
        Update a1 = append("A", 1);
        Update a5 = append("A", 5);
        Update c2 = append("C", 2);

        assertThat(held(log.open(Clock.EMPTY))).containsExactly(a1, c2, a5, b5);
    }

    @Test
    void nextHeld_givesOnlyWhatTheClockLacks() {
        append("A", 1);
        Update a5 = append("A", 5);
        append("B", 2);
        Update c0 = append("C", 0);

        assertThat(held(log.open(Clock.of(Map.of("A", 4.0, "B", 2.0, "D", 9.0)))))
                .containsExactly(c0, a5);
    }

    @Test
    void byArrival_nextHeld_keepsTheOrderOfArrival() {
        History history = History.byArrival();
        List<Update> arrived = List.of(update("B", 5), update("A", 1), update("A", 5), update("C", 2));
        arrived.forEach(history::append);

        assertThat(held(history.open(Clock.EMPTY))).isEqualTo(arrived);
        assertThat(held(history.open(Clock.of(Map.of("B", 5.0, "A", 1.0))))).isEqualTo(arrived.subList(2, 4));
    }

    @Test
    void nextLive_isInOrderOfArrival_andStartsBehindWhatWasHeld() {
        Update a1 = append("A", 1);
        History.Cursor cursor = log.open(Clock.EMPTY);
        Update b9 = append("B", 9);
        assertThat(held(cursor)).containsExactly(a1);
        Update a3 = append("A", 3);

        assertThat(live(cursor)).containsExactly(b9, a3);
        Update c1 = append("C", 1);
        assertThat(live(cursor)).containsExactly(c1);
    }

    @Test
    void appendedWhileTheHeldGoOut_doesNotOvertakeItsSource() {
        Update a1 = append("A", 1);
        Update b2 = append("B", 2);
        Update a9 = append("A", 9);
        History.Cursor cursor = log.open(Clock.EMPTY);
        assertThat(cursor.nextHeld()).isEqualTo(a1);
        // Smaller than what is still to come of A, and newer than all of B: without a bound it would go out before a9.
        Update b3 = append("B", 3);

        assertThat(held(cursor)).containsExactly(b2, a9);
        assertThat(live(cursor)).containsExactly(b3);
    }

    @Test
    void peerHas_takesOutWhatCameFromThePeer() {
        Update a1 = append("A", 1);
        Update b1 = append("B", 1);
        append("B", 2);
        Update b3 = append("B", 3);
        History.Cursor cursor = log.open(Clock.EMPTY);
        assertThat(cursor.nextHeld()).isEqualTo(a1);
        assertThat(cursor.nextHeld()).isEqualTo(b1);
        cursor.peerHas("B", 2);
        assertThat(held(cursor)).containsExactly(b3);
        append("B", 4);
        cursor.peerHas("B", 4);
        cursor.peerHas("B", 3.5);
        Update b5 = append("B", 5);

        assertThat(live(cursor)).containsExactly(b5);
    }

    @Test
    void forgotten_isGoneForEveryCursor() {
        Update a1 = append("A", 1);
        Update a2 = append("A", 2);
        History.Cursor cursor = log.open(Clock.EMPTY);
        Update b3 = append("B", 3);
        Update b4 = append("B", 4);
        log.forget(a1);
        log.forget(b3);
        log.forget(b3);
        log.forget(update("A", 1.5));
        log.forget(update("?", 1));

        assertThat(log.size()).isEqualTo(2);
        assertThat(held(cursor)).containsExactly(a2);
        assertThat(live(cursor)).containsExactly(b4);
    }

    @Test
    void forget_betweenTwoCalls_ofTheUpdateThatIsNext() {
        append("A", 1);
        Update a2 = append("A", 2);
        Update b3 = append("B", 3);
        History.Cursor cursor = log.open(Clock.EMPTY);
        cursor.nextHeld();
        log.forget(a2);

        assertThat(held(cursor)).containsExactly(b3);
    }

    @Test
    void minusZeroAndZero_areOneTimestamp() {
        Update zero = append("A", -0.0);

        assertThat(held(log.open(Clock.of(Map.of("A", 0.0))))).isEmpty();
        assertThat(held(log.open(Clock.of(Map.of("A", -0.0))))).isEmpty();
        assertThat(log.open(Clock.of(Map.of("A", -0.0))).behind()).isZero();
        assertThat(held(log.open(Clock.of(Map.of("A", Math.nextDown(0.0)))))).containsExactly(zero);
        log.forget(update("A", 0.0));
        assertThat(log.size()).isZero();
    }

    @Test
    void behind_countsWhatThePeerLacks() {
        append("A", 1);
        Update a2 = append("A", 2);
        append("B", 1);
        History.Cursor cursor = log.open(Clock.of(Map.of("B", 1.0)));

        assertThat(cursor.behind()).isEqualTo(2);
        cursor.nextHeld();
        assertThat(cursor.behind()).isEqualTo(1);
        log.forget(a2);
        assertThat(cursor.behind()).isZero();
        append("C", 1);
        assertThat(cursor.behind()).isEqualTo(1);
    }

    @Test
    void stopAtEnd_endsTheLiveOnesWithWhatIsThere() {
        History.Cursor cursor = log.open(Clock.EMPTY);
        Update a1 = append("A", 1);
        cursor.stopAtEnd();
        append("A", 2);

        assertThat(held(cursor)).isEmpty();
        assertThat(live(cursor)).containsExactly(a1);
        assertThat(live(cursor)).isEmpty();
    }

    @Test
    void close_endsEverything() {
        append("A", 1);
        History.Cursor cursor = log.open(Clock.EMPTY);
        append("A", 2);
        cursor.close();

        assertThat(held(cursor)).isEmpty();
        assertThat(live(cursor)).isEmpty();
    }

    @Test
    void open_forAPeerThatIsUpToDate_touchesNoUpdate() throws ReflectiveOperationException {
        Map<String, Double> clock = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            append("S" + i % 10, i);
            clock.put("S" + i % 10, (double) i);
        }
        // Without its updates the log can only answer from the last timestamp of each source.
        Field slots = ArrivalLog.class.getDeclaredField("slots");
        slots.setAccessible(true);
        slots.set(log, new Update[0]);

        assertThatCode(() -> {
                    assertThat(log.open(Clock.of(clock)).nextHeld()).isNull();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void stalledCursor_doesNotKeepWhatWasForgotten() throws ReflectiveOperationException {
        int keys = 1000;
        History.Cursor stalled = log.open(Clock.EMPTY);
        Update[] latest = new Update[keys];
        int mostSlots = 0;
        Field slots = ArrivalLog.class.getDeclaredField("slots");
        slots.setAccessible(true);
        for (int i = 0; i < 300_000; i++) {
            int key = i % keys;
            if (latest[key] != null) {
                log.forget(latest[key]);
            }
            latest[key] = append("A", i);
            mostSlots = Math.max(mostSlots, ((Update[]) slots.get(log)).length);
        }

        assertThat(log.size()).isEqualTo(keys);
        assertThat(mostSlots).isLessThanOrEqualTo(4 * keys);
        assertThat(live(stalled)).containsExactly(latest);
    }

    @Test
    void forgetting_givesMemoryBack_alsoWhenNothingIsAppended() throws ReflectiveOperationException {
        List<Update> appended = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            appended.add(append("S" + i % 100, i));
        }
        for (Update update : appended.subList(0, 9_990)) {
            log.forget(update);
        }
        Field slots = ArrivalLog.class.getDeclaredField("slots");
        slots.setAccessible(true);
        Field sources = ArrivalLog.class.getDeclaredField("sources");
        sources.setAccessible(true);

        assertThat(((Update[]) slots.get(log)).length).isLessThan(200);
        Map<?, ?> remaining = (Map<?, ?>) sources.get(log);
        assertThat(remaining.size()).isLessThan(100);
        for (Object source : remaining.values()) {
            Field timestamps = source.getClass().getDeclaredField("timestamps");
            timestamps.setAccessible(true);
            assertThat(((double[]) timestamps.get(source)).length).isLessThan(50);
        }
        assertThat(held(log.open(Clock.EMPTY))).isEqualTo(appended.subList(9_990, 10_000));
    }

    /** The obvious way: all updates in a list, searched from the front for every question. */
    private static final class Reference {
        final List<Update> arrived = new ArrayList<>();
        final List<Boolean> held = new ArrayList<>();

        final class Cursor {
            final Map<String, Double> peer;
            final int heldEnd = arrived.size();
            final boolean byArrival;
            int position;
            int stop = Integer.MAX_VALUE;
            boolean caughtUp;

            Cursor(Clock clock, boolean byArrival) {
                this.peer = new HashMap<>(clock.toMap());
                this.byArrival = byArrival;
            }

            private boolean lacks(Update update) {
                return update.timestamp() > peer.getOrDefault(update.source(), Clock.NEVER);
            }

            private Update give(Update update) {
                peer.put(update.source(), update.timestamp());
                return update;
            }

            Update nextHeld() {
                List<Update> candidates = new ArrayList<>();
                for (int i = 0; i < heldEnd && !caughtUp; i++) {
                    if (held.get(i) && lacks(arrived.get(i))) {
                        candidates.add(arrived.get(i));
                    }
                }
                if (candidates.isEmpty()) {
                    caughtUp = true;
                    position = Math.max(position, heldEnd);
                    return null;
                }
                return give(byArrival ? candidates.get(0) : Collections.min(candidates, Update.STAMP_ORDER));
            }

            Update nextLive() {
                while (position < Math.min(stop, arrived.size())) {
                    int at = position++;
                    if (held.get(at) && lacks(arrived.get(at))) {
                        return give(arrived.get(at));
                    }
                }
                return null;
            }

            int behind() {
                int behind = 0;
                for (int i = 0; i < arrived.size(); i++) {
                    behind += held.get(i) && lacks(arrived.get(i)) ? 1 : 0;
                }
                return behind;
            }
        }
    }

    private record Pair(History.Cursor cursor, Reference.Cursor reference, Map<String, Double> given) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void anyInterleaving_agreesWithTheObviousWay(long seed) {
        Random random = new Random(seed);
        boolean byArrival = seed % 2 == 0;
        int sources = 1 + random.nextInt(seed % 3 == 0 ? 40 : 4);
        // Few forgets exercise growth, many exercise compaction.
        int forgets = 5 + random.nextInt(45);
        ArrivalLog tested = new ArrivalLog(byArrival);
        Reference reference = new Reference();
        double[] latest = new double[sources];
        List<Pair> pairs = new ArrayList<>();
        for (int step = 0; step < 1500; step++) {
            int dice = random.nextInt(100);
            if (dice < 30 + forgets / 3) {
                int source = random.nextInt(sources);
                latest[source] += random.nextInt(3) == 0 ? 0.5 : random.nextInt(30) + 1;
                // A new String each time: identity must not matter.
                Update update = update(new String("S" + source), latest[source]);
                tested.append(update);
                reference.arrived.add(update);
                reference.held.add(true);
            } else if (dice < 30 + forgets && !reference.arrived.isEmpty()) {
                int at = random.nextInt(reference.arrived.size());
                tested.forget(reference.arrived.get(at));
                reference.held.set(at, false);
            } else if (dice < 79 && pairs.size() < 8) {
                Map<String, Double> clock = new HashMap<>();
                for (int i = 0; i < sources; i++) {
                    if (random.nextBoolean()) {
                        clock.put("S" + i, latest[i] - random.nextInt(60));
                    }
                }
                Clock peer = Clock.of(clock);
                pairs.add(new Pair(tested.open(peer), reference.new Cursor(peer, byArrival), new HashMap<>(clock)));
            } else if (!pairs.isEmpty()) {
                Pair pair = pairs.get(random.nextInt(pairs.size()));
                switch (random.nextInt(12)) {
                    case 0 -> {
                        String source = "S" + random.nextInt(sources);
                        double timestamp = random.nextInt(300);
                        pair.cursor.peerHas(source, timestamp);
                        pair.reference.peer.merge(source, timestamp, Math::max);
                    }
                    case 1 -> {
                        pair.cursor.close();
                        pairs.remove(pair);
                    }
                    case 2 -> {
                        if (pair.reference.caughtUp && random.nextInt(3) == 0) {
                            pair.cursor.stopAtEnd();
                            pair.reference.stop = reference.arrived.size();
                        }
                    }
                    default -> poll(pair, random.nextInt(4));
                }
            }
            if (step % 10 == 0) {
                for (Pair pair : pairs) {
                    assertThat(pair.cursor.behind()).isEqualTo(pair.reference.behind());
                }
            }
            assertThat(tested.size()).isEqualTo(Collections.frequency(reference.held, true));
        }
        for (Pair pair : pairs) {
            poll(pair, Integer.MAX_VALUE);
        }
    }

    private static void poll(Pair pair, int count) {
        for (int i = 0; i < count; i++) {
            Update expected = pair.reference.nextHeld();
            Update actual = pair.cursor.nextHeld();
            if (expected == null) {
                assertThat(actual).isNull();
                expected = pair.reference.nextLive();
                actual = pair.cursor.nextLive();
            }
            assertThat(actual).isEqualTo(expected);
            if (actual == null) {
                return;
            }
            Double before = pair.given.put(actual.source(), actual.timestamp());
            assertThat(actual.timestamp())
                    .as("ascending per source")
                    .isGreaterThan(before == null ? Clock.NEVER : before);
        }
    }
}
