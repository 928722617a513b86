package io.outfeed.internal.changes;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.io.ByteOutput;
import io.outfeed.internal.io.Durable;
import io.outfeed.internal.io.OwnerOnly;
import io.outfeed.internal.io.Sha256;
import io.outfeed.internal.io.StringCodec;
import io.outfeed.internal.key.RecordKey;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.CellCodec;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.mapping.RowCodec;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.Sidecar;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The file of the rows that the receiver of a definition has when a run commits: for each row the key, the place, the
 * cells of the key columns, and a hash, in the order of the keys. It lies next to the run's staged files.
 */
public final class DeliveredRows {

    private static final String FORMAT = "outfeed delivered rows 1";

    private DeliveredRows() {}

    /**
     * A delivered row.
     *
     * @param key the key of its record
     * @param row the first 128 bits of a hash of place and cells: two different rows have the same hash once in 10^38
     *     by chance
     * @param keyCells the cells of the key columns
     */
    record Delivered(RecordKey key, String place, Hash row, List<@Nullable Cell> keyCells) {}

    /** A hash, compared by value. */
    record Hash(long high, long low) {}

    /** Hashes rows by the texts of their cells. Used by one thread. */
    static final class Hashes {

        /** What a row begins with. */
        private static final int ROW = 1;

        private final RowCodec codec = new RowCodec();
        private final ByteOutput bytes = new ByteOutput();
        private final MessageDigest digest = Sha256.newDigest();

        Hash of(MappedRecord.Row row) throws IOException {
            bytes.clear();
            bytes.putByte(ROW);
            bytes.put(row.place());
            codec.writeTexts(bytes, row.cells());
            digest.update(bytes.buffer(), 0, bytes.size());
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new Hash(hash.getLong(), hash.getLong());
        }
    }

    /** Writes a file under a temporary name, until it is finished. */
    static final class Writer implements Closeable {

        private final Path file;
        private final Path temporary;
        private final FileOutputStream disk;
        private final CRC32C checksum = new CRC32C();
        private final DataOutputStream out;
        private final ByteOutput bytes = new ByteOutput();
        private long rows;

        Writer(Path file, List<String> keyColumns) throws IOException {
            this.file = file;
            this.temporary = file.resolveSibling(file.getFileName() + ".part");
            Durable.createDirectories(Durable.directoryOf(file));
            this.disk = OwnerOnly.create(temporary);
            this.out =
                    new DataOutputStream(new BufferedOutputStream(new CheckedOutputStream(disk, checksum), 64 * 1024));
            StringCodec.write(out, FORMAT);
            out.writeInt(keyColumns.size());
            for (String header : keyColumns) {
                StringCodec.write(out, header);
            }
        }

        void write(Delivered row) throws IOException {
            bytes.clear();
            bytes.putByte(1);
            row.key().write(bytes);
            bytes.put(row.place());
            bytes.putLong(row.row().high());
            bytes.putLong(row.row().low());
            RowCodec.writeTexts(bytes, row.keyCells());
            bytes.writeTo(out);
            rows++;
        }

        void finish() throws IOException {
            out.writeBoolean(false);
            out.writeLong(rows);
            out.flush(); // the checksum covers only what has left the buffer
            out.writeLong(checksum.getValue());
            out.flush();
            disk.getFD().sync();
            out.close();
            Durable.rename(temporary, file);
        }

        /** Keeps an unfinished file: it is removed together with the run. */
        @Override
        public void close() throws IOException {
            disk.close();
        }
    }

    /** Reads a file, and verifies at its end that it is complete. */
    static final class Reader implements Closeable {

        private final Path file;
        private final CRC32C checksum = new CRC32C();
        private final DataInputStream in;
        private final int keyColumns;
        private @Nullable Delivered head;
        private long rows;

