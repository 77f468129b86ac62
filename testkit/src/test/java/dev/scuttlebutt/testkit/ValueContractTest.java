package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.Value;
import org.junit.jupiter.api.Nested;

class ValueContractTest {
    @Nested
    class OfTheLatestWrite extends ReplicaContract<Value> {
        @Override
        protected Workload<Value> workload() {
            return Workloads.value(1);
        }
    }

    @Nested
    class OfTheLatestFiveWrites extends ReplicaContract<Value> {
        @Override
        protected Workload<Value> workload() {
            return Workloads.value(5);
        }
    }
}
