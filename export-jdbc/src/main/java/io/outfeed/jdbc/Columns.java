package io.outfeed.jdbc;

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
    private final ColumnKind[] kinds;
    private final Map<String, Integer> byName = new HashMap<>();

    private final @Nullable ZoneOffset offset;

    private Columns(List<String> names, List<ColumnKind> kinds, @Nullable ZoneOffset offset) {
        this.offset = offset;
        this.names = List.copyOf(names);
        this.kinds = kinds.toArray(ColumnKind[]::new);
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            byName.merge(names.get(i).toLowerCase(Locale.ROOT), index, (first, second) -> AMBIGUOUS);
        }
        for (String name : names) { // most ask for a name as the query has it
            byName.computeIfAbsent(name, key -> byName.get(key.toLowerCase(Locale.ROOT)));
        }
    }

    /** @param offset of the dates and times that have no zone, or null */
    static Columns of(ResultSetMetaData metaData, Dialect dialect, @Nullable ZoneOffset offset) throws SQLException {
        List<String> names = new ArrayList<>();
        List<ColumnKind> kinds = new ArrayList<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            names.add(metaData.getColumnLabel(i));
            kinds.add(ColumnKind.of(metaData, i, dialect));
        }
        return new Columns(names, kinds, offset);
    }

    @Nullable
    ZoneOffset offset() {
        return offset;
    }

    List<String> names() {
        return names;
    }

    ColumnKind kind(int index) {
        return kinds[index];
    }

    String name(int index) {
        return names.get(index);
    }

    boolean has(String name) {
        Integer index = find(name);
        return index != null && index != AMBIGUOUS;
    }

    /**
     * Returns where a column is.
     *
     * @throws IllegalArgumentException if there is none of this name, or more than one
     */
    int index(String name) {
        Integer index = find(name);
        if (index == null) {
            throw new UnfitColumnException("there is no column '" + name + "': the query has " + names);
        }
        if (index == AMBIGUOUS) {
            throw new UnfitColumnException(
                    "the query has more than one column '" + name + "': give one of them another name, with AS");
        }
        return index;
    }

    private @Nullable Integer find(String name) {
        Integer index = byName.get(name);
        return index == null ? byName.get(name.toLowerCase(Locale.ROOT)) : index;
    }

    /** Copies the row at which a result stands. */
    Row read(ResultSet rows) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[kinds.length];
        for (int i = 0; i < kinds.length; i++) {
            values[i] = kinds[i].read(rows, i + 1);
        }
        return new Row(this, values);
    }
}
