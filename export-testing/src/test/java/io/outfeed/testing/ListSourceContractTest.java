package io.outfeed.testing;

import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.contract.RecordSourceContract;
import java.time.Instant;

class ListSourceContractTest extends RecordSourceContract<ListSourceContractTest.Visit> {

    record Visit(long id, Instant updatedAt) {}

    private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::updatedAt);

    @Override
    protected RecordSource<Visit> source() {
        return source;
    }

    @Override
    protected void write(Parameters parameters, String key, Position position) {
        source.put(new Visit(Long.parseLong(key), position.toInstant()));
    }

    @Override
    protected String key(Visit record) {
        return Long.toString(record.id());
    }

    @Override
    protected boolean readsSnapshot() {
        return true;
    }
}
