package io.outfeed.source;

import io.outfeed.testing.contract.RecordSourceContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A source that is a function, with a sequence as its watermark and without a lookup. */
class ParameterizedSourceContractTest extends RecordSourceContract<ParameterizedSourceContractTest.Entry> {

    record Entry(String tenant, String key, long number) {}

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    @Override
    protected RecordSource<Entry> source() {
        return RecordSource.of(this::read);
    }

    private Stream<Entry> read(Window window, Parameters parameters) {
        return entries.stream()
                .filter(entry -> entry.tenant().equals(parameters.get("tenant")))
                .filter(entry -> entry.number() >= window.from().toLong())
                .filter(entry -> entry.number() < window.until().toLong());
    }

    @Override
    protected void write(Parameters parameters, String key, Position position) {
        entries.add(new Entry(parameters.get("tenant"), key, position.toLong()));
    }

    @Override
    protected String key(Entry record) {
        return record.key();
    }

    @Override
    protected Position position(int number) {
        return Position.of(number);
    }

    @Override
    protected Parameters parameters() {
        return Parameters.of(Map.of("tenant", "lakeside"));
    }

    @Override
    protected Optional<Parameters> otherParameters() {
        return Optional.of(Parameters.of(Map.of("tenant", "hillside")));
    }
}
