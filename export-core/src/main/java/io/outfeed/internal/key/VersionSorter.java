package io.outfeed.internal.key;

import io.outfeed.internal.io.ByteOutput;
import io.outfeed.internal.io.Durable;
import io.outfeed.internal.io.OwnerOnly;
import io.outfeed.internal.io.StringCodec;
import io.outfeed.source.Position;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the versions of a window by key, and keeps the latest of each key: the one with the last position, or the one
 * that was added last. Versions that do not fit into memory are written to sorted files, which are merged in the end.
 * Used by one thread.
 */
final class VersionSorter implements Closeable {

    /** How many files are merged into one of the next level: a balance of open files and passes. */
    private static final int MERGED = 32;

    private static final int BUFFER = 32 * 1024;

    /** Stands for the size of a record behind the last one. */
    private static final int END = -1;

    /** The estimated memory of a version in bytes, besides its record. */
    private static final int OVERHEAD = 200;

    private final Supplier<Path> newFile;
    private final String positionKind;
    private final Comparator<Position> positions;
    private final long memory;
    private final List<List<Path>> levels = new ArrayList<>();
    private List<Entry> entries = new ArrayList<>();
    private final ByteOutput bytes = new ByteOutput();
    private long used;
    private long ordinal;

    /**
     * Creates a sorter.
     *
     * @param newFile names a file that does not exist yet
     * @param positionKind the kind of the positions
     * @param positions compares two positions
     * @param memory how many bytes to hold in memory, approximately
     */
    VersionSorter(Supplier<Path> newFile, String positionKind, Comparator<Position> positions, long memory) {
        this.newFile = newFile;
        this.positionKind = positionKind;
        this.positions = positions;
        this.memory = memory;
    }

    /** Returns how much memory the sorter of one run may take: several runs may be in progress. */
    static long memoryOfARun() {
        long share = Runtime.getRuntime().maxMemory() / 16;
        return Math.max(1 << 20, Math.min(share, 32 << 20));
    }

    void add(RecordVersion version) throws IOException {
        Entry entry = Entry.of(version, ordinal++, bytes);
        entries.add(entry);
        used += entry.record.length + 2L * version.key().text().length() + OVERHEAD;
        if (used >= memory) {
            spill();
        }
    }

    /** Receives the latest version of each key. */
    @FunctionalInterface
    interface Latest {
        /**
         * Receives one.
         *
         * @param versions how many versions its key had
         */
        void accept(RecordVersion latest, int versions) throws IOException;
    }

    /** Emits the latest version of each key, in the order of the keys. Call it once. */
    void drain(Latest latest) throws IOException {
        List<Path> files = levels.stream().flatMap(List::stream).toList();
        List<Entry> last = sorted();
        merge(files, last, entry -> latest.accept(entry.version(), entry.versions));
    }

    private void spill() throws IOException {
        List<Entry> sorted = sorted();
        keep(0, write(List.of(), sorted));
    }

    /** Removes the versions from memory, and returns them sorted by key. */
    private List<Entry> sorted() {
        List<Entry> all = entries;
        all.sort(Comparator.comparing(Entry::key)); // stable: equal keys stay in the order in which they came
        entries = new ArrayList<>();
        used = 0;
        return all;
    }

    private void keep(int level, Path file) throws IOException {
        if (level == levels.size()) {
            levels.add(new ArrayList<>());
        }
        List<Path> files = levels.get(level);
        files.add(file);
        if (files.size() == MERGED) {
            Path merged = write(files, List.of());
            for (Path old : files) {
                Files.delete(old);
            }
            files.clear();
            keep(level + 1, merged);
        }
    }

