package io.outfeed.jdbc;

import io.outfeed.jdbc.internal.connection.SourceDialect;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of a result, found by name without regard to case. Immutable. */
final class Columns {

    private static final int AMBIGUOUS = -1;

    private final List<String> names;
    private final ColumnType[] types;
    private final Map<String, Integer> byName = new HashMap<>();

    private final @Nullable ZoneOffset offset;

    private Columns(List<String> names, List<ColumnType> types, @Nullable ZoneOffset offset) {
        this.offset = offset;
        this.names = List.copyOf(names);
        this.types = types.toArray(ColumnType[]::new);
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            byName.merge(names.get(i).toLowerCase(Locale.ROOT), index, (first, second) -> AMBIGUOUS);
        }
        for (String name : names) { // the usual case: the name as the query has it
            byName.computeIfAbsent(name, key -> byName.get(key.toLowerCase(Locale.ROOT)));
        }
    }

    /** @param offset of the dates and times that have no zone, or null */
    static Columns of(ResultSetMetaData metaData, SourceDialect dialect, @Nullable ZoneOffset offset)
            throws SQLException {
        List<String> names = new ArrayList<>();
        List<ColumnType> types = new ArrayList<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            names.add(metaData.getColumnLabel(i));
            types.add(ColumnType.of(metaData, i, dialect));
        }
        return new Columns(names, types, offset);
    }

    @Nullable
    ZoneOffset offset() {
        return offset;
    }

    List<String> names() {
        return names;
    }

    ColumnType type(int index) {
        return types[index];
    }

    String name(int index) {
        return names.get(index);
    }

    boolean has(String name) {
        Integer index = find(name);
        return index != null && index != AMBIGUOUS;
    }

    /**
     * The index of a column.
     *
     * @throws IllegalArgumentException if there is none of this name, or more than one
     */
    int index(String name) {
        Integer index = find(name);
        if (index == null) {
            throw new ColumnMismatchException("there is no column '" + name + "': the query has " + names);
        }
        if (index == AMBIGUOUS) {
            throw new ColumnMismatchException(
                    "the query has more than one column '" + name + "': give one of them another name, with AS");
        }
        return index;
    }

    private @Nullable Integer find(String name) {
        Integer index = byName.get(name);
        return index == null ? byName.get(name.toLowerCase(Locale.ROOT)) : index;
    }

    /** Copies the current row of a result. */
    Row read(ResultSet rows) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            values[i] = types[i].read(rows, i + 1);
        }
        return new Row(this, values);
    }
}
