package io.outfeed.internal.reading;

import io.outfeed.internal.io.Durable;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.internal.spool.RunBytes.Found;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The versions of records that a run has seen near the end of its window: for each the first 64 bits of a hash of key
 * and position, sorted. With a million of them, a collision is expected once in tens of millions of runs. Immutable.
 */
public final class SeenRecords {

    private final Instant since;
    private final long[] sorted;

    private SeenRecords(Instant since, long[] sorted) {
        this.since = since;
        this.sorted = sorted;
    }

    /** Returns from when on all records are included. */
    Instant since() {
        return since;
    }

    boolean contains(long hash) {
        return Arrays.binarySearch(sorted, hash) >= 0;
    }

    static long hash(String key, Position position) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((position.text() + " " + key).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Reads what a run has seen of a definition; empty if it has kept nothing, or if its file is missing. */
    public static Optional<SeenRecords> of(RunBytes bytes, ExportRun run, String definition) {
        Optional<Sidecar> sidecar = RunBytes.sidecar(run, Sidecar.Kind.SEEN, definition);
        if (sidecar.isEmpty()) {
            return Optional.empty();
        }
        Found found = bytes.provide(run, sidecar.get());
        return switch (found) {
            case AS_STAGED -> Optional.of(read(bytes.path(run, sidecar.get())));
            case MISSING -> Optional.empty();
            case CHANGED, CHANGED_IN_SPOOL ->
                throw bytes.failure(
                        found,
                        run,
                        "the bytes of ." + definition + ".seen",
                        "put " + bytes.path(run, sidecar.get()) + " back as it was, or call resetPosition(definition,"
                                + " position, reason) with the same position to go on without looking for late records"
                                + " once");
        };
    }

    static SeenRecords read(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            Instant since = Instant.ofEpochSecond(bytes.getLong(), bytes.getLong());
            long[] hashes = new long[bytes.remaining() / Long.BYTES];
            bytes.asLongBuffer().get(hashes);
            return new SeenRecords(since, hashes);
        } catch (IOException e) {
            throw StoreFailures.ofFile("can't read " + file, "check permissions and the disk", e);
        }
    }

    /** Collects versions, up to a bound. Not thread-safe. */
    static final class Collector {

        private final int bound;
        private long[] hashes = new long[1024];
        private int count;

        Collector(int bound) {
            this.bound = bound;
        }

        /** Adds a hash; false if there are too many. */
        boolean add(long hash) {
            if (count == bound) {
                return false;
            }
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.min(bound, count * 2));
            }
            hashes[count++] = hash;
            return true;
        }

        /** @param since from when on all records were added */
        void write(Path file, Instant since) throws IOException {
            Arrays.sort(hashes, 0, count);
            ByteBuffer bytes = ByteBuffer.allocate((2 + count) * Long.BYTES);
            bytes.putLong(since.getEpochSecond()).putLong(since.getNano());
            bytes.asLongBuffer().put(hashes, 0, count);
            Durable.createDirectories(Durable.directoryOf(file));
            Durable.write(file, bytes.array());
        }
    }
}
