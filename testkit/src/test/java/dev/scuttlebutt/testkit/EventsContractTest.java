package dev.scuttlebutt.testkit;

import dev.scuttlebutt.types.Events;

class EventsContractTest extends ReplicaContract<Events> {
    @Override
    protected Workload<Events> workload() {
        return Workloads.events();
    }
}
