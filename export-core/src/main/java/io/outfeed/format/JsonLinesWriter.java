package io.outfeed.format;

import io.outfeed.internal.io.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The writer of {@link JsonLinesFormat}. */
final class JsonLinesWriter implements RecordWriter {

    private final EncodedOutput out;
    private final Encodable encodable = new Encodable(StandardCharsets.UTF_8);

    /** The text before each value: a brace or a comma, the name, and a colon. */
    private final String[] names;

    JsonLinesWriter(List<String> headers, OutputStream out) {
        this.out = new EncodedOutput(out, StandardCharsets.UTF_8);
        this.names = new String[headers.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = (i == 0 ? "{" : ",") + JsonWriter.quoted(headers.get(i)) + ":";
        }
    }

    /** Checks all cells before the first one is written. */
    @Override
    public void write(RecordCells cells) throws IOException {
        for (int i = 0; i < names.length; i++) {
            String text = cells.text(i);
            if (text != null && !encodable.carries(text)) {
                throw new RejectedCellException(i, encodable.why(text));
            }
        }
        for (int i = 0; i < names.length; i++) {
            out.write(names[i]);
            String text = cells.text(i);
            if (text == null) {
                out.write("null");
            } else if (cells.type(i).isNumber() || cells.type(i) == CellType.BOOLEAN) {
                out.write(text);
            } else {
                JsonWriter.writeQuoted(text, out);
            }
        }
        out.write("}\n");
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
