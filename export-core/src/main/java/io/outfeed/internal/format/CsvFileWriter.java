package io.outfeed.internal.format;

import io.outfeed.field.FieldMapping;
import io.outfeed.file.CsvFormat;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;

/** Writes records as lines of CSV in UTF-8. Not thread-safe. */
public final class CsvFileWriter<T> implements Closeable {

    private static final int BUFFER = 64 * 1024;

    private final List<? extends FieldMapping<? super T>> mappings;
    private final Writer out;
    private final CSVFormat csv;
    private final CellText texts;
    private final Object[] cells;

    /**
     * Writes the header.
     *
     * @param out takes the bytes; closed with this
     */
    public CsvFileWriter(
            CsvFormat format, List<? extends FieldMapping<? super T>> mappings, CellText texts, OutputStream out)
            throws IOException {
        this.texts = texts;
        this.mappings = mappings;
        this.out = new BufferedWriter(
                new OutputStreamWriter(
                        out,
                        // half of a surrogate pair is no text: fail rather than write a question mark
                        StandardCharsets.UTF_8
                                .newEncoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)),
                BUFFER);
        // A format of its own: printing is synchronized on it.
        this.csv = CSVFormat.Builder.create()
                .setDelimiter(format.delimiter())
                .setQuote(format.quote().character())
                .setQuoteMode(QuoteMode.MINIMAL)
                .setRecordSeparator(format.lineEnding().text())
                .get();
        this.cells = mappings.stream().map(FieldMapping::header).toArray();
        csv.printRecord(this.out, cells);
    }

    /**
     * Writes one record: all its cells are made before the first is written.
     *
     * @param key names the record in a message
     */
    public void write(T record, String key) throws IOException {
        for (int i = 0; i < cells.length; i++) {
            String text = texts.of(mappings.get(i), record, key);
            cells[i] = text == null ? "" : text;
        }
        csv.printRecord(out, cells);
    }

    /** Hands on what was written so far. */
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
