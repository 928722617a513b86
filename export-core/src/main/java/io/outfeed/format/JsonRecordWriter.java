package io.outfeed.format;

import io.outfeed.internal.format.Encodable;
import io.outfeed.internal.format.EncodedOutput;
import io.outfeed.internal.io.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The writer of {@link JsonFormat}. */
final class JsonRecordWriter implements RecordWriter {

    private final EncodedOutput out;
    private final Encodable encodable = new Encodable(StandardCharsets.UTF_8);
    private final JsonNames names;
    private final boolean isArray;
    private boolean isFirst = true;

    JsonRecordWriter(JsonNames names, boolean isArray, OutputStream out) throws IOException {
        this.out = new EncodedOutput(out, StandardCharsets.UTF_8);
        this.names = names;
        this.isArray = isArray;
        if (isArray) {
            this.out.write("[");
        }
    }

    /** Checks all cells before the first one is written. */
    @Override
    public void write(RecordCells cells) throws IOException {
        for (JsonNames.Value value : names.values()) {
            String text = cells.text(value.column());
            if (text != null && !encodable.carries(text)) {
                throw new RejectedCellException(value.column(), encodable.why(text));
            }
        }
        if (isArray) {
            out.write(isFirst ? "\n" : ",\n");
        }
        isFirst = false;
        for (JsonNames.Value value : names.values()) {
            out.write(value.before());
            writeValue(cells, value.column());
        }
        out.write(names.end());
        if (!isArray) {
            out.write("\n");
        }
    }

    private void writeValue(RecordCells cells, int column) throws IOException {
        String text = cells.text(column);
        if (text == null) {
            out.write("null");
        } else if (cells.type(column).isNumber() || cells.type(column) == CellType.BOOLEAN) {
            out.write(text);
        } else {
            JsonWriter.writeQuoted(text, out);
        }
    }

    @Override
    public void finish(FileTotals totals) throws IOException {
        if (isArray) {
            out.write(isFirst ? "]\n" : "\n]\n");
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
