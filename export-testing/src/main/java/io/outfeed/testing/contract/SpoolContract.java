package io.outfeed.testing.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.spool.Spool;
import io.outfeed.spool.SpooledAttempt;
import io.outfeed.spool.SpooledFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the engine relies on in a {@link Spool}.
 *
 * <pre>{@code
 * class MySpoolTest extends SpoolContract {
 *     @Override
 *     protected Spool open() {
 *         return new MySpool(emptyBucket);
 *     }
 * }
 * }</pre>
 */
public abstract class SpoolContract {

    private static final int MEGABYTE = 1024 * 1024;

    /** Of several parts, for a spool that parts a file. */
    private static final int LARGE = 2 * MEGABYTE + 3;

    private Spool spool;

    /** Made by JUnit, for each test. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected SpoolContract() {}

    /**
     * Opens a spool that has nothing. Called once for each test.
     *
     * @return the spool
     * @throws Exception if that fails; so does the test
     */
    protected abstract Spool open() throws Exception;

    /**
     * Opens what another node would use, or the same node after a restart. By default it is the spool itself.
     *
     * @param first the spool of the first node
     * @return a spool that has the same
     * @throws Exception if that fails; so does the test
     */
    protected Spool secondNode(Spool first) throws Exception {
        return first;
    }

    @BeforeEach
    void openSpool() throws Exception {
        spool = open();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static SpooledFile file(long run, long token, String name, byte[] bytes) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
        return new SpooledFile(run, token, name, bytes.length, HexFormat.of().formatHex(hash));
    }

    private SpooledFile save(long run, long token, String name, byte[] bytes) throws Exception {
        SpooledFile file = file(run, token, name, bytes);
        spool.save(file, new ByteArrayInputStream(bytes));
        return file;
    }

    private SpooledFile save(long run, long token, String name) throws Exception {
        return save(run, token, name, (run + " " + token + " " + name).getBytes(UTF_8));
    }

    private static byte[] read(Spool from, SpooledFile file) throws Exception {
        Optional<InputStream> content = from.open(file);
        assertThat(content).as("%s is there", file).isPresent();
        try (InputStream in = content.orElseThrow()) {
            return in.readAllBytes();
        }
    }

    private void assertKept(SpooledFile file) throws Exception {
        assertThat(new String(read(spool, file), UTF_8)).isEqualTo(file.run() + " " + file.token() + " " + file.name());
    }

    private void assertGone(SpooledFile file) throws Exception {
        assertThat(spool.open(file)).as("%s is gone", file).isEmpty();
    }

    // ---- save and open

    @Test
    void should_give_back_the_bytes_to_every_node() throws Exception {
        Spool second = secondNode(spool);
        for (int size : new int[] {0, 1, 8191, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 2 * MEGABYTE, LARGE}) {
            byte[] bytes = bytes(size);

            SpooledFile file = save(41, 97, "visits-" + size, bytes);

            assertThat(read(spool, file)).as("%s bytes", size).isEqualTo(bytes);
            assertThat(read(spool, file)).as("%s bytes, again", size).isEqualTo(bytes);
            assertThat(read(second, file)).as("%s bytes, on another node", size).isEqualTo(bytes);
        }
    }

