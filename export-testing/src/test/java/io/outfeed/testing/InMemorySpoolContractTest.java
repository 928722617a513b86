package io.outfeed.testing;

import io.outfeed.spool.Spool;
import io.outfeed.testing.contract.SpoolContract;

class InMemorySpoolContractTest extends SpoolContract {

    @Override
    protected Spool open() {
        return new InMemorySpool();
    }
}
