package dev.scuttlebutt.testkit;

import dev.scuttlebutt.Replica;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The claims of the contract about what others send, for longer than the contract of each type looks at them. */
@Tag("fuzz")
class HostileChangesTest {
    private static final int SEEDS_OF_A_LONG_RUN = 1500;

    private static final class LongContract<R extends Replica> extends ReplicaContract<R> {
        private final Workload<R> type;

        LongContract(Workload<R> type) {
            this.type = type;
        }

        @Override
        protected Workload<R> workload() {
            return type;
        }

        @Override
        protected int seeds() {
            return Hostile.seedsOfALongRun(SEEDS_OF_A_LONG_RUN);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.scuttlebutt.testkit.Hostile#types")
    void arbitraryChanges_areRefusedOrConverge(Workload<?> type) {
        new LongContract<>(type).arbitraryChanges_areRefusedOrConverge();
    }

    @ParameterizedTest
    @MethodSource("dev.scuttlebutt.testkit.Hostile#types")
    void anyDeliveryOrder_converges(Workload<?> type) {
        new LongContract<>(type).anyDeliveryOrder_converges();
    }
}
