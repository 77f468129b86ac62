package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.crdt.Doc;

class DocContractTest extends ReplicaContract<Doc> {
    @Override
    protected Workload<Doc> workload() {
        return Workloads.doc();
    }
}
