package io.outfeed.internal.files;

import io.outfeed.file.FileSpec;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Writes the records of one file, and keeps its totals. Used by one thread. */
public final class TotalsWriter implements Closeable {

    private final RecordWriter writer;

    /** The indexes of the columns that are added up, by their names; a file of removed rows may have none of them. */
    private final Map<String, Integer> columns = new LinkedHashMap<>();

    private final Map<String, BigDecimal> sums = new LinkedHashMap<>();
    private long rows;

    /**
     * Begins a file.
     *
     * @throws IOException if {@code out} fails
     */
    public TotalsWriter(FileSpec file, FileLayout layout, OutputStream out) throws IOException {
        Set<String> fields = new LinkedHashSet<>(file.sums());
        fields.addAll(file.format().sums());
        for (String field : fields) {
            for (int i = 0; i < layout.size(); i++) {
                if (layout.columns().get(i).name().equals(field)) {
                    columns.put(field, i);
                    sums.put(field, BigDecimal.ZERO);
                }
            }
        }
        this.writer = file.format().open(layout, out);
    }

    /**
     * Writes one record as a whole, or nothing of it.
     *
     * @throws RejectedCellException if the format rejects a cell, or one that is added up is no number
     * @throws IOException if the file does not take the bytes
     */
    public void write(RecordCells cells) throws IOException {
        for (int column : columns.values()) {
            if (cells.text(column) != null && !cells.type(column).isNumber()) {
                throw new RejectedCellException(
                        column,
                        "the field is added up, and its value is of type " + cells.type(column)
                                + ": correct the record, or let the field give numbers");
            }
        }
        writer.write(cells);
        rows++;
        columns.forEach((field, column) -> {
            String text = cells.text(column);
            if (text != null) {
                sums.merge(field, new BigDecimal(text), BigDecimal::add);
            }
        });
    }

    long bytes() {
        return writer.bytes();
    }

    long rows() {
        return rows;
    }

    FileTotals totals() {
        return new FileTotals(rows, sums);
    }

    /** Completes the file and closes it. */
    void finish() throws IOException {
        writer.finish(totals());
        close();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
