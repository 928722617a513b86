package io.outfeed.testing;

import io.outfeed.spool.Spool;
import io.outfeed.spool.SpooledAttempt;
import io.outfeed.spool.SpooledFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What nodes share of the bytes of their runs, in memory: for two engines of a test that have directories of their own.
 *
 * <p>Thread-safe.
 */
public final class InMemorySpool implements Spool {

    /** The name counts without its size and its hash. */
    private record Key(SpooledAttempt attempt, String name) {

        private static Key of(SpooledFile file) {
            return new Key(file.attempt(), file.name());
        }
    }

    private final Map<Key, SpooledFile> files = new HashMap<>();
    private final Map<Key, byte[]> contents = new HashMap<>();

    private boolean disconnected;

    /** Makes a spool that has nothing. */
    public InMemorySpool() {}

    @Override
    public void save(SpooledFile file, InputStream content) throws IOException {
        begin(file);
        byte[] bytes = content.readAllBytes(); // not in a lock: it may be slow
        put(file, bytes);
    }

    private synchronized void begin(SpooledFile file) throws IOException {
        checkConnected();
        files.remove(Key.of(file));
        contents.remove(Key.of(file));
    }

    private synchronized void put(SpooledFile file, byte[] bytes) throws IOException {
        checkConnected();
        files.put(Key.of(file), file);
        contents.put(Key.of(file), bytes);
    }

    @Override
    public synchronized Optional<InputStream> open(SpooledFile file) throws IOException {
        checkConnected();
        return Optional.ofNullable(contents.get(Key.of(file))).map(ByteArrayInputStream::new);
    }

    @Override
    public synchronized void delete(SpooledFile file) throws IOException {
        checkConnected();
        files.remove(Key.of(file));
        contents.remove(Key.of(file));
    }

    @Override
    public synchronized void delete(long run, long token) throws IOException {
        checkConnected();
        files.keySet().removeIf(key -> isOf(key.attempt(), run, token));
        contents.keySet().removeIf(key -> isOf(key.attempt(), run, token));
    }

    private static boolean isOf(SpooledAttempt attempt, long run, long token) {
        return attempt.run() == run && attempt.token() <= token;
    }

    @Override
    public synchronized List<SpooledAttempt> attempts(SpooledAttempt after, int limit) throws IOException {
        checkConnected();
        return files.keySet().stream()
                .map(Key::attempt)
                .distinct()
                .sorted()
                .filter(attempt -> attempt.compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    private void checkConnected() throws IOException {
        if (disconnected) {
            throw new IOException("the spool is disconnected");
        }
    }

    // ---- for the test

    /** Lets every call fail until {@link #reconnect}. */
    public synchronized void disconnect() {
        disconnected = true;
    }

    /** Ends {@link #disconnect}. */
    public synchronized void reconnect() {
        disconnected = false;
    }

    /**
     * Returns what it has.
     *
     * @return the files, ordered by run, token and name
     */
    public synchronized List<SpooledFile> files() {
        List<SpooledFile> all = new ArrayList<>(files.values());
        all.sort(Comparator.comparing(SpooledFile::attempt).thenComparing(SpooledFile::name));
        return List.copyOf(all);
    }

    /**
     * Changes the last byte of a file, as a failing disk does.
     *
     * @param file a file that it has, with one byte or more
     */
    public synchronized void damage(SpooledFile file) {
        byte[] bytes = contents.get(Key.of(file));
        if (bytes == null || bytes.length == 0) {
            throw new IllegalArgumentException("the spool has no bytes of " + file.name());
        }
        byte[] changed = bytes.clone();
        changed[changed.length - 1] ^= 1;
        contents.put(Key.of(file), changed);
    }
}
