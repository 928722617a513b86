package io.outfeed.blackbox;

import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.contract.RecordSourceContract;
import java.time.Instant;

/** A contract test, run in the module of a host. */
class ContractInModuleTest extends RecordSourceContract<ContractInModuleTest.Visit> {

    record Visit(String key, Instant updatedAt) {}

    private final ListSource<Visit> source = ListSource.create(Visit::key, Visit::updatedAt);

    @Override
    protected RecordSource<Visit> source() {
        return source;
    }

    @Override
    protected void write(Parameters parameters, String key, Position position) {
        source.put(new Visit(key, position.toInstant()));
    }

    @Override
    protected String key(Visit record) {
        return record.key();
    }
}
