package io.outfeed.internal.search;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.format.Column;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.JsonFormat;
import io.outfeed.format.RecordFormat;
import io.outfeed.internal.files.RowChange;
import io.outfeed.internal.files.RowColumns;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The record that is searched for, and how a row of it is recognized: by a cell whose text equals the record's key, in
 * a key column if the definition detects changes. Immutable.
 */
final class SearchedRecord {

    private final ExportDefinition<?> definition;
    private final Set<String> texts;
    private final Set<String> keyColumns;

    /** The columns that a file of the definition has now: all, and those of removed rows. */
    private final List<List<String>> layouts;

    private final Set<String> headers;

    SearchedRecord(ExportDefinition<?> definition, String key) {
        this.definition = definition;
        this.texts = format() instanceof CsvFormat csv
                ? definition.fields().columns().stream()
                        .flatMap(column -> CsvRows.textsOf(key, column.name(), csv).stream())
                        .collect(Collectors.toSet())
                : Set.of(key);
        List<String> keys =
                definition.changes().map(ChangeDetection::keyColumns).orElse(List.of());
        this.keyColumns = definition.fields().columns().stream()
                .filter(column -> keys.contains(column.name()))
                .map(Column::header)
                .collect(Collectors.toSet());
        RowColumns columns = new RowColumns(definition);
        this.layouts = Stream.of(RowChange.values())
                .map(change -> columns.layout(change).headers())
                .distinct()
                .toList();
        this.headers = new HashSet<>(layouts.get(0));
    }

    ExportDefinition<?> definition() {
        return definition;
    }

    private RecordFormat format() {
        return definition.file().format();
    }

    boolean canReadFormat() {
        return format() instanceof CsvFormat || format() instanceof JsonFormat;
    }

    /** Returns the rows of an uncompressed file in the format that the definition has now. */
    RowReader open(InputStream in) throws IOException {
        return format() instanceof CsvFormat csv ? new CsvRows(csv, layouts, in) : new JsonRows(in);
    }

    /**
     * Tells whether a row may be one of the definition, as far as its columns say: in another dialect than that of the
     * file a whole line is one column.
     */
    boolean hasColumnsOf(RowReader row) {
        List<String> known = IntStream.range(0, row.columns())
                .mapToObj(row::header)
                .flatMap(header -> header.stream())
                .toList();
        return known.isEmpty()
                ? row.columns() > 1 || headers.size() == 1
                : known.stream().anyMatch(headers::contains);
    }

    /** Returns the columns of the current row that have the key. */
    List<Integer> columnsWithKey(RowReader row) {
        int[] equal = IntStream.range(0, row.columns())
                .filter(column -> {
                    String text = row.text(column);
                    return text != null && texts.contains(text);
                })
                .toArray();
        if (equal.length == 0) {
            return List.of();
        }
        boolean anyColumn = IntStream.range(0, row.columns()).noneMatch(column -> isKeyColumn(row, column));
        return IntStream.of(equal)
                .filter(column -> anyColumn || isKeyColumn(row, column))
                .boxed()
                .toList();
    }

    private boolean isKeyColumn(RowReader row, int column) {
        return row.header(column).filter(keyColumns::contains).isPresent();
    }
}
