package io.outfeed.internal.format;

import io.outfeed.field.FieldMapping;
import io.outfeed.file.CellType;
import io.outfeed.file.RecordCells;
import io.outfeed.file.RecordFormat;
import io.outfeed.file.RecordWriter;
import io.outfeed.file.UnwritableCellException;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Maps records and writes them in a format. Not thread-safe. */
public final class RecordFileWriter<T> implements Closeable {

    private final List<? extends FieldMapping<? super T>> mappings;
    private final CellText texts;
    private final Row row;
    private final RecordWriter writer;

    /**
     * Begins a file.
     *
     * @param out takes the bytes; closed with this
     */
    public RecordFileWriter(
            RecordFormat format, List<? extends FieldMapping<? super T>> mappings, CellText texts, OutputStream out)
            throws IOException {
        this.mappings = mappings;
        this.texts = texts;
        this.row = new Row(mappings.size());
        this.writer =
                format.open(mappings.stream().map(mapping -> mapping.header()).toList(), out);
    }

    /** The cells of the record at hand. */
    private static final class Row implements RecordCells {

        private final @Nullable String[] texts;
        private final CellType[] types;

        private Row(int size) {
            this.texts = new String[size];
            this.types = new CellType[size];
        }

        @Override
        public int size() {
            return texts.length;
        }

        @Override
        public @Nullable String text(int column) {
            return texts[column];
        }

        @Override
        public CellType type(int column) {
            return types[column];
        }
    }

    /**
     * Writes one record: all its cells are made before the first is written.
     *
     * @param key names the record in a message
     * @throws io.outfeed.MappingException if a field can't be mapped or written; nothing of the record was written
     */
    public void write(T record, String key) throws IOException {
        for (int i = 0; i < row.texts.length; i++) {
            int column = i;
            row.texts[i] = texts.of(mappings.get(i), record, key, type -> row.types[column] = type);
        }
        try {
            writer.write(row);
        } catch (UnwritableCellException e) {
            throw texts.failure(mappings.get(e.column()), key, String.valueOf(e.getMessage()), null);
        }
    }

    /** How many bytes the file has so far, handed on or not. */
    public long bytes() {
        return writer.bytes();
    }

    /** Hands on what was written so far. */
    public void flush() throws IOException {
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
