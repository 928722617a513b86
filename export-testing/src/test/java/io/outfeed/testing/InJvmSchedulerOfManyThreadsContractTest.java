package io.outfeed.testing;

import io.outfeed.testing.contract.SchedulerContract;

class InJvmSchedulerOfManyThreadsContractTest extends SchedulerContract {

    @Override
    protected Driver driver() {
        return new InJvmSchedulerContractTest.InJvmDriver(3);
    }
}
