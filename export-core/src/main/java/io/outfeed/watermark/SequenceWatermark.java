package io.outfeed.watermark;

import static java.util.Objects.requireNonNull;

import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/** See {@link Watermark#sequence}. */
record SequenceWatermark<T>(Function<? super T, Long> id, Watermark.SettledBound bound) implements Watermark<T> {

    SequenceWatermark {
        requireNonNull(id, "id");
        requireNonNull(bound, "bound");
    }

    @Override
    public String kind() {
        return Position.SEQUENCE;
    }

    @Override
    public Position beginning() {
        return Position.of(Long.MIN_VALUE);
    }

    @Override
    public Position until(SourceSession<T> session, Clock clock) throws Exception {
        return Position.of(bound.firstUnsettled());
    }

    @Override
    @SuppressWarnings("NullAway") // a host's function may return null although it must not
    public Optional<Position> positionOf(T record) {
        Long number = id.apply(record);
        if (number == null) {
            throw new IllegalStateException("the watermark's number is null: give every record one");
        }
        return Optional.of(Position.of(number));
    }

    @Override
    public int compare(Position left, Position right) {
        return Long.compare(left.toLong(), right.toLong());
    }

    @Override
    public String toString() {
        return "sequence";
    }
}
