package io.outfeed.internal.format;

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
import org.jspecify.annotations.Nullable;

/** Writes rows as lines of CSV in UTF-8. Not thread-safe. */
public final class CsvFileWriter implements Closeable {

    private static final int BUFFER = 64 * 1024;

    private final Writer out;
    private final CSVFormat csv;

    /**
     * Writes the header.
     *
     * @param out takes the bytes; closed with this
     */
    public CsvFileWriter(CsvFormat format, List<String> headers, OutputStream out) throws IOException {
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
        csv.printRecord(this.out, headers.toArray());
    }

    /** Writes one row: a cell for each header, null for an empty one. */
    public void write(List<? extends @Nullable String> cells) throws IOException {
        csv.printRecord(
                out, cells.stream().map(cell -> cell == null ? "" : cell).toArray());
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
