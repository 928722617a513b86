package io.outfeed.internal.search;

import io.outfeed.format.CellType;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.CsvFormat.Escape;
import io.outfeed.format.CsvFormat.Header;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/** Reads CSV in a dialect, by commons-csv. Used by one thread. */
final class CsvRows implements RowReader {

    private final RowLimit text;
    private final Iterator<CSVRecord> records;
    private final List<List<String>> layouts;
    private final boolean hasTrailer;
    private List<String> headers = List.of();
    private @Nullable CSVRecord current;
    private @Nullable CSVRecord following;

    /**
     * Reads the header line, if the dialect has one.
     *
     * @param layouts the columns that a file without a header line may have, told apart by their number
     */
    CsvRows(CsvFormat format, List<List<String>> layouts, InputStream in) throws IOException {
        this.text = new RowLimit(in, format.charset());
        this.layouts = format.header() == Header.PRESENT ? List.of() : layouts;
        this.hasTrailer = !format.trailer().isEmpty();
        Reader rows = withoutByteOrderMark(text);
        for (int line = 0; line < format.preamble().size(); line++) {
            skipLine(rows, format.lineEnding().text());
        }
        this.records = CSVParser.parse(rows, dialect(format)).iterator();
        if (hasTrailer) {
            following = read();
        }
        if (format.header() == Header.PRESENT && next()) {
            headers = List.of(row().values());
        }
    }

    private static Reader withoutByteOrderMark(Reader text) throws IOException {
        BufferedReader reader = new BufferedReader(text);
        reader.mark(1);
        if (reader.read() != '\ufeff') {
            reader.reset();
        }
        return reader;
    }

    /** A null is told from a text by its missing quotes. */
    private static CSVFormat dialect(CsvFormat format) {
        CSVFormat.Builder dialect = CSVFormat.Builder.create()
                .setDelimiter(format.delimiter())
                .setQuote(format.quote().character())
                .setIgnoreEmptyLines(false)
                .setQuoteMode(QuoteMode.ALL_NON_NULL);
        if (format.escape() == Escape.BACKSLASH) {
            dialect.setEscape('\\');
        }
        format.nullText().ifPresent(dialect::setNullString);
        return dialect.get();
    }

    /**
     * Returns the texts that a cell of a column may have whose value is this text, such as one with a formula guard.
     */
    static Set<String> textsOf(String value, String column, CsvFormat format) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try {
            try (RecordWriter writer = format.open(FileLayout.of(column), written)) {
                writer.write(new RowCells(List.of(new Cell(value, CellType.TEXT))));
                writer.finish(new FileTotals(1, Map.of()));
            } catch (RejectedCellException e) { // then no file of this dialect has it
                return Set.of(value);
            }
            CsvRows rows = new CsvRows(format, List.of(), new ByteArrayInputStream(written.toByteArray()));
            String text = rows.next() ? rows.text(0) : null;
            return text == null || text.equals(value) ? Set.of(value) : Set.of(value, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean next() throws IOException {
        if (hasTrailer) { // the last line is no row
            CSVRecord row = following;
            following = row == null ? null : read();
            current = following == null ? null : row;
        } else {
            current = read();
        }
        return current != null;
    }

    private @Nullable CSVRecord read() throws IOException {
        text.beginRow();
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException | IllegalStateException e) { // its message may quote the file
            throw new IOException("the file is no CSV of this dialect");
        }
    }

    private static void skipLine(Reader rows, String lineEnding) throws IOException {
        int last = lineEnding.charAt(lineEnding.length() - 1);
        int character = rows.read();
        while (character >= 0 && character != last) {
            character = rows.read();
        }
    }

    private CSVRecord row() {
        CSVRecord row = current;
        if (row == null) {
            throw new IllegalStateException("there is no row");
        }
        return row;
    }

    @Override
    public int columns() {
        return row().size();
    }

    @Override
    public @Nullable String text(int column) {
        return row().get(column);
    }

    @Override
    public Optional<String> header(int column) {
        List<String> known = layouts.stream()
                .filter(layout -> layout.size() == columns())
                .findFirst()
                .orElse(headers);
        return column < known.size() ? Optional.of(known.get(column)) : Optional.empty();
    }
}
