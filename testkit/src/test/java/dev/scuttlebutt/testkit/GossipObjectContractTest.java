package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.GossipObject;

class GossipObjectContractTest extends ReplicaContract<GossipObject> {
    @Override
    protected Workload<GossipObject> workload() {
        return Workloads.gossipObject();
    }
}
