package io.outfeed.jdbc.internal.spool;

import io.outfeed.error.StoreException;
import io.outfeed.jdbc.internal.sql.Transactions;
import io.outfeed.spool.Spool;
import io.outfeed.spool.SpooledAttempt;
import io.outfeed.spool.SpooledFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The bytes of runs in the database of a store. A file is parted: each MiB is a row, written and read by a statement of
 * its own, with a connection for that statement. None is kept while a disk is read or a reader is slow, so that a small
 * pool is enough. A save has two parts in memory, a reader too. Thread-safe.
 */
public final class JdbcSpool implements Spool {

    private static final int PART = 1024 * 1024;

    private final Transactions transactions;

    public JdbcSpool(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The last part of a file, and how many there are. */
    private static final class LastPart {

        private final int parts;
        private final byte[] content;

        private LastPart(int parts, byte[] content) {
            this.parts = parts;
            this.content = content;
        }
    }

    @Override
    public void save(SpooledFile file, InputStream content) throws IOException {
        byte[] part = content.readNBytes(PART);
        for (int index = 0; ; index++) {
            byte[] next = content.readNBytes(PART); // first: the last part makes the file complete
            boolean last = next.length == 0;
            insert(file, index, last ? index + 1 : 0, part);
            if (last) {
                return;
            }
            part = next;
        }
    }

    private void insert(SpooledFile file, int index, int parts, byte[] content) {
        transactions.single("write part " + (index + 1) + " of " + file.name() + " of run " + file.run(), sql -> {
            if (sql.isRetry()) { // it was written, and the answer was lost, or a save before this one has left it
                sql.update(
                        "delete from #spool where run_number = ? and token = ? and name = ? and part >= ?",
                        file.run(),
                        file.token(),
                        file.name(),
                        index);
            }
            return sql.update(
                    "insert into #spool (run_number, token, name, part, parts, content) values (?, ?, ?, ?, ?, ?)",
                    file.run(),
                    file.token(),
                    file.name(),
                    index,
                    parts,
                    content);
        });
    }

    @Override
    public Optional<InputStream> open(SpooledFile file) {
        return transactions
                .single(
                        "read the last part of " + file.name() + " of run " + file.run(),
                        sql -> sql.first(
                                "select parts, content from #spool"
                                        + " where run_number = ? and token = ? and name = ? and parts > 0",
                                row -> new LastPart(row.getInt(1), row.getBytes(2)),
                                file.run(),
                                file.token(),
                                file.name()))
                .map(last -> new PartsInput(file, last));
    }

    private byte[] read(SpooledFile file, int index, int parts) {
        String what = "part " + (index + 1) + " of " + parts + " of " + file.name() + " of run " + file.run();
        Optional<byte[]> content = transactions.single(
                "read " + what,
                sql -> sql.first(
                        "select content from #spool where run_number = ? and token = ? and name = ? and part = ?",
                        row -> row.getBytes(1),
                        file.run(),
                        file.token(),
                        file.name(),
                        index));
        return content.orElseThrow(() -> new StoreException(what + " is not in the database any more", null));
    }

    @Override
    public void delete(SpooledFile file) {
        transactions.single(
                "remove " + file.name() + " of run " + file.run(),
                sql -> sql.update(
                        "delete from #spool where run_number = ? and token = ? and name = ?",
                        file.run(),
                        file.token(),
                        file.name()));
    }

    @Override
    public void delete(long run, long token) {
        transactions.single(
                "remove files of run " + run,
                sql -> sql.update("delete from #spool where run_number = ? and token <= ?", run, token));
    }

    @Override
    public List<SpooledAttempt> attempts(SpooledAttempt after, int limit) {
        return transactions.single(
                "list what is in the spool",
                sql -> sql.list(
                        "select distinct run_number, token from #spool"
                                + " where run_number >= ? and (run_number > ? or token > ?)"
                                + " order by run_number, token limit ?",
                        row -> new SpooledAttempt(row.getLong(1), row.getLong(2)),
                        after.run(),
                        after.run(),
                        after.token(),
                        limit));
    }

    /** Reads one part after the other; none is read before it is needed. Used by one thread. */
    private final class PartsInput extends InputStream {

        private final SpooledFile file;
        private final LastPart last;
        private byte[] part = new byte[0];
        private int position;
        private int next;

        private PartsInput(SpooledFile file, LastPart last) {
            this.file = file;
            this.last = last;
        }

        @Override
        public int read() {
            return isAtEnd() ? -1 : part[position++] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, buffer.length);
            if (length == 0) {
                return 0;
            } else if (isAtEnd()) {
                return -1;
            }
            int count = Math.min(length, part.length - position);
            System.arraycopy(part, position, buffer, offset, count);
            position += count;
            return count;
        }

        private boolean isAtEnd() {
            while (position == part.length && next < last.parts) {
                part = next == last.parts - 1 ? last.content : JdbcSpool.this.read(file, next, last.parts);
                position = 0;
                next++;
            }
            return position == part.length;
        }

        @Override
        public int available() {
            return part.length - position;
        }
    }
}
