package io.outfeed.internal.search;

import io.outfeed.ExportJob;
import io.outfeed.error.StoreException;
import io.outfeed.file.FileRole;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.files.Transforms;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.operation.RecordTrace.Hit;
import io.outfeed.operation.RecordTrace.Reason;
import io.outfeed.operation.RecordTrace.UnreadFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches one kept file of a run. What it found counts only if the whole file has the bytes that were staged. Used by
 * one thread.
 */
final class FileSearch {

    private static final Logger log = LoggerFactory.getLogger(FileSearch.class);

    /** How many rows of a file are listed. */
    private static final int MAX_HITS = 100;

    private static final long PROGRESS_STEP = 16 << 20;

    private final ExportJob job;
    private final SearchedRecord record;
    private final ArchiveEntries archiveEntries;
    private final ExportRun run;
    private final StagedFile file;

    /** Whether a plain copy of it is read. */
    private final boolean kept;

    private final BytesRead bytesRead;
    private final List<Hit> hits = new ArrayList<>();
    private final List<UnreadFile> unread = new ArrayList<>();
    private long unlisted;
    private long rows;
    private boolean skippedEntries;

    FileSearch(
            ExportJob job,
            SearchedRecord record,
            ArchiveEntries archiveEntries,
            ExportRun run,
            StagedFile file,
            BytesRead bytesRead) {
        this.job = job;
        this.record = record;
        this.archiveEntries = archiveEntries;
        this.run = run;
        this.file = file;
        this.kept = file.plain().filter(PlainBytes::kept).isPresent();
        this.bytesRead = bytesRead;
    }

    /** Is notified of progress within a file. */
    @FunctionalInterface
    interface BytesRead {

        /** Called from time to time, with the bytes of the file that were read so far. */
        void upTo(long bytes);
    }

    /**
     * The result for one file.
     *
     * @param bytes how many of its bytes were read
     */
    record Found(List<Hit> hits, long unlisted, List<UnreadFile> unread, long bytes) {}

    /** Reads a file where it is: one that only the spool has is not copied to this node. */
    Found search(RunBytes bytes) {
        Path path = kept
                ? bytes.directory().plainPath(run.number(), file)
                : bytes.directory().path(run.number(), file);
        try {
            if (file.encrypted() && !kept) {
                return unread(Reason.ENCRYPTED, 0);
            } else if (!bytes.isSpooled(run) && Files.size(path) != keptBytes()) {
                return unread(Reason.CHANGED, 0);
            } else if (!record.canReadFormat()) {
                return unread(Reason.FORMAT, 0);
            }
            Optional<InputStream> content = kept ? bytes.openPlain(run, file) : bytes.open(run, file);
            return content.isPresent() ? read(content.get()) : unread(Reason.GONE, 0);
        } catch (NoSuchFileException e) {
            return unread(Reason.GONE, 0);
        } catch (IOException | StoreException e) {
            log.warn("{} of run {} can't be searched: {}", file.path(), run.number(), e.getMessage(), Redacted.of(e));
            return unread(Reason.UNREADABLE, 0);
        }
    }

    private long keptBytes() {
        return kept ? file.plain().orElseThrow().bytes() : file.bytes();
    }

    private String keptSha256() {
        return kept ? file.plain().orElseThrow().sha256() : file.sha256();
    }

    private Found unread(Reason reason, long bytes) {
        return new Found(
                List.of(), 0, List.of(new UnreadFile(run.number(), file.path(), Optional.empty(), reason)), bytes);
    }

    private Found read(InputStream content) throws IOException {
        try (KeptInput in = new KeptInput(content)) {
            boolean understood = understands(in);
            if (!in.has(keptBytes(), keptSha256())) {
                return unread(Reason.CHANGED, in.bytes());
            }
            return understood ? new Found(hits, unlisted, unread, in.bytes()) : unread(Reason.FORMAT, in.bytes());
        }
    }

    private boolean understands(KeptInput in) throws IOException {
        try {
            try (InputStream plain = plain(in)) {
                if (file.role() == FileRole.ARCHIVE) {
                    readArchive(plain, in);
                } else {
                    readRows(plain, in, Optional.empty());
                }
            }
        } catch (IOException e) {
            if (in.diskFailed()) {
                throw e;
            }
            return false;
        }
        return skippedEntries || rows == file.rows(); // in another dialect a file may have other rows
    }

    private InputStream plain(KeptInput in) throws IOException {
        InputStream unclosed = new Unclosed(in);
        if (kept) {
            return unclosed;
        }
        try {
            return Transforms.readBack(job, file, unclosed)
                    .orElseThrow(() -> new IOException("the file has other transforms than the job"));
        } catch (RuntimeException | Error e) { // by the host's code
            throw new IOException("a transform has failed", HostCalls.redact(e));
        }
    }

    /** The entries of an archive have no transforms of their own. */
    private void readArchive(InputStream archive, KeptInput in) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(archive, StandardCharsets.UTF_8)) {
            for (String entry = nextEntry(zip); entry != null; entry = nextEntry(zip)) {
                if (archiveEntries.mayBeOf(record.definition(), entry)) {
                    readEntry(zip, in, entry);
                } else {
                    skippedEntries = true;
                }
            }
        }
    }

    private void readEntry(ZipInputStream zip, KeptInput in, String entry) throws IOException {
        int hitsBefore = hits.size();
        long unlistedBefore = unlisted;
        try {
            readRows(zip, in, Optional.of(entry));
        } catch (IOException e) {
            if (in.diskFailed()) {
                throw e;
            }
            skippedEntries = true;
            hits.subList(hitsBefore, hits.size()).clear();
            unlisted = unlistedBefore;
            unread.add(new UnreadFile(run.number(), file.path(), Optional.of(entry), Reason.FORMAT));
        }
    }

    private static @Nullable String nextEntry(ZipInputStream zip) throws IOException {
        try {
            ZipEntry entry = zip.getNextEntry();
            return entry == null ? null : entry.getName();
        } catch (IllegalArgumentException e) { // for a name that is no UTF-8, by some JDKs
            throw new IOException("the name of an entry can't be read", e);
        }
    }

    /** Lets what unpacks the bytes be closed before the rest of them is read, to be compared with the ledger. */
    private static final class Unclosed extends FilterInputStream {

        private Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // its owner closes it
        }
    }

    private void readRows(InputStream unpacked, KeptInput in, Optional<String> entry) throws IOException {
        RowReader reader = record.open(unpacked);
        long reported = in.bytes();
        long row = 0;
        while (reader.next()) {
            row++;
            if (row == 1 && !record.hasColumnsOf(reader)) {
                throw new IOException("the file has other columns than the definition");
            }
            for (int column : record.columnsWithKey(reader)) {
                add(entry, row, column, reader);
            }
            if (in.bytes() - reported >= PROGRESS_STEP) {
                reported = in.bytes();
                bytesRead.upTo(reported);
            }
        }
        rows += row;
    }

    private void add(Optional<String> entry, long row, int column, RowReader reader) {
        if (hits.size() < MAX_HITS) {
            hits.add(new Hit(run.number(), publishedAt(), file.path(), entry, row, column + 1, reader.header(column)));
        } else {
            unlisted++;
        }
    }

    private Optional<Instant> publishedAt() {
        return run.deliveries().stream()
                .filter(step -> step.path().equals(file.path()))
                .map(FileDelivery::publishedAt)
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }
}
