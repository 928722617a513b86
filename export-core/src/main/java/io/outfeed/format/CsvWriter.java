package io.outfeed.format;

import io.outfeed.format.CsvFormat.FormulaGuard;
import io.outfeed.format.CsvFormat.Header;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/** Writes CSV: decides which cells are quoted, and lets commons-csv write them. See {@link CsvFormat}. */
final class CsvWriter implements RecordWriter {

    /** The characters that a spreadsheet takes for the beginning of a formula, or skips before it. */
    private static final String FORMULA_STARTS = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20";

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9][0-9.,]*");

    private final CsvFormat format;
    private final EncodedOutput out;
    private final Encodable encodable;
    private final String lineEnding;
    private final String delimiter;
    private final String nullText;

    /** Not shared with other writers: printing is synchronized on them. */
    private final CSVFormat minimal;

    private final CSVFormat quoted;

    /** The current record; null where the null text is written. */
    private final @Nullable String[] texts;

    private final boolean[] quotes;

    CsvWriter(CsvFormat format, List<String> headers, OutputStream out) throws IOException {
        this.format = format;
        this.out = new EncodedOutput(out, format.charset());
        this.encodable = new Encodable(format.charset());
        this.lineEnding = format.lineEnding().text();
        this.delimiter = Character.toString(format.delimiter());
        this.nullText = format.nullText().orElse("");
        this.minimal = csv(QuoteMode.MINIMAL);
        this.quoted = csv(QuoteMode.ALL);
        this.texts = new String[headers.size()];
        this.quotes = new boolean[headers.size()];
        if (format.byteOrderMark() == CsvFormat.ByteOrderMark.PRESENT) {
            this.out.write("\ufeff");
        }
        if (format.header() == Header.PRESENT) {
            write(new HeaderCells(headers));
        }
    }

    private CSVFormat csv(QuoteMode mode) {
        return CSVFormat.Builder.create()
                .setDelimiter(format.delimiter())
                .setQuote(format.quote().character())
                .setQuoteMode(mode)
                .setRecordSeparator(lineEnding)
                .get();
    }

    private record HeaderCells(List<String> headers) implements RecordCells {

        @Override
        public int size() {
            return headers.size();
        }

        @Override
        public String text(int column) {
            return headers.get(column);
        }

        @Override
        public CellType type(int column) {
            return CellType.TEXT;
        }

        @Override
        public String value(int column) {
            return text(column);
        }
    }

    /** Checks all cells before the first one is written. */
    @Override
    public void write(RecordCells cells) throws IOException {
        for (int i = 0; i < texts.length; i++) {
            prepare(cells, i);
        }
        for (int i = 0; i < texts.length; i++) {
            print(i);
        }
        out.write(lineEnding);
    }

    private void prepare(RecordCells cells, int column) throws RejectedCellException {
        String text = cells.text(column);
        if (text == null && format.tellsNull()) {
            texts[column] = null;
            return;
        }
        CellType type = cells.type(column);
        if (text == null || text.isEmpty()) {
            text = "";
        } else if (!type.isNumber() && type != CellType.BOOLEAN) {
            text = guarded(carried(text, column), cells);
        }
        texts[column] = text;
        quotes[column] = quotes(text, type);
    }

    private String carried(String text, int column) throws RejectedCellException {
        if (encodable.carries(text)) {
            return text;
        }
        if (format.replacement().isEmpty()) {
            throw new RejectedCellException(column, encodable.why(text));
        }
        return encodable.replaced(text, format.replacement().get());
    }

    private String guarded(String text, RecordCells cells) {
        boolean guard = format.formulaGuard() == FormulaGuard.APOSTROPHE
                && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0
                && !(cells instanceof HeaderCells)
                && !NUMBER.matcher(text).matches();
        return guard ? "'" + text : text;
    }

    /** Whether a cell is quoted even if it would not need it. */
    private boolean quotes(String text, CellType type) {
        boolean wanted = switch (format.quoting()) {
            case MINIMAL -> false;
            case ALL, NON_NULL -> true;
            case TEXT_ONLY -> !type.isNumber();
        };
        return wanted
                || (format.tellsNull() && text.equals(nullText))
                || (text.isEmpty() && texts.length == 1) // else it would be a blank line
                || text.equals("\\.") // on a line alone it would end PostgreSQL's COPY
                || text.startsWith("\ufeff") // at the beginning of a file it would be taken for a byte order mark
                || text.indexOf('\0') >= 0;
    }

    private void print(int column) throws IOException {
        String text = texts[column];
        if (text != null && quotes[column]) {
            quoted.print(text, out, column == 0);
        } else if (text != null && !text.isEmpty()) {
            minimal.print(text, out, column == 0);
        } else { // commons-csv would quote an empty text in the first column only
            if (column > 0) {
                out.write(delimiter);
            }
            out.write(text == null ? nullText : "");
        }
    }

    /** Writes nothing: the last line ends like the others. */
    @Override
    public void finish(FileTotals totals) {}

    @Override
    public long bytes() {
        return out.count();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
