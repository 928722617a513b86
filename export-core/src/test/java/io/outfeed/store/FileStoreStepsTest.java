package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.StoreException;
import io.outfeed.internal.document.RunDocument;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.state.Document;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of runs: how they grow, and what a crash leaves. */
class FileStoreStepsTest extends FileStoreFixture {

    private Path open;
    private Path ended;
    private JobLock lock;

    @BeforeEach
    void lockJob() {
        open = directory.resolve("jobs/job/open/1");
        ended = directory.resolve("jobs/job/runs/1");
        lock = lock("job");
    }

    @Override
    void reopen() {
        super.reopen();
        lock = lock("job");
    }

    private ExportRun save(ExportRun run) {
        return save(lock, run);
    }

    private static ExportRun noted(ExportRun run, String note) {
        return RunBuilder.of(run).note(note).build();
    }

    private static ExportRun end(ExportRun run) {
        return RunBuilder.of(run)
                .status(RunStatus.COMMITTED)
                .endedAt(SampleRuns.NOON)
                .build();
    }

    private static String document(ExportRun run) {
        return RunDocument.write(run).lines();
    }

    @Test
    void should_append_steps_that_a_person_can_read() throws IOException {
        ExportRun run = save(save(SampleRuns.planned()));

        save(noted(run, "Zürich"));

        assertThat(Files.readString(open))
                .startsWith("# outfeed 2 step=0 whole bytes=")
                .contains("\nstatus=PLANNED\n", "\n# outfeed 2 step=1 change bytes=0 ")
                .endsWith("\nnote=Zürich\n");
    }

    @Test
    void should_be_in_the_state_before_or_after_an_append_that_is_cut_at_any_byte() throws IOException {
        List<String> states = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        for (ExportRun state : SampleRuns.history(2).subList(0, 7)) {
            states.add(document(save(state)));
            ends.add(Files.size(open));
        }
        byte[] whole = Files.readAllBytes(open);
        for (int length = Math.toIntExact(ends.get(0)); length <= whole.length; length++) {
            int cut = length;
            Files.write(open, Arrays.copyOf(whole, length));
            store.close();
            store = FileStore.open(directory);
            int state = (int) ends.stream().filter(end -> end <= cut).count() - 1;

            ExportRun run = store.run(1).orElseThrow();
            assertThat(document(run)).as("%d bytes", length).isEqualTo(states.get(state));
            assertThat(store.unfinishedRuns("job")).hasSize(1);
            if (length % 17 == 0) {
                lock = store.tryLock("job").orElseThrow();
                String next = document(save(noted(run, "after " + cut + " bytes")));
                assertThat(store.run(1).map(FileStoreStepsTest::document)).contains(next);
                assertThat(Files.readAllBytes(open)).startsWith(Arrays.copyOf(whole, Math.toIntExact(ends.get(state))));
                store.close();
                store = FileStore.open(directory);
                assertThat(store.run(1).map(FileStoreStepsTest::document)).contains(next);
            }
        }
    }

    @Test
    void should_ignore_blocks_that_were_never_written() throws IOException {
        ExportRun run = save(SampleRuns.planned());
        byte[] before = Files.readAllBytes(open);
        Files.write(open, Arrays.copyOf(before, before.length + 4096));
        reopen();

        ExportRun next = save(noted(run, "next"));

        reopen();
        assertThat(store.run(1).map(FileStoreStepsTest::document)).contains(document(next));
        assertThat(Files.readString(open)).doesNotContain("\0");
    }

    @Test
    void should_not_append_to_a_damaged_run() throws IOException {
        ExportRun run = save(save(noted(save(SampleRuns.planned()), "first")));
        byte[] damaged = Files.readAllBytes(open);
        damaged[damaged.length / 2] ^= 1;
        Files.write(open, damaged);
        reopen();

        RunStep next = RunStep.next(run, noted(run, "next"));
        assertThatThrownBy(() -> store.append(lock, next))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(open + " is damaged (its checksum is wrong): ");

        assertThat(open).hasBinaryContent(damaged);
    }