    @Test
    void should_be_read_by_any_read_method() throws Exception {
        byte[] bytes = bytes(LARGE);
        SpooledFile file = save(41, 97, "visits.csv", bytes);

        try (InputStream in = spool.open(file).orElseThrow()) {
            assertThat(in.read()).isEqualTo(bytes[0] & 0xff);
            assertThat(in.read(new byte[8], 0, 0)).isZero();
            in.skipNBytes(MEGABYTE);
            assertThat(in.readNBytes(3)).containsExactly(bytes[MEGABYTE + 1], bytes[MEGABYTE + 2], bytes[MEGABYTE + 3]);
            in.skipNBytes(LARGE - MEGABYTE - 4);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[8], 0, 8)).isEqualTo(-1);
        }
    }

    @Test
    void should_tell_files_apart_by_run_token_and_name() throws Exception {
        List<SpooledFile> files = new ArrayList<>();
        for (String name :
                List.of("a", "a.csv", "a/b", "a-b", ".visits.seen", ".u-0a1b2c", "2026-27/Visits_1.csv.gz")) {
            files.add(save(41, 97, name));
        }
        files.add(save(41, 98, "a"));
        files.add(save(4, 97, "a"));
        files.add(save(419, 97, "a"));

        for (SpooledFile file : files) {
            assertKept(file);
        }
        assertGone(file(41, 97, "b", new byte[0]));
        assertGone(file(41, 96, "a", new byte[0]));
        assertGone(file(42, 97, "a", new byte[0]));
    }

    @Test
    void should_take_the_longest_name() throws Exception {
        assertKept(save(41, 97, "n".repeat(SpooledFile.MAX_NAME)));
    }

    @Test
    void should_replace_a_file_as_a_whole() throws Exception {
        save(41, 97, "a", bytes(LARGE));
        byte[] shorter = bytes(7);
        byte[] longer = bytes(LARGE + MEGABYTE);

        SpooledFile first = save(41, 97, "a", shorter);
        assertThat(read(spool, first)).isEqualTo(shorter);
        SpooledFile second = save(41, 97, "a", longer);
        assertThat(read(spool, second)).isEqualTo(longer);
    }

    @Test
    void should_show_a_file_only_when_all_of_it_is_saved() throws Exception {
        byte[] bytes = bytes(LARGE);
        SpooledFile file = file(41, 97, "a", bytes);
        List<Boolean> shown = new ArrayList<>();

        spool.save(file, new SequenceInputStream(new ByteArrayInputStream(bytes), new AtEnd(() -> {
            try {
                shown.add(spool.open(file).isPresent());
            } catch (Exception e) {
                throw new IOException(e);
            }
        })));

        assertThat(shown).isNotEmpty().containsOnly(false);
        assertThat(read(spool, file)).isEqualTo(bytes);
    }

    @Test
    void should_not_have_a_file_whose_content_fails() throws Exception {
        for (int after : new int[] {0, 5, MEGABYTE, LARGE}) {
            assertNotThere(bytes(LARGE + 1), after);
        }
    }

    /** As content does that is not what was staged. */
    @Test
    void should_not_have_a_file_whose_content_fails_after_its_last_byte() throws Exception {
        for (int size : new int[] {0, 5, MEGABYTE, LARGE}) {
            assertNotThere(bytes(size), size);
        }
    }

    private void assertNotThere(byte[] bytes, int after) throws Exception {
        SpooledFile file = file(41, 97, "fails-after-" + after, bytes);
        IOException failure = new IOException("the disk has failed");
        InputStream failing = new SequenceInputStream(new ByteArrayInputStream(bytes, 0, after), new AtEnd(() -> {
            throw failure;
        }));

        assertThatThrownBy(() -> spool.save(file, failing)).isSameAs(failure);

        assertGone(file);
        assertThat(read(spool, save(41, 97, file.name(), bytes))).isEqualTo(bytes);
    }

    @Test
    void should_not_close_the_content() throws Exception {
        byte[] bytes = bytes(10);

        spool.save(file(41, 97, "a", bytes), new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        });
    }

    @Test
    void should_never_give_a_part_as_the_whole() throws Exception {
        byte[] bytes = bytes(LARGE);
        SpooledFile file = save(41, 97, "a", bytes);

        byte[] read = {};
        try (InputStream in = spool.open(file).orElseThrow()) {
            int first = in.read();
            spool.delete(41, 97);
            byte[] rest = in.readAllBytes();
            read = new byte[rest.length + 1];
            read[0] = (byte) first;
            System.arraycopy(rest, 0, read, 1, rest.length);
        } catch (AssertionError e) {
            throw e;
        } catch (Exception e) { // it says so
            assertGone(file);
            return;
        }
        assertThat(read).isEqualTo(bytes);
    }

    @Test
    void should_save_and_read_in_several_threads() throws Exception {
        List<Callable<byte[]>> tasks = IntStream.range(0, 8)
                .<Callable<byte[]>>mapToObj(i -> () -> {
                    Spool own = i % 2 == 0 ? spool : secondNode(spool);
                    byte[] bytes = bytes(MEGABYTE + i);
                    SpooledFile file = file(41 + i / 4, 97, "file-" + i, bytes);
                    own.save(file, new ByteArrayInputStream(bytes));
                    return read(own, file);
                })
                .toList();

        List<byte[]> read = AtOnce.run(tasks);

        for (int i = 0; i < 8; i++) {
            assertThat(read.get(i)).isEqualTo(bytes(MEGABYTE + i));
        }
    }

    // ---- delete and attempts

    @Test
    void should_delete_a_file_and_no_other() throws Exception {
        SpooledFile file = save(41, 97, "a", bytes(LARGE));
        List<SpooledFile> others =
                List.of(save(41, 97, "a/b"), save(41, 97, "a.csv"), save(41, 98, "a"), save(42, 97, "a"));

        spool.delete(file);
        spool.delete(file);

        assertGone(file);
        for (SpooledFile other : others) {
            assertKept(other);
        }
    }

    @Test
    void should_delete_what_earlier_attempts_have_saved_and_not_what_a_later_one_has() throws Exception {
        SpooledFile earlier = save(41, 96, "a");
        SpooledFile large = save(41, 97, "large", bytes(LARGE));
        SpooledFile later = save(41, 98, "a");
        SpooledFile other = save(4, 96, "a");
        SpooledFile another = save(410, 96, "a");

        spool.delete(41, 97);
        spool.delete(41, 97);
        spool.delete(999, Long.MAX_VALUE);

        assertGone(earlier);
        assertGone(large);
        assertKept(later);
        assertKept(other);
        assertKept(another);
        spool.delete(41, Long.MAX_VALUE);
        assertGone(later);
        assertThat(spool.attempts(SpooledAttempt.FIRST, 10))
                .containsExactly(new SpooledAttempt(4, 96), new SpooledAttempt(410, 96));
    }

    @Test
    void should_list_attempts_page_by_page_in_the_order_of_numbers() throws Exception {
        assertThat(spool.attempts(SpooledAttempt.FIRST, 10)).isEmpty();
        for (long token : new long[] {9, 10, 100}) {
            save(10, token, "a");
            save(10, token, "b", bytes(LARGE));
            save(9, token, "a");
        }
        save(Long.MAX_VALUE, Long.MAX_VALUE, "a");

        List<SpooledAttempt> first = spool.attempts(SpooledAttempt.FIRST, 4);
        List<SpooledAttempt> second = spool.attempts(first.get(3), 4);

        assertThat(first)
                .containsExactly(
                        new SpooledAttempt(9, 9),
                        new SpooledAttempt(9, 10),
                        new SpooledAttempt(9, 100),
                        new SpooledAttempt(10, 9));
        assertThat(second)
                .containsExactly(
                        new SpooledAttempt(10, 10),
                        new SpooledAttempt(10, 100),
                        new SpooledAttempt(Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(spool.attempts(second.get(2), 4)).isEmpty();
    }

    @Test
    void should_delete_what_is_left_of_a_save_that_failed() throws Exception {
        byte[] bytes = bytes(LARGE);
        InputStream failing = new SequenceInputStream(new ByteArrayInputStream(bytes), new AtEnd(() -> {
            throw new IOException("the disk has failed");
        }));
        assertThatThrownBy(() -> spool.save(file(41, 97, "a", bytes), failing)).isInstanceOf(IOException.class);
        save(41, 98, "a");

        assertThat(spool.attempts(SpooledAttempt.FIRST, 10))
                .as("one that leaves nothing lists nothing")
                .isSubsetOf(new SpooledAttempt(41, 97), new SpooledAttempt(41, 98));
        spool.delete(41, 97);

        assertThat(spool.attempts(SpooledAttempt.FIRST, 10)).containsExactly(new SpooledAttempt(41, 98));
    }

    /** What happens where the content ends. */
    @FunctionalInterface
    private interface Ending {
        void run() throws IOException;
    }

    /** Has no bytes, and does something when it is read. */
    private static final class AtEnd extends InputStream {

        private final Ending ending;

        private AtEnd(Ending ending) {
            this.ending = ending;
        }

        @Override
        public int read() throws IOException {
            ending.run();
            return -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return length == 0 ? 0 : read();
        }
    }
}
