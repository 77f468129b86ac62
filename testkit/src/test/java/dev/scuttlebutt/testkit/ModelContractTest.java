package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.Model;

class ModelContractTest extends ReplicaContract<Model> {
    @Override
    protected Workload<Model> workload() {
        return Workloads.model();
    }
}
