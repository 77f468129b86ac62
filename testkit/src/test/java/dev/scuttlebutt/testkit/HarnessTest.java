package dev.scuttlebutt.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scuttlebutt.ReplicaOptions;
import dev.scuttlebutt.Update;
import dev.scuttlebutt.json.Json;
import dev.scuttlebutt.types.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The simulation and the contract find faults: each of these is put in on purpose. */
class HarnessTest {
    private static final long OPERATIONS = 20_000;

    private record Fault(String name, Workload<?> workload, String found) {}

    @TestFactory
    Stream<DynamicTest> simulation_findsTheFault() {
        return Stream.of(
                        new Fault("no tie break", BrokenTypes.workload(BrokenTypes.WithoutTieBreak::new), "differ"),
                        new Fault("a dropped update", BrokenTypes.workload(BrokenTypes.Inattentive::new), "differ"),
                        new Fault(
                                "forgets the wrong one",
                                BrokenTypes.workload(BrokenTypes.ForgetsTheWrongOne::new),
                                "differ"),
                        new Fault(
                                "shows arrival order",
                                BrokenTypes.workload(BrokenTypes.ArrivalOrder::new),
                                "do not converge"),
                        new Fault("holds too little", BrokenTypes.workload(BrokenTypes.ForgetsItsTerms::new), "differ"),
                        new Fault(
                                "history in another order",
                                BrokenTypes.withHistory(BrokenTypes::reordering),
                                "behind a later one of the same source"),
                        new Fault(
                                "sends back",
                                BrokenTypes.withHistory(BrokenTypes::echoing),
                                "has sent or named that one or a later one"),
                        new Fault("history leaks", BrokenTypes.withHistory(BrokenTypes::leaking), "differ"),
                        new Fault("history hoards", BrokenTypes.withHistory(BrokenTypes::hoarding), "differ"),
                        new Fault("history is cut short", BrokenTypes.withHistory(BrokenTypes::impatient), ""))
                .map(fault -> DynamicTest.dynamicTest(
                        fault.name,
                        () -> assertThatThrownBy(() -> Simulation.of(fault.workload)
                                        .shrinking(false)
                                        .runAll(1, OPERATIONS))
                                .isInstanceOf(AssertionError.class)
                                .hasMessageContaining(fault.found)
                                .hasMessageContaining("seed ")));
    }

    @Test
    void simulation_hasNothingAgainstTheSoundType() {
        assertThat(Simulation.of(BrokenTypes.workload(BrokenTypes.Putting::new))
                        .runAll(1, OPERATIONS)
                        .writes())
                .isPositive();
    }

    @Test
    void simulation_seesThatAChangeWasLost() {
        Workload<Model> forgetful = new Workload<>() {
            @Override
            public Model create(ReplicaOptions options) {
                return new Model(options);
            }

            @Override
            public String step(Gen random, Model model) {
                return random.oneIn(10)
                        ? "set nothing at all"
                        : Workloads.model().step(random, model);
            }
        };
        assertThatThrownBy(() -> Simulation.of(forgetful).shrinking(false).runAll(1, OPERATIONS))
                .hasMessageContaining("set nothing at all")
                .hasMessageContaining("the change was lost");
    }

    @Test
    void simulation_seesStateThatTheReferenceDoesNotShow() {
        Workload<Model> wrong = new Workload<>() {
            @Override
            public Model create(ReplicaOptions options) {
                return new Model(options);
            }

            @Override
            public String step(Gen random, Model model) {
                return Workloads.model().step(random, model);
            }

            @Override
            public NaiveReplica naive() {
                return NaiveReplica.events();
            }
        };
        assertThatThrownBy(() -> Simulation.of(wrong).shrinking(false).runAll(1, OPERATIONS))
                .hasMessageContaining("the reference");
    }

    @Test
    void failure_namesFewOperationsATraceAndTheCommand() {
        Simulation<?> simulation = Simulation.of(BrokenTypes.workload(BrokenTypes.WithoutTieBreak::new))
                .replayWith(seed -> "replay " + seed);
        String message = catchThrowable(() -> simulation.runAll(1, OPERATIONS)).getMessage();
        assertThat(message)
                .containsPattern("seed \\d+: \\d+ replicas, \\d+ operations")
                .containsPattern("run it again: replay \\d+\n")
                .containsPattern("\n  [234] of \\d+ operations are enough")
                .contains("Write[")
                .containsPattern("\\+\\d{6} ms  n\\d+'* put k\\d ")
                .contains("sends")
                .contains("-Dscuttlebutt.trace=FILE");
    }

