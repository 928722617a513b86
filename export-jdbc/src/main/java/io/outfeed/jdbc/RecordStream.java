package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.ExportException;
import io.outfeed.error.MappingException;
import io.outfeed.error.SourceException;
import io.outfeed.field.RejectedValueException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.jdbc.internal.column.ColumnMismatchException;
import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.column.RowReader;
import io.outfeed.jdbc.internal.column.RowValues;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The rows of a query as records, read one at a time. */
final class RecordStream<T> extends AbstractSpliterator<T> {

    private final SourceConnection connection;
    private final RowReader rows;
    private final Columns columns;
    private final RowMapper<T> mapper;
    private Optional<Supplier<RecordStream<T>>> next = Optional.empty();
    private @Nullable RecordStream<T> following;
    private long number;

    RecordStream(SourceConnection connection, RowReader rows, Columns columns, RowMapper<T> mapper) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.connection = connection;
        this.rows = rows;
        this.columns = columns;
        this.mapper = mapper;
    }

    /** Lets the rows of another query follow, which runs when these have been read. */
    RecordStream<T> then(Optional<Supplier<RecordStream<T>>> other) {
        next = other;
        return this;
    }

    Stream<T> stream() {
        return StreamSupport.stream(this, false).onClose(this::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        RowValues values;
        try {
            values = rows.next();
        } catch (SQLException e) {
            throw connection.failure("the query broke off", e);
        }
        if (values == null) {
            return following().map(other -> other.tryAdvance(action)).orElse(false);
        }
        number++;
        action.accept(map(new Row(columns, values)));
        return true;
    }

    private Optional<RecordStream<T>> following() {
        if (following == null && next.isPresent()) {
            close();
            following = next.get().get();
        }
        return Optional.ofNullable(following);
    }

    private T map(Row row) {
        T record;
        try {
            record = mapper.map(row);
        } catch (ExportException e) {
            throw e;
        } catch (ColumnMismatchException e) {
            throw SourceException.permanent("a row can't be mapped: " + e.getMessage(), null);
        } catch (RejectedValueException e) { // of this row: the next ones may be right
            String reason = String.valueOf(e.getMessage());
            String key = "row " + number + " of the query";
            throw new MappingException(key + " can't be mapped: " + reason, "mapper", key, reason, null);
        } catch (Exception e) {
            throw SourceException.permanent("a row can't be mapped: the mapper failed", HostCalls.redact(e));
        }
        return requireNonNull(record, "the mapper gave null instead of a record");
    }

    private void close() {
        if (following != null) {
            following.close();
        }
        try {
            rows.close();
        } catch (SQLException e) {
            throw connection.failure("the query can't be closed", e);
        }
    }
}
