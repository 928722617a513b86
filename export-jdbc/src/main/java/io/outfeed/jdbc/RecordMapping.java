package io.outfeed.jdbc;

import io.outfeed.jdbc.internal.column.ColumnMismatchException;
import io.outfeed.jdbc.internal.column.Columns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the rows of a source become records, whatever the columns of its query. Thread-safe. */
interface RecordMapping<T> {

    /**
     * Makes the mapper for the columns of a query.
     *
     * @throws ColumnMismatchException if the record needs a column that the query does not have
     */
    RowMapper<T> bind(Columns columns);

    /**
     * The mapping that the options ask for.
     *
     * @param problems gets what is missing or wrong
     * @return null if there is none
     */
    static <T> @Nullable RecordMapping<T> of(SourceOptions<T> options, List<String> problems) {
        RowMapper<? extends T> mapper = options.mapper;
        if (mapper != null) {
            return columns -> mapper::map;
        }
        if (options.recordType == Row.class) {
            return columns -> options.recordType::cast;
        }
        if (!options.recordType.isRecord()) {
            problems.add("mapper is missing: only a record class and Row need none");
            return null;
        }
        return new ConstructorMapper<>(options.recordType, problems);
    }
}
