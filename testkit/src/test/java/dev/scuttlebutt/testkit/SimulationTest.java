package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scuttlebutt.Replica;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Every type converges whatever the network does. Long runs of the same are in {@link SimulationSoakTest}. */
class SimulationTest {
    private static final long OPERATIONS = 30_000;

    @Test
    void model_converges(TestInfo test) {
        converges(test, Workloads.model());
    }

    @Test
    void events_converge(TestInfo test) {
        converges(test, Workloads.events());
    }

    @Test
    void value_converges(TestInfo test) {
        converges(test, Workloads.value(1));
    }

    @Test
    void valueWithHistory_converges(TestInfo test) {
        converges(test, Workloads.value(5));
    }

    @Test
    void appendOnly_converges(TestInfo test) {
        converges(test, Workloads.appendOnly());
    }

    @Test
    void doc_converges(TestInfo test) {
        converges(test, Workloads.doc());
    }

    @Test
    void rArray_converges(TestInfo test) {
        converges(test, Workloads.array());
    }

    @Test
    void rString_converges(TestInfo test) {
        converges(test, Workloads.string());
    }

    @Test
    void rEdit_converges(TestInfo test) {
        converges(test, Workloads.edit());
    }

    @Test
    void expiryModel_converges(TestInfo test) {
        converges(test, Workloads.expiryModel());
    }

    @Test
    void gossipObject_converges(TestInfo test) {
        converges(test, Workloads.gossipObject());
    }

    @Test
    void scuttlebucket_converges(TestInfo test) {
        converges(test, Workloads.scuttlebucket());
    }

    @Test
    void scuttleboat_converges(TestInfo test) {
        converges(test, Workloads.scuttleboat());
    }

    @Test
    void typeOfOnesOwn_converges(TestInfo test) {
        converges(test, new TallyWorkload());
    }

    private static void converges(TestInfo test, Workload<?> workload) {
        Simulation.Report report = replayable(name(test), workload).runAll(1, OPERATIONS);
        assertThat(report.writes()).isPositive();
    }

    static String name(TestInfo test) {
        return test.getTestMethod().orElseThrow().getName();
    }

    /** What a seed does depends on nothing else, so a seed that failed in a long run fails in the short test too. */
    static <R extends Replica> Simulation<R> replayable(String test, Workload<R> workload) {
        return Simulation.of(workload)
                .replayWith(seed -> "./mvnw -q -Dquick -pl testkit -am test -Dtest=SimulationTest#" + test
                        + " -Dsurefire.failIfNoSpecifiedTests=false -D" + Simulation.SEED_PROPERTY + "=" + seed);
    }
}