    private Path write(List<Path> files, List<Entry> more) throws IOException {
        Path file = newFile.get();
        Durable.createDirectories(Durable.directoryOf(file));
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(OwnerOnly.create(file), BUFFER))) {
            merge(files, more, entry -> {
                out.writeInt(entry.record.length);
                out.writeInt(entry.versions);
                out.write(entry.record);
            });
            out.writeInt(END);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return file;
    }

    /** Merges sorted files and versions, and emits the latest of each key. */
    private void merge(List<Path> files, List<Entry> more, Sink sink) throws IOException {
        List<Cursor> open = new ArrayList<>();
        try {
            PriorityQueue<Cursor> cursors = new PriorityQueue<>();
            for (Path file : files) {
                Cursor cursor = new Cursor(file);
                open.add(cursor);
                if (cursor.advance()) {
                    cursors.add(cursor);
                }
            }
            int next = 0;
            Entry latest = null;
            while (next < more.size() || !cursors.isEmpty()) {
                Entry entry;
                Cursor cursor = cursors.peek();
                if (cursor == null
                        || (next < more.size()
                                && more.get(next).key().compareTo(cursor.head().key()) < 0)) {
                    entry = more.get(next++);
                } else {
                    cursors.remove();
                    entry = cursor.head();
                    if (cursor.advance()) {
                        cursors.add(cursor);
                    }
                }
                if (latest != null && latest.key().compareTo(entry.key()) == 0) {
                    latest = later(latest, entry);
                } else {
                    if (latest != null) {
                        sink.accept(latest);
                    }
                    latest = entry;
                }
            }
            if (latest != null) {
                sink.accept(latest);
            }
        } finally {
            for (Cursor cursor : open) {
                cursor.close();
            }
        }
    }

    private Entry later(Entry one, Entry other) {
        int versions = one.versions + other.versions;
        return (isLater(one, other) ? one : other).ofVersions(versions);
    }

    private boolean isLater(Entry one, Entry other) {
        int compared = RecordVersion.compare(one.position, other.position, positions);
        return compared == 0 ? one.ordinal > other.ordinal : compared > 0;
    }

    /** Removes the files. */
    @Override
    public void close() throws IOException {
        for (List<Path> files : levels) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    @FunctionalInterface
    private interface Sink {
        void accept(Entry entry) throws IOException;
    }

    /**
     * A version in bytes: key, position, number, and from a place on the outcome, which is made again for the latest
     * version only.
     */
    private static final class Entry {

        private final RecordKey key;
        private final @Nullable Position position;
        private final long ordinal;
        private final int versions;
        private final byte[] record;
        private final int outcomeAt;

        private Entry(
                RecordKey key, @Nullable Position position, long ordinal, int versions, byte[] record, int outcomeAt) {
            this.key = key;
            this.position = position;
            this.ordinal = ordinal;
            this.versions = versions;
            this.record = record;
            this.outcomeAt = outcomeAt;
        }

        private static Entry of(RecordVersion version, long ordinal, ByteOutput out) {
            Position position = version.position();
            out.clear();
            version.key().write(out);
            out.putByte(position == null ? 0 : 1);
            if (position != null) {
                out.put(position.text());
            }
            out.putLong(ordinal);
            int outcomeAt = out.size();
            version.writeOutcome(out);
            return new Entry(version.key(), position, ordinal, 1, out.copy(), outcomeAt);
        }

        private static Entry of(byte[] record, int versions, String positionKind) throws IOException {
            ByteBuffer in = ByteBuffer.wrap(record);
            RecordKey key = RecordKey.read(in);
            Position position = in.get() == 0 ? null : new Position(positionKind, StringCodec.read(in));
            return new Entry(key, position, in.getLong(), versions, record, in.position());
        }

        RecordKey key() {
            return key;
        }

        RecordVersion version() throws IOException {
            ByteBuffer outcome = ByteBuffer.wrap(record).position(outcomeAt);
            return new RecordVersion(key, position, RecordVersion.readOutcome(outcome));
        }

        Entry ofVersions(int count) {
            return new Entry(key, position, ordinal, count, record, outcomeAt);
        }
    }

    /** Reads a sorted file. */
    private final class Cursor implements Closeable, Comparable<Cursor> {

        private final DataInputStream in;
        private @Nullable Entry head;

        private Cursor(Path file) throws IOException {
            this.in = new DataInputStream(new BufferedInputStream(new FileInputStream(file.toFile()), BUFFER));
        }

        private Entry head() {
            if (head == null) {
                throw new IllegalStateException("nothing is left");
            }
            return head;
        }

        private boolean advance() throws IOException {
            int size = in.readInt();
            if (size == END) {
                head = null;
                return false;
            }
            int versions = in.readInt();
            byte[] record = new byte[size];
            in.readFully(record);
            head = Entry.of(record, versions, positionKind);
            return true;
        }

        @Override
        public int compareTo(Cursor other) {
            return head().key().compareTo(other.head().key());
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
