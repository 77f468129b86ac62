package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** As {@link SimulationTest}, for a million operations of each type or as many as {@code scuttlebutt.ops} says. */
@Tag("soak")
class SimulationSoakTest {
    private static final long OPERATIONS = 1_000_000;
    private static final long FIRST_SEED = 1_000_000;

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
        String name = SimulationTest.name(test);
        long start = System.nanoTime();
        Simulation.Report report = SimulationTest.replayable(name, workload).runAll(FIRST_SEED, OPERATIONS);
        System.out.println(name + " in " + (System.nanoTime() - start) / 1_000_000_000 + " s: " + report);
        assertThat(report.writes()).isPositive();
    }
}