        /**
         * Opens a file.
         *
         * @throws StoreException if it is missing, damaged, or was written for other key columns
         */
        Reader(Path file, List<String> keyColumns) {
            this.file = file;
            this.keyColumns = keyColumns.size();
            try {
                this.in = new DataInputStream(new CheckedInputStream(
                        new BufferedInputStream(new FileInputStream(file.toFile()), 64 * 1024), checksum));
            } catch (FileNotFoundException e) {
                throw lost("it is not there", e);
            }
            try {
                open(keyColumns);
            } catch (RuntimeException e) {
                HostCalls.closeAfter(e, this);
                throw e;
            }
        }

        private void open(List<String> expected) {
            List<String> found = new ArrayList<>();
            try {
                if (!StringCodec.read(in).equals(FORMAT)) {
                    throw new IOException("it does not begin with '" + FORMAT + "'");
                }
                int count = in.readInt();
                for (int i = 0; i < count; i++) {
                    found.add(StringCodec.read(in));
                }
            } catch (IOException e) {
                throw damaged(e);
            }
            if (!found.equals(expected)) {
                throw lost("it was written for the key columns " + found + ", and they are now " + expected, null);
            }
            advance();
        }

        /** Returns the current row; null at the end. */
        @Nullable
        Delivered head() {
            return head;
        }

        /** Advances to the next row. */
        void advance() {
            Delivered before = head;
            try {
                if (in.readBoolean()) {
                    head = read();
                    rows++;
                } else {
                    head = null;
                    checkEnd();
                }
            } catch (IOException e) {
                throw damaged(e);
            }
            if (before != null && head != null && before.key().compareTo(head.key()) >= 0) {
                throw damaged(new IOException("its rows are not in order"));
            }
        }

        private Delivered read() throws IOException {
            RecordKey key = RecordKey.read(in);
            String place = StringCodec.read(in);
            Hash row = new Hash(in.readLong(), in.readLong());
            List<@Nullable Cell> cells = CellCodec.read(in);
            if (cells.size() != keyColumns) {
                throw new IOException("a row has " + cells.size() + " cells");
            }
            return new Delivered(key, place, row, cells);
        }

        private void checkEnd() throws IOException {
            if (in.readLong() != rows) {
                throw new IOException("rows are missing");
            }
            long expected = checksum.getValue();
            if (in.readLong() != expected) {
                throw new IOException("its checksum is wrong");
            }
        }

        private StoreException damaged(IOException cause) {
            return lost("it is damaged", cause);
        }

        private StoreException lost(String why, @Nullable IOException cause) {
            return DeliveredRows.lost(file, why, cause);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static StoreException lost(Path file, String why, @Nullable IOException cause) {
        return StoreException.of(
                FailureCode.STORE_DAMAGED,
                "what was delivered can't be read from " + file + ": " + why + "; put the file back, or call"
                        + " resetPosition(definition, watermark.beginning(), reason) to deliver all rows as added",
                cause);
    }

    /**
     * Puts what a run has delivered into the directory of this engine, unless it is there. Call it before the source is
     * opened.
     *
     * @throws StoreException if it is missing or damaged, or the spool can't be reached
     */
    public static void provide(RunBytes bytes, ExportRun run, String definition) {
        Path file = bytes.directory().sidecar(run.number(), Sidecar.Kind.DELIVERED, definition);
        Optional<Sidecar> sidecar = RunBytes.sidecar(run, Sidecar.Kind.DELIVERED, definition);
        if (sidecar.isEmpty()) {
            throw lost(file, "run " + run.number() + " has kept nothing", null);
        }
        switch (bytes.provide(run, sidecar.get())) {
            case AS_STAGED -> {}
            case MISSING ->
                throw lost(
                        file,
                        bytes.isSpooled(run)
                                ? "it is not there, and not in the spool"
                                : "it is not there, unless another node has it and the nodes are to share the"
                                        + " directory or a spool",
                        null);
            case CHANGED -> throw lost(file, "it is damaged", null);
            case CHANGED_IN_SPOOL -> throw lost(file, "it is damaged in the spool", null);
        }
    }

    /** Writes a file without rows. */
    public static void writeEmpty(Path file, List<String> keyColumns) throws IOException {
        try (Writer writer = new Writer(file, keyColumns)) {
            writer.finish();
        }
    }
}
