package io.outfeed.dbscheduler;

class ThreadedDbSchedulerContractTest extends DbSchedulerContractTest {

    @Override
    int workers() {
        return 3;
    }
}
