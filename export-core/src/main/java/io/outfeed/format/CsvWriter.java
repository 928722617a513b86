package io.outfeed.format;

import io.outfeed.format.CsvFormat.Escape;
import io.outfeed.format.CsvFormat.FormulaGuard;
import io.outfeed.format.CsvFormat.Header;
import io.outfeed.format.CsvFormat.Quoting;
import io.outfeed.internal.format.Encodable;
import io.outfeed.internal.format.EncodedOutput;
import io.outfeed.internal.format.LineText;
import io.outfeed.internal.format.PlainCells;
import io.outfeed.internal.format.RawCells;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV. Cells that need no quotes in any dialect's eyes are written at once; for all others it decides which are
 * quoted, and lets commons-csv write them. See {@link CsvFormat}.
 */
final class CsvWriter implements RecordWriter {

    private static final int LONG_TEXT = 64 * 1024;

    private final CsvFormat format;
    private final FileLayout layout;
    private final EncodedOutput out;
    private final Encodable encodable;
    private final String lineEnding;
    private final String delimiter;
    private final String nullText;

    /** Not shared with other writers: printing is synchronized on them. */
    private final CSVFormat minimal;

    private final CSVFormat quoted;

    private final Quoting[] quoting;
    private final boolean[] guarded;

    /** The current record; null where the null text is written. */
    private final @Nullable String[] texts;

    private final boolean[] quotes;

    /** Null if the charset does not keep ASCII: then no cell is plain. */
    private final @Nullable PlainCells plain;

    /** The columns whose texts may be plain, and those whose values may. */
    private final boolean[] plainTexts;

    private final boolean[] plainValues;

    CsvWriter(CsvFormat format, FileLayout layout, OutputStream out) throws IOException {
        this.format = format;
        this.layout = layout;
        this.out = new EncodedOutput(out, format.charset());
        this.encodable = new Encodable(format.charset());
        this.lineEnding = format.lineEnding().text();
        this.delimiter = Character.toString(format.delimiter());
        this.nullText = format.nullText().orElse("");
        this.minimal = csv(QuoteMode.MINIMAL);
        this.quoted = csv(QuoteMode.ALL);
        this.texts = new String[layout.size()];
        this.quotes = new boolean[layout.size()];
        this.quoting = new Quoting[layout.size()];
        this.guarded = new boolean[layout.size()];
        for (int i = 0; i < layout.size(); i++) {
            String field = layout.columns().get(i).name();
            quoting[i] = format.quoting(field);
            guarded[i] = format.formulaGuard(field) == FormulaGuard.APOSTROPHE;
        }
        this.plain = encodable.keepsAscii()
                ? new PlainCells(this.out, format.charset().equals(StandardCharsets.UTF_8), quotedCharacters())
                : null;
        this.plainTexts = new boolean[layout.size()];
        this.plainValues = new boolean[layout.size()];
        boolean nullIsNoValue = !format.tellsNull() || nullText.isEmpty() || nullText.startsWith("\\");
        for (int i = 0; i < layout.size(); i++) {
            plainTexts[i] = quoting[i] == Quoting.MINIMAL && !guarded[i];
            plainValues[i] = plainTexts[i] && nullIsNoValue;
        }
        if (format.byteOrderMark() == CsvFormat.ByteOrderMark.PRESENT) {
            this.out.write("\ufeff");
        }
        for (String line : format.preamble(layout)) {
            this.out.write(line);
            this.out.write(lineEnding);
        }
        if (format.header() == Header.PRESENT) {
            writeHeader();
        }
    }

    /** The characters that need quotes wherever they are, or another look. */
    private String quotedCharacters() {
        return "\r\n\0" + format.delimiter() + format.quote().character()
                + (format.escape() == Escape.BACKSLASH ? "\\" : "");
    }

    private CSVFormat csv(QuoteMode mode) {
        CSVFormat.Builder builder = CSVFormat.Builder.create()
                .setDelimiter(format.delimiter())
                .setQuote(format.quote().character())
                .setQuoteMode(mode)
                .setRecordSeparator(lineEnding);
        if (format.escape() == Escape.BACKSLASH) {
            builder.setEscape('\\');
        }
        return builder.get();
    }