    @Test
    void failureThatDoesNotComeAgain_isToldAsSuch() {
        Random unseeded = new Random(1);
        int[] left = {1};
        Workload<BrokenTypes.Putting> moody = BrokenTypes.workload(options -> new BrokenTypes.Putting(options) {
            @Override
            boolean loses(Update old, Update update) {
                if (unseeded.nextInt(1_000) == 0 && left[0]-- > 0) {
                    throw new IllegalArgumentException("a mood");
                }
                return super.loses(old, update);
            }
        });
        assertThatThrownBy(() -> Simulation.of(moody).runAll(1, OPERATIONS))
                .hasMessageContaining("the same schedule did not fail");
    }

    @TestFactory
    Stream<DynamicTest> contract_findsTheFault() {
        Json nonsense = Json.array(1, 2);
        return Stream.of(
                broken(
                        "counts before looking",
                        BrokenTypes.workload(BrokenTypes.CountsBeforeLooking::new, nonsense),
                        ReplicaContract::malformedChange_isRefusedWithoutTrace),
                broken(
                        "counts before looking, found without examples",
                        BrokenTypes.workload(BrokenTypes.CountsBeforeLooking::new),
                        ReplicaContract::arbitraryChanges_areRefusedOrConverge),
                broken(
                        "does not refuse",
                        BrokenTypes.workload(BrokenTypes.ArrivalOrder::new, nonsense),
                        ReplicaContract::malformedChange_isRefusedWithoutTrace),
                broken(
                        "arrival order",
                        BrokenTypes.workload(BrokenTypes.ArrivalOrder::new),
                        ReplicaContract::anyDeliveryOrder_converges),
                broken(
                        "no tie break",
                        BrokenTypes.workload(BrokenTypes.WithoutTieBreak::new),
                        ReplicaContract::anyDeliveryOrder_converges),
                broken(
                        "no tie break after a partition",
                        BrokenTypes.workload(BrokenTypes.WithoutTieBreak::new),
                        ReplicaContract::partitionAndRestart_converge),
                broken(
                        "holds too little",
                        BrokenTypes.workload(BrokenTypes.ForgetsItsTerms::new),
                        ReplicaContract::history_rebuildsAnEqualReplica),
                broken(
                        "holds too little for who was away",
                        BrokenTypes.workload(BrokenTypes.ForgetsItsTerms::new),
                        ReplicaContract::forget_losesNothing),
                broken("fickle", BrokenTypes.workload(BrokenTypes.Fickle::new), ReplicaContract::toJson_isStable),
                broken(
                        "drops an update",
                        BrokenTypes.workload(BrokenTypes.Inattentive::new),
                        ReplicaContract::clone_sharesEveryChange),
                broken(
                        "history in another order",
                        BrokenTypes.withHistory(BrokenTypes::reordering),
                        ReplicaContract::historySince_isExactlyWhatIsLacking))
                .toList()
                .stream();
    }

    private static <R extends BrokenTypes.Putting> DynamicTest broken(
            String name, Workload<R> workload, Consumer<ReplicaContract<R>> claim) {
        ReplicaContract<R> contract = new ReplicaContract<>() {
            @Override
            protected Workload<R> workload() {
                return workload;
            }
        };
        return DynamicTest.dynamicTest(
                name,
                () -> assertThatThrownBy(() -> claim.accept(contract))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("-Dscuttlebutt.seed="));
    }

    @Test
    void sameSeed_givesTheSameRun() {
        for (long seed = 1; seed <= 5; seed++) {
            assertThat(traceOf(seed)).isEqualTo(traceOf(seed)).isNotEmpty();
        }
    }

    private static List<String> traceOf(long seed) {
        Simulation<Model> simulation = Simulation.of(Workloads.model()).operations(300);
        Trace trace = Trace.kept();
        simulation.execute(simulation.schedule(seed), trace);
        return new ArrayList<>(trace.lines());
    }
}
