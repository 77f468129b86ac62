package dev.scuttlebutt.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Clock;
import dev.scuttlebutt.Outcome;
import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.types.EditingTrace.Patch;
import dev.scuttlebutt.types.EditingTrace.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people really typed, on {@link RString}. */
class EditingTracesTest {
    private static final int LOOKS = 100;

    private static RString text(String id, long seed) {
        return new RString(ReplicaOptions.defaults().id(id).random(new Random(seed)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "automerge-paper",
                "seph-blog1",
                "rustcode",
                "sveltecomponent",
                "json-crdt-blog-post",
                "json-crdt-patch",
                "friendsforever_flat",
                "clownschool_flat"
            })
    void sequentialTrace_endsInItsText(String name) {
        EditingTrace trace = EditingTrace.read("sequential/" + name);
        RString text = text("writer", 1);
        StringBuilder plain = new StringBuilder();
        int look = Math.max(1, trace.patches() / LOOKS);
        int done = 0;
        for (Transaction transaction : trace.transactions()) {
            for (Patch patch : transaction.patches()) {
                patch.applyTo(text);
                patch.applyTo(plain);
                if (++done % look == 0) {
                    assertThat(text.text().contentEquals(plain))
                            .as("after %d edits", done)
                            .isTrue();
                }
            }
        }
        assertThat(text.text().equals(trace.end())).isTrue();
        assertThat(text.length()).isEqualTo(trace.end().length());
    }

    /** In the order in which a peer gets them, and in any other. */
    @ParameterizedTest
    @CsvSource({"friendsforever_flat, 1", "json-crdt-patch, 2"})
    void updatesOfATrace_giveItsTextInAnyOrder(String name, long seed) {
        check(EditingTrace.read("sequential/" + name), new Random(seed));
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "automerge-paper",
                "seph-blog1",
                "rustcode",
                "sveltecomponent",
                "json-crdt-blog-post",
                "clownschool_flat"
            })
    void updatesOfLongTraces_giveTheirTextInAnyOrder(String name) {
        for (long seed = 0; seed < 3; seed++) {
            check(EditingTrace.read("sequential/" + name), new Random(seed));
        }
    }

    private static void check(EditingTrace trace, Random random) {
        RString writer = text("writer", random.nextLong());
        RString live = text("live", 2);
        List<Update> made = new ArrayList<>();
        for (Transaction transaction : trace.transactions()) {
            for (Patch patch : transaction.patches()) {
                patch.applyTo(writer);
            }
        }
        writer.history().forEach(update -> assertThat(live.apply(update)).isEqualTo(Outcome.APPLIED));
        assertThat(live.text().equals(trace.end())).isTrue();

        // Updates of one source must stay in their order; those of several need not.
        List<Update> history = writer.history();
        for (int i = 0; i < history.size(); i++) {
            Update update = history.get(i);
            made.add(Update.of(update.change(), update.timestamp(), "source" + i));
        }
        Collections.shuffle(made, random);
        RString late = text("late", 3);
        made.forEach(late::apply);
        assertThat(late.text().equals(trace.end())).isTrue();
        assertThat(late.history()).hasSameSizeAs(history);
    }

    /**
     * Every writer sees of the others what it saw then. In friendsforever there is one place where two insert at once, so
     * that the text may end in another order there.
     */
    @ParameterizedTest
    @CsvSource({"friendsforever, 1", "friendsforever, 2", "clownschool, 3", "clownschool, 4"})
    void concurrentTrace_withItsConcurrency_converges(String name, long seed) {
        EditingTrace trace = EditingTrace.read("concurrent/" + name);
        List<RString> replicas = new Concurrent(trace, seed).play();

        String result = replicas.get(0).text();
        for (RString replica : replicas) {
            assertThat(replica.text().equals(result)).isTrue();
            assertThat(replica.history()).isEqualTo(replicas.get(0).history());
        }
        if (name.equals("clownschool")) {
            assertThat(result.equals(trace.end())).isTrue();
        } else {
            assertThat(sorted(result)).isEqualTo(sorted(trace.end()));
            assertThat(differing(result, trace.end())).isLessThan(200);
        }
    }

    private static String sorted(String text) {
        char[] units = text.toCharArray();
        Arrays.sort(units);
        return new String(units);
    }

    /** Returns the length of what lies between the common start and the common end. */
    private static int differing(String one, String two) {
        int start = Arrays.mismatch(one.toCharArray(), two.toCharArray());
        int end = 0;
        while (start >= 0
                && end < one.length() - start
                && one.charAt(one.length() - 1 - end) == two.charAt(two.length() - 1 - end)) {
            end++;
        }
        return start < 0 ? 0 : one.length() - start - end;
    }

    /** The replicas of all writers, and one of nobody that hears everything at the end. */
    private static final class Concurrent {
        private final EditingTrace trace;
        private final List<RString> writers = new ArrayList<>();

        /** By transaction. */
        private final List<List<Update>> made = new ArrayList<>();

        /** By transaction: how many transactions of each agent it has seen, itself included. */
        private final List<int[]> seen = new ArrayList<>();

        /** By agent: the indexes of its transactions. */
        private final List<List<Integer>> ofAgent = new ArrayList<>();

        private final List<int[]> has = new ArrayList<>();

        Concurrent(EditingTrace trace, long seed) {
            this.trace = trace;
            for (int agent = 0; agent < trace.agents(); agent++) {
                writers.add(text("agent" + agent, seed + agent));
                ofAgent.add(new ArrayList<>());
                has.add(new int[trace.agents()]);
            }
        }

        List<RString> play() {
            for (Transaction transaction : trace.transactions()) {
                int[] version = new int[trace.agents()];
                for (int parent : transaction.parents()) {
                    Arrays.setAll(version, agent -> Math.max(version[agent], seen.get(parent)[agent]));
                }
                deliver(transaction.agent(), version);
                RString writer = writers.get(transaction.agent());
                List<Update> updates = new ArrayList<>();
                for (Patch patch : transaction.patches()) {
                    Clock before = writer.clock();
                    patch.applyTo(writer);
                    updates.addAll(writer.history(before));
                }
                made.add(updates);
                List<Integer> own = ofAgent.get(transaction.agent());
                own.add(seen.size());
                version[transaction.agent()] = own.size();
                has.get(transaction.agent())[transaction.agent()] = own.size();
                seen.add(version);
            }
            writers.add(text("reader", 0));
            has.add(new int[trace.agents()]);
            int[] everything = ofAgent.stream().mapToInt(List::size).toArray();
            for (int replica = 0; replica < writers.size(); replica++) {
                deliver(replica, everything);
            }
            return writers;
        }

        private void deliver(int to, int[] version) {
            int[] known = has.get(to);
            for (int agent = 0; agent < version.length; agent++) {
                assertThat(agent == to ? version[agent] : known[agent])
                        .as("what a writer knows it has seen")
                        .isLessThanOrEqualTo(agent == to ? known[agent] : version[agent]);
                for (; known[agent] < version[agent]; known[agent]++) {
                    made.get(ofAgent.get(agent).get(known[agent])).forEach(writers.get(to)::apply);
                }
            }
        }
    }
}