    private void writeHeader() throws IOException {
        List<String> headers = layout.headers();
        for (int i = 0; i < texts.length; i++) {
            texts[i] = carried(headers.get(i), i);
            quotes[i] = quotes(headers.get(i), CellType.TEXT, quoting[i], texts.length);
        }
        writePrepared();
    }

    /** Checks all cells before the first one is written. */
    @Override
    public void write(RecordCells cells) throws IOException {
        if (plain != null && texts.length > 1 && cells instanceof RawCells raw && !hasLongText(raw)) {
            write(cells, raw, plain);
            return;
        }
        for (int i = 0; i < texts.length; i++) {
            prepare(cells, i);
        }
        writePrepared();
    }

    /** Whether a text is not to be held a second time, as bytes. */
    private boolean hasLongText(RawCells cells) {
        for (int i = 0; i < texts.length; i++) {
            if (cells.raw(i) instanceof String text && text.length() > LONG_TEXT) {
                return true;
            }
        }
        return false;
    }

    /** Writes cell by cell, and takes the record back if one is rejected. */
    private void write(RecordCells cells, RawCells raw, PlainCells plain) throws IOException {
        out.begin();
        int start = out.position();
        try {
            for (int i = 0; i < texts.length; i++) {
                Object value = raw.raw(i);
                int before = out.position();
                if (i > 0) {
                    out.write(format.delimiter());
                }
                boolean written = value == null
                        ? plainTexts[i] && !format.tellsNull()
                        : value instanceof String text
                                ? plainTexts[i] && isPlain(text, plain)
                                : plainValues[i] && plain.value(value);
                if (!written) {
                    out.takeBack(before);
                    prepare(cells, i);
                    print(texts[i], quotes[i], i == 0);
                }
            }
        } catch (RejectedCellException e) {
            out.takeBack(start);
            out.end();
            throw e;
        }
        out.write(lineEnding);
        out.end();
    }

    private boolean isPlain(String text, PlainCells plain) throws IOException {
        if (text.isEmpty()) {
            return !format.tellsNull();
        }
        return !(format.tellsNull() && text.equals(nullText)) && plain.text(text);
    }

    private void writePrepared() throws IOException {
        for (int i = 0; i < texts.length; i++) {
            print(texts[i], quotes[i], i == 0);
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
            text = carried(text, column);
            if (guarded[column]) {
                text = FormulaTexts.guarded(text);
            }
        }
        texts[column] = text;
        quotes[column] = quotes(text, type, quoting[column], texts.length);
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

    /** Whether a cell is quoted even if it would not need it. */
    private boolean quotes(String text, CellType type, Quoting quoting, int columns) {
        boolean wanted = switch (quoting) {
            case MINIMAL -> false;
            case ALL, NON_NULL -> true;
            case TEXT_ONLY -> !type.isNumber();
        };
        return wanted
                || (format.tellsNull() && text.equals(nullText))
                || (text.isEmpty() && columns == 1) // else it would be a blank line
                || text.equals("\\.") // on a line alone it would end PostgreSQL's COPY
                || text.startsWith("\ufeff") // at the beginning of a file it would be taken for a byte order mark
                || (format.escape() == Escape.BACKSLASH && text.indexOf('\\') >= 0)
                || text.indexOf('\0') >= 0;
    }

    private void print(@Nullable String text, boolean isQuoted, boolean isFirst) throws IOException {
        if (text != null && isQuoted) {
            quoted.print(text, out, isFirst);
        } else if (text != null && !text.isEmpty()) {
            minimal.print(text, out, isFirst);
        } else { // commons-csv would quote an empty text in the first column only
            if (!isFirst) {
                out.write(delimiter);
            }
            out.write(text == null ? nullText : "");
        }
    }

    /** Writes the trailer, if there is one. */
    @Override
    public void finish(FileTotals totals) throws IOException {
        List<String> cells = format.trailer(layout, totals);
        List<String> patterns = format.trailer();
        for (int i = 0; i < cells.size(); i++) {
            CellType type = LineText.isNumber(patterns.get(i)) ? CellType.DECIMAL : CellType.TEXT;
            print(cells.get(i), quotes(cells.get(i), type, format.quoting(), cells.size()), i == 0);
        }
        if (!cells.isEmpty()) {
            out.write(lineEnding);
        }
    }

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
