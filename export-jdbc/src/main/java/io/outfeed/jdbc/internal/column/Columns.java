package io.outfeed.jdbc.internal.column;

import io.outfeed.jdbc.internal.connection.SourceDialect;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The columns of a result, found by name without regard to case. Thread-safe. */
public final class Columns {

    private static final int AMBIGUOUS = -1;

    private final List<String> names;
    private final ColumnReader[] types;
    private final Map<String, Integer> byName = new HashMap<>();

    /** The string by which each column was found last: a mapper that has it as a constant gives the same one again. */
    private final @Nullable String[] found;

    private final @Nullable ZoneOffset offset;

    /** The names of their tables, as far as the driver tells. */
    private final List<String> tables;

    /** How PostgreSQL sends their values as bytes; null where it is not known. */
    private final List<@Nullable BinaryValue> binary;

    private Columns(
            List<String> names,
            List<ColumnReader> types,
            List<String> tables,
            List<@Nullable BinaryValue> binary,
            @Nullable ZoneOffset offset) {
        this.offset = offset;
        this.binary = binary;
        this.tables = List.copyOf(tables);
        this.names = List.copyOf(names);
        this.types = types.toArray(ColumnReader[]::new);
        this.found = new String[names.size()];
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            byName.merge(names.get(i).toLowerCase(Locale.ROOT), index, (first, second) -> AMBIGUOUS);
        }
        for (String name : names) { // the usual case: the name as the query has it
            byName.computeIfAbsent(name, key -> byName.get(key.toLowerCase(Locale.ROOT)));
        }
    }

    /** @param offset of the dates and times that have no zone, or null */
    public static Columns of(ResultSetMetaData metaData, SourceDialect dialect, @Nullable ZoneOffset offset)
            throws SQLException {
        List<String> names = new ArrayList<>();
        List<ColumnReader> types = new ArrayList<>();
        List<String> tables = new ArrayList<>();
        List<@Nullable BinaryValue> binary = new ArrayList<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            names.add(metaData.getColumnLabel(i));
            types.add(ColumnReader.of(metaData, i, dialect));
            tables.add(dialect == SourceDialect.POSTGRESQL ? metaData.getTableName(i) : "");
            binary.add(dialect == SourceDialect.POSTGRESQL ? BinaryValue.of(metaData, i, types.get(i - 1)) : null);
        }
        return new Columns(names, types, tables, binary, offset);
    }

    public @Nullable ZoneOffset offset() {
        return offset;
    }

    public List<String> names() {
        return names;
    }

    /** The name of the table that a column is of, without its schema; empty if it is not known. */
    public String table(int index) {
        return tables.get(index);
    }

    /** How PostgreSQL sends the values of a column as bytes; null where it is not known. */
    public @Nullable BinaryValue binary(int index) {
        return binary.get(index);
    }

    public ColumnReader type(int index) {
        return types[index];
    }

    public boolean has(String name) {
        Integer index = find(name);
        return index != null && index != AMBIGUOUS;
    }

    /**
     * The index of a column.
     *
     * @throws IllegalArgumentException if there is none of this name, or more than one
     */
    public int index(String name) {
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

    /**
     * The index of a column, which is likely to be the given one.
     *
     * @throws IllegalArgumentException if there is none of this name, or more than one
     */
    @SuppressWarnings("ReferenceEquality") // another string is looked up
    public int index(String name, int likely) {
        if (likely < found.length && found[likely] == name) {
            return likely;
        }
        int index = index(name);
        found[index] = name;
        return index;
    }

    private @Nullable Integer find(String name) {
        Integer index = byName.get(name);
        return index == null ? byName.get(name.toLowerCase(Locale.ROOT)) : index;
    }

    /**
     * Copies the values of the current row: those that can't be read as {@link OddValue}, unless the connection is what
     * failed.
     *
     * @param isBroken tells of a failure whether nothing can be read any more
     */
    public @Nullable Object[] read(ResultSet rows, Predicate<SQLException> isBroken) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            values[i] = read(types[i], rows, i + 1, isBroken);
        }
        return values;
    }

    private static @Nullable Object read(ColumnReader type, ResultSet rows, int at, Predicate<SQLException> isBroken)
            throws SQLException {
        try {
            return type.read(rows, at);
        } catch (SQLException e) {
            if (isBroken.test(e)) {
                throw e;
            }
            return OddValue.unreadable(type.label());
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) { // of the driver
            return OddValue.unreadable(type.label());
        }
    }
}
