package dev.scuttlebutt.testkit;

class TallyContractTest extends ReplicaContract<Tally> {
    @Override
    protected Workload<Tally> workload() {
        return new TallyWorkload();
    }
}
