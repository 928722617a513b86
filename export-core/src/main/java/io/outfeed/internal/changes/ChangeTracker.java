package io.outfeed.internal.changes;

import io.outfeed.ExportDefinition;
import io.outfeed.error.FailureCode;
import io.outfeed.error.MappingException;
import io.outfeed.error.StoreException;
import io.outfeed.format.Column;
import io.outfeed.internal.changes.DeliveredRows.Delivered;
import io.outfeed.internal.changes.DeliveredRows.Hashes;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.files.RowChange;
import io.outfeed.internal.files.RowFiles;
import io.outfeed.internal.key.RecordKey;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.FileKey;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.mapping.Rejects;
import io.outfeed.internal.mapping.RowCells;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows, in the order of their keys, with the rows that were delivered before, and stores the rows that are
 * delivered now. A row that moves to another folder or file is removed from the old one and added to the new one. Used
 * by one thread.
 */
public final class ChangeTracker implements Closeable {

    private final ExportDefinition<?> definition;
    private final Rejects rejects;
    private final RowFiles out;
    private final Hashes hashes = new Hashes();
    private final int[] keyIndexes;
    private final int columns;
    private final DeliveredRows.@Nullable Reader before;
    private final DeliveredRows.Writer after;

    /**
     * Opens the files of delivered rows.
     *
     * @param before the rows that were delivered before; empty if there are none
     * @param after where the rows that are delivered now are stored
     * @param rejects receives the records that can't be mapped or written
     * @param out receives the rows that differ
     */
    public ChangeTracker(
            ExportDefinition<?> definition, Optional<Path> before, Path after, Rejects rejects, RowFiles out)
            throws IOException {
        List<String> keyColumns = definition.changes().orElseThrow().keyColumns();
        this.definition = definition;
        this.rejects = rejects;
        this.out = out;
        List<String> fields =
                definition.fields().columns().stream().map(Column::name).toList();
        this.keyIndexes = keyColumns.stream().mapToInt(fields::indexOf).toArray();
        this.columns = fields.size();
        this.before = before.isPresent() ? new DeliveredRows.Reader(before.get(), keyColumns) : null;
        try {
            this.after = new DeliveredRows.Writer(after, keyColumns);
        } catch (IOException e) {
            if (this.before != null) {
                HostCalls.closeAfter(e, this.before);
            }
            throw e;
        }
    }

    /**
     * Compares the next record.
     *
     * @param outcome the result of mapping it
     */
    public void accept(RecordKey key, MappedRecord outcome) throws IOException {
        removeUpTo(key);
        Delivered old = head();
        boolean known = old != null && old.key().compareTo(key) == 0;
        if (outcome instanceof MappedRecord.Row row) {
            Delivered delivered = new Delivered(key, row.place(), hashes.of(row), keyCells(row));
            try {
                compare(known ? old : null, delivered, row);
                after.write(delivered);
            } catch (MappingException e) { // the format rejects a cell
                reject(MappedRecord.Rejected.of(definition, e), known ? old : null);
            }
        } else if (outcome instanceof MappedRecord.Rejected rejected) {
            reject(rejected, known ? old : null);
        } else if (known && old != null) {
            remove(old);
        }
        if (known) {
            advance();
        }
    }

    /** A rejected record counts as unchanged. */
    private void reject(MappedRecord.Rejected rejected, @Nullable Delivered old) throws IOException {
        rejects.add(rejected);
        if (old != null) {
            after.write(old);
        }
    }

    private void compare(@Nullable Delivered old, Delivered delivered, MappedRecord.Row row) {
        String key = delivered.key().text();
        if (old == null) {
            out.write(RowChange.ADDED, row, key);
        } else if (!old.place().equals(delivered.place())) {
            out.write(RowChange.ADDED, row, key);
            remove(old);
        } else if (!old.row().equals(delivered.row())) {
            out.write(RowChange.CHANGED, row, key);
        }
    }

    /** Removes the rows that are left: their records are gone from the source. */
    public void finish() throws IOException {
        for (Delivered old = head(); old != null; old = head()) {
            remove(old);
            advance();
        }
        after.finish();
    }

    private void removeUpTo(RecordKey key) {
        for (Delivered old = head(); old != null && old.key().compareTo(key) < 0; old = head()) {
            checkKind(old, key);
            remove(old);
            advance();
        }
        Delivered next = head();
        if (next != null) {
            checkKind(next, key);
        }
    }

    /** Numbers and texts are ordered differently: a key that became a text would be both removed and added. */
    private void checkKind(Delivered old, RecordKey key) {
        if (old.key().isNumber() != key.isNumber()) {
            throw StoreException.of(
                    FailureCode.DEFINITION_INVALID,
                    "the keys of " + definition + " were "
                            + (key.isNumber() ? "texts, and are now numbers" : "numbers, and are now texts")
                            + ": let recordKey give what it gave before, or call resetPosition(\"" + definition.name()
                            + "\", watermark.beginning(), reason) to deliver all rows as added",
                    null);
        }
    }

    /** A removed row needs a file of its old partition, which there is only if filePer is set as it was before. */
    private void checkPlace(Delivered old) {
        boolean had = !FileKey.of(old.place()).partition().isEmpty();
        if (had != definition.filePer().isPresent()) {
            throw StoreException.of(
                    FailureCode.DEFINITION_INVALID,
                    "rows of " + definition + " were delivered " + (had ? "with" : "without")
                            + " filePer, and are removed "
                            + (had ? "without" : "with") + " it: set filePer as it was, or call resetPosition(\""
                            + definition.name() + "\", watermark.beginning(), reason) to deliver all rows as added",
                    null);
        }
    }

    private @Nullable Delivered head() {
        return before == null ? null : before.head();
    }

    private void advance() {
        if (before != null) {
            before.advance();
        }
    }

    private void remove(Delivered old) {
        checkPlace(old);
        List<@Nullable Cell> cells = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            cells.add(null);
        }
        for (int i = 0; i < keyIndexes.length; i++) {
            cells.set(keyIndexes[i], old.keyCells().get(i));
        }
        out.write(
                RowChange.REMOVED,
                new MappedRecord.Row(old.place(), new RowCells(cells)),
                old.key().name());
    }

    private List<@Nullable Cell> keyCells(MappedRecord.Row row) {
        List<@Nullable Cell> cells = new ArrayList<>();
        for (int index : keyIndexes) {
            cells.add(row.cells().cell(index));
        }
        return cells;
    }

    @Override
    public void close() throws IOException {
        try {
            if (before != null) {
                before.close();
            }
        } finally {
            after.close();
        }
    }
}