    @Test
    void should_not_begin_anew_where_a_run_has_vanished() throws IOException {
        ExportRun run = save(SampleRuns.planned());
        RunStep next = RunStep.next(run, noted(run, "next"));
        Files.delete(open);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> store.append(lock, next)).isInstanceOf(StoreException.class);
            assertThat(open).doesNotExist();
        }
    }

    @Test
    void should_report_an_append_that_fails_and_replace_what_it_has_left() throws IOException {
        ExportRun run = save(SampleRuns.planned());
        ExportRun second = save(noted(run, "second"));
        byte[] whole = Files.readAllBytes(open);
        Files.write(open, Arrays.copyOf(whole, whole.length - 5)); // as a disk does that has lost an end
        RunStep third = RunStep.next(second, noted(second, "third"));

        assertThatThrownBy(() -> store.append(lock, third))
                .isInstanceOf(StoreException.class)
                .hasMessage("can't write " + open + ": check free space and permissions");
        assertThat(store.run(1).map(ExportRun::steps)).contains(1);

        ExportRun again = save(noted(store.run(1).orElseThrow(), "again"));
        assertThat(Files.readString(open))
                .startsWith("# outfeed 2 step=1 whole ")
                .contains("\nnote=again\n");
        assertThat(store.run(1).map(FileStoreStepsTest::document)).contains(document(again));
    }

    @Test
    void should_append_to_a_run_that_has_ended() throws IOException {
        ExportRun run = save(end(save(SampleRuns.planned())));
        long size = Files.size(ended);

        ExportRun watched = save(noted(run, "watched"));

        assertThat(open).doesNotExist();
        assertThat(Files.size(ended)).isBetween(size + 1, size + 100);
        reopen();
        assertThat(store.run(1).map(FileStoreStepsTest::document)).contains(document(watched));
    }

    @Test
    void should_write_as_many_bytes_as_there_are_files() throws IOException {
        long before = written(25);
        for (int files : List.of(50, 100, 200, 400)) {
            long written = written(files);
            System.out.printf("%d files to 2 destinations: %d bytes written to the ledger%n", files, written);
            assertThat(written).isLessThan(before * 22 / 10);
            before = written;
        }
    }

    /** Returns the bytes that a run has written: a file that is replaced counts as a whole. */
    private long written(int files) throws IOException {
        try (FileStore other = FileStore.open(temporary.resolve("store-" + files));
                JobLock held = other.tryLock("job").orElseThrow()) {
            Path jobs = temporary.resolve("store-" + files).resolve("jobs/job");
            List<ExportRun> history = SampleRuns.history(files);
            RunStep step = RunStep.whole(history.get(0));
            long written = 0;
            for (ExportRun run : history) {
                step = run == history.get(0) ? step : RunStep.next(step.run(), run);
                long size = size(jobs);
                assertThat(other.append(held, step)).isTrue();
                written += step.whole() ? size(jobs) : size(jobs) - size;
            }
            return written;
        }
    }

    private static long size(Path jobs) throws IOException {
        long size = 0;
        for (String run : List.of("open/1", "runs/1")) {
            Path file = jobs.resolve(run);
            size += Files.exists(file) ? Files.size(file) : 0;
        }
        return size;
    }

    @Test
    void should_forget_the_request_to_cancel_a_run_that_has_ended() throws IOException {
        save(SampleRuns.planned());
        assertThat(store.requestCancel(1, "not needed")).isTrue();
        Path request = directory.resolve("jobs/job/open/1.cancel");
        byte[] left = Files.readAllBytes(request);
        save(end(store.run(1).orElseThrow()));
        assertThat(request).doesNotExist();
        Files.write(request, left); // as a crash leaves it that happens before it is removed

        assertThat(store.cancelRequested(1)).isEmpty();
        assertThat(store.requestCancel(1, "again")).isFalse();
        reopen();
        assertThat(request).doesNotExist();
    }

    // ---- crashes while a job is renamed

    private void leaveTombstone() throws IOException {
        Document tombstone = new Document();
        tombstone.put("to", "new");
        Files.createDirectories(directory.resolve("renamed"));
        Files.write(directory.resolve("renamed/job"), tombstone.bytes());
    }

    @Test
    void should_not_have_renamed_a_job_before_its_directory_is() throws IOException {
        ExportRun run = save(end(save(SampleRuns.planned())));
        store.close();
        leaveTombstone();
        store = FileStore.open(directory);

        assertThat(store.renamedTo("job")).isEmpty();
        assertThat(directory.resolve("renamed/job")).doesNotExist();
        assertThat(store.run(1).map(FileStoreStepsTest::document)).contains(document(run));
        lock = store.tryLock("job").orElseThrow();
        save(noted(run, "as before"));
    }

    @Test
    void should_have_renamed_a_job_once_its_directory_is() throws IOException {
        save(end(save(SampleRuns.planned())));
        store.close();
        leaveTombstone();
        Files.move(directory.resolve("jobs/job"), directory.resolve("jobs/new"));
        store = FileStore.open(directory);

        assertThat(store.renamedTo("job")).contains("new");
        assertThat(store.run(1).map(ExportRun::job)).contains("new");
        assertThat(store.jobs()).containsExactly("new");
    }

    @Test
    void should_leave_nothing_of_a_job_that_was_renamed_and_purged() throws IOException {
        save(end(save(SampleRuns.planned())));
        store.replaceJobState("new", JobState.NONE, JobState.NONE.toFailures(1));
        store.renameJob(lock, "new");
        for (String job : List.of("job", "new")) {
            try (JobLock held = store.tryLock(job).orElseThrow()) {
                store.removeJob(held, History.PURGE, run -> {});
            }
        }

        try (Stream<Path> left = Files.walk(directory).filter(Files::isRegularFile)) {
            assertThat(left)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("lock", "counters");
        }
    }

    @Test
    void should_name_a_damaged_request() throws IOException {
        save(SampleRuns.planned());
        store.requestCancel(1, "not needed");
        Path request = directory.resolve("jobs/job/open/1.cancel");
        Files.write(request, "damaged".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> store.cancelRequested(1))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(request + " is damaged (");
    }
}
