package io.outfeed.jdbc.store;

import io.outfeed.spool.Spool;
import io.outfeed.spool.SpooledFile;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.postgresql.ds.PGSimpleDataSource;

/** A process of its own that saves a large file in the spool of a store, and reads it back. */
final class ManyBytes {

    private ManyBytes() {}

    /** Arguments: the address of the database, and how many bytes. */
    public static void main(String... arguments) throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(arguments[0]);
        database.setUser("postgres");
        long bytes = Long.parseLong(arguments[1]);
        try (JdbcStore store = JdbcStore.builder(database).migrate().build()) {
            Spool spool = store.spool();
            SpooledFile file = new SpooledFile(1, 1, "visits.csv", bytes, sha256(new Bytes(bytes)));
            try (InputStream content = new Bytes(bytes)) {
                spool.save(file, content);
            }
            try (InputStream content = spool.open(file).orElseThrow()) {
                System.out.println(
                        bytes + " bytes, " + (sha256(content).equals(file.sha256()) ? "the same" : "others"));
            }
        }
    }

    private static String sha256(InputStream content) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(content, digest)) {
            long unused = in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Bytes that can't be compressed, made while they are read. */
    private static final class Bytes extends InputStream {

        private final Random random = new Random(1);
        private long left;

        Bytes(long count) {
            this.left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? random.nextInt(256) : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            for (int i = 0; i < count; i++) {
                target[offset + i] = (byte) random.nextInt();
            }
            left -= count;
            return count;
        }
    }
}
