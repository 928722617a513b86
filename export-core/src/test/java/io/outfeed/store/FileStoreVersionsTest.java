package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.StoreException;
import io.outfeed.internal.document.PositionsDocument;
import io.outfeed.run.JobPositions;
import io.outfeed.source.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of positions and fire times, to which versions are appended: how they grow, and what a crash leaves. */
class FileStoreVersionsTest extends FileStoreFixture {

    private Path file;

    @BeforeEach
    void locate() {
        file = directory.resolve("jobs/job/positions");
    }

    private static JobPositions positions(long run) {
        return new JobPositions(Map.of("rows", Position.of(run)), run, run);
    }

    private void commit(long run) {
        try (JobLock lock = lock("job")) {
            store.commit(lock, store.positions("job"), positions(run));
        }
    }

    @Test
    void should_append_versions_that_a_person_can_read() throws IOException {
        commit(1);
        commit(2);

        assertThat(Files.readString(file))
                .startsWith("# outfeed 2 step=0 whole bytes=")
                .contains("\nrun=1\n", "\n# outfeed 2 step=1 whole bytes=", "\nrun=2\n");
    }

    @Test
    void should_replace_a_file_that_has_grown() throws IOException {
        long largest = 0;
        int replaced = 0;
        for (int run = 1; run <= 100; run++) {
            long before = Files.exists(file) ? Files.size(file) : 0;
            commit(run);
            replaced += Files.size(file) < before ? 1 : 0;
            largest = Math.max(largest, Files.size(file));
        }

        assertThat(replaced).isBetween(2, 10);
        assertThat(largest).isBetween(4096L, 4096L + 300);
        reopen();
        assertThat(store.positions("job")).isEqualTo(positions(100));
    }

    @Test
    void should_have_the_version_before_or_after_an_append_that_is_cut_at_any_byte() throws IOException {
        commit(1);
        int first = Math.toIntExact(Files.size(file));
        commit(2);
        byte[] whole = Files.readAllBytes(file);
        for (int length = first; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            reopen();

            assertThat(store.positions("job"))
                    .as("%d bytes", length)
                    .isEqualTo(positions(length == whole.length ? 2 : 1));
        }
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        commit(3);
        assertThat(Files.readString(file))
                .startsWith(new String(whole, 0, first, StandardCharsets.UTF_8))
                .doesNotContain("\nrun=2\n");
        reopen();
        assertThat(store.positions("job")).isEqualTo(positions(3));
    }

    @Test
    void should_not_take_an_older_version_for_a_damaged_one() throws IOException {
        commit(1);
        commit(2);
        byte[] damaged = Files.readAllBytes(file);
        damaged[damaged.length - 3] ^= 1;
        Files.write(file, damaged);

        assertThatThrownBy(() -> commit(3))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(file + " is damaged (its checksum is wrong): ");
        assertThat(file).hasBinaryContent(damaged);
    }

    @Test
    void should_report_versions_that_do_not_follow_each_other() throws IOException {
        commit(1);
        byte[] first = Files.readAllBytes(file);
        byte[] twice = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(first, 0, twice, first.length, first.length);
        Files.write(file, twice);

        assertThatThrownBy(() -> store.positions("job"))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(file + " is damaged (version 0 is not the next): ");
    }

    @Test
    void should_read_a_file_with_one_version_and_replace_it() throws IOException {
        commit(1);
        Files.write(file, PositionsDocument.write(positions(1)).bytes());
        assertThat(Files.readString(file)).startsWith("# outfeed 1 crc32=");
        reopen();

        commit(2);

        assertThat(Files.readString(file))
                .startsWith("# outfeed 2 step=0 whole ")
                .doesNotContain("\nrun=1\n");
        assertThat(store.positions("job")).isEqualTo(positions(2));
    }

    @Test
    void should_give_numbers_without_gaps_over_restarts_and_skip_some_after_a_crash() throws IOException {
        assertThat(store.newRunNumber()).isEqualTo(1);
        byte[] reserved = Files.readAllBytes(directory.resolve("counters"));
        reopen();
        assertThat(store.newRunNumber()).isEqualTo(2);
        store.close();
        Files.write(directory.resolve("counters"), reserved); // as a process leaves it that is killed
        store = FileStore.open(directory);

        assertThat(store.newRunNumber()).isEqualTo(102);
        assertThat(lock("job").token()).isEqualTo(101);
    }
}
