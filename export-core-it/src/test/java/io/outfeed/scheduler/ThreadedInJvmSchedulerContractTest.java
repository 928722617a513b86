package io.outfeed.scheduler;

import io.outfeed.testing.contract.SchedulerContract;

class ThreadedInJvmSchedulerContractTest extends SchedulerContract {

    @Override
    protected Driver driver() {
        return new InJvmSchedulerContractTest.InJvmDriver(3);
    }
}
