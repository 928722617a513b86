package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.field.Fields;
import io.outfeed.format.Column;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a file says what differs from what was delivered before: a column that says added, changed or removed, or a file
 * of each.
 *
 * <p>Immutable, compared by value.
 */
public final class ChangeDetection {

    private final List<String> keyColumns;
    private final @Nullable String column;
    private final List<String> codes;

    private ChangeDetection(List<String> keyColumns, @Nullable String column, List<String> codes) {
        this.keyColumns = keyColumns;
        this.column = column;
        this.codes = codes;
    }

    /**
     * Names the fields by which the receiver finds a row: a row that was removed has only these. By default the first
     * column of the file is {@code change}, with A for added, C for changed and D for removed.
     *
     * @param fields the names of the fields, one or more
     * @return change detection with a column
     * @throws IllegalArgumentException if there is none
     */
    public static ChangeDetection keyedBy(String... fields) {
        if (fields.length == 0) {
            throw new IllegalArgumentException(
                    "name the fields by which the receiver finds a row: ChangeDetection.keyedBy(\"student_id\")");
        }
        return new ChangeDetection(List.of(fields), "change", List.of("A", "C", "D"));
    }

    /**
     * Puts a first column into the file.
     *
     * @param header its header; by default the word change
     * @param added the text of a row that is new; {@code A} by default
     * @param changed the text of a row that was delivered before, with other cells; {@code C} by default
     * @param removed the text of a row that is no longer there; {@code D} by default
     * @return change detection with that column
     */
    public ChangeDetection column(String header, String added, String changed, String removed) {
        return new ChangeDetection(keyColumns, requireNonNull(header, "header"), List.of(added, changed, removed));
    }

    /**
     * Makes three files instead of a column: {@code visits-added.csv}, {@code visits-changed.csv} and
     * {@code visits-removed.csv}, the last with the key columns only.
     *
     * @return change detection with three files
     */
    public ChangeDetection threeFiles() {
        return new ChangeDetection(keyColumns, null, List.of());
    }

    /**
     * Returns the fields by which the receiver finds a row.
     *
     * @return their names
     */
    public List<String> keyColumns() {
        return keyColumns;
    }

    /**
     * Returns the column that says what became of a row.
     *
     * @return its header; empty if there are three files
     */
    public Optional<String> column() {
        return Optional.ofNullable(column);
    }

    /**
     * Returns what the column says of a row that was added, changed, removed.
     *
     * @return three texts, or none if there are three files
     */
    public List<String> codes() {
        return codes;
    }

    /** What does not fit the columns of a definition. */
    List<String> problems(Fields<?> fields) {
        List<String> names = fields.columns().stream().map(Column::name).toList();
        List<String> headers = fields.columns().stream().map(Column::header).toList();
        List<String> problems = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (String key : keyColumns) {
            if (!names.contains(key)) {
                problems.add("changes is keyed by '" + key + "', which is no field: choose of " + names);
            }
            if (!seen.add(key)) {
                problems.add("changes is keyed by '" + key + "' twice");
            }
        }
        if (column != null) {
            if (column.isBlank()) {
                problems.add("the column of changes has a blank header");
            }
            if (headers.contains(column) || names.contains(column)) {
                problems.add("the column of changes is named '" + column + "' like a field: choose another header");
            }
            if (codes.stream().anyMatch(String::isBlank) || Set.copyOf(codes).size() < codes.size()) {
                problems.add("the codes of changes are " + codes + ": choose three that differ and are not blank");
            }
        }
        return problems;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChangeDetection changes
                && keyColumns.equals(changes.keyColumns)
                && Objects.equals(column, changes.column)
                && codes.equals(changes.codes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(keyColumns, column, codes);
    }

    /** What it does, in words. */
    @Override
    public String toString() {
        return "changes keyed by " + keyColumns + (column == null ? " in three files" : " in column '" + column + "'");
    }
}
