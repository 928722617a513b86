package io.outfeed.testing;

import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.testing.contract.ExportStoreContract;

class InMemoryStoreContractTest extends ExportStoreContract {

    private final InMemoryStore store = new InMemoryStore();

    @Override
    protected ExportStore open() {
        return store;
    }

    @Override
    protected boolean breakLock(JobLock lock) {
        store.breakLock(lock.job());
        return true;
    }
}
