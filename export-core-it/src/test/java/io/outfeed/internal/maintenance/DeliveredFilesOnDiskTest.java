package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.run.file.WatchState;
import io.outfeed.support.Visit;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watch and retention with real files, and with the ledger on the disk. */
class DeliveredFilesOnDiskTest {

    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @TempDir
    private Path home;

    @TempDir
    private Path parent;

    private Path file;
    private ManualScheduler scheduler;
    private ExportEngine engine;

    @BeforeEach
    void start() throws Exception {
        Path out = Files.createDirectories(parent.resolve("out"));
        file = out.resolve("visits-1.csv");
        scheduler = new ManualScheduler(clock);
        engine = ExportEngine.builder()
                .directory(home)
                .clock(clock)
                .scheduler(scheduler)
                .build();
        engine.start();
        addJob(out);
    }

    private void addJob(Path out) {
        engine.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(DirectoryDelivery.to("out", out))
                .watch(DeliveredFileWatch.everyTenMinutes().takenInto("done"))
                .retention(Duration.ofDays(90))
                .build());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private FileDelivery step() {
        return engine.run(1).run().deliveries().get(0);
    }

    private WatchState state() {
        return step().watch().orElseThrow().state();
    }

    @Test
    void should_copy_once_and_remember_it_after_a_restart() throws Exception {
        engine.job("visits").runNow();
        Files.delete(file);
        scheduler.advance(INTERVAL);
        assertThat(file).hasContent("id,note\r\n1,a\r\n");

        stop();
        start();
        assertThat(state()).isEqualTo(WatchState.RECOPIED);
        Files.delete(file);
        scheduler.advance(Duration.ofHours(1));

        assertThat(file.getParent()).isEmptyDirectory();
        assertThat(state()).isEqualTo(WatchState.VANISHED);
        assertThat(step().watch().orElseThrow().recopied()).isEqualTo(1);
    }

    @Test
    void should_not_make_a_directory_that_is_gone() throws Exception {
        engine.job("visits").runNow();
        Files.delete(file);
        Files.delete(file.getParent());

        scheduler.advance(Duration.ofHours(1));

        assertThat(file.getParent()).doesNotExist();
        assertThat(state()).isEqualTo(WatchState.HELD);
    }

    /** It may have the file, which would be sent twice. */
    @Test
    void should_not_copy_again_while_the_folder_of_taken_files_can_not_be_inspected() throws Exception {
        engine.job("visits").runNow();
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Path done = Files.createSymbolicLink(file.resolveSibling("done"), elsewhere);
        Files.move(file, elsewhere.resolve("visits-1.csv"));

        scheduler.advance(INTERVAL);
        assertThat(file).doesNotExist();
        assertThat(state()).isEqualTo(WatchState.NOT_SAID);

        Files.delete(done);
        Files.move(elsewhere, done);
        scheduler.advance(INTERVAL);
        assertThat(state()).isEqualTo(WatchState.TAKEN);
    }

    @Test
    void should_leave_what_has_the_name() throws Exception {
        engine.job("visits").runNow();
        Files.writeString(file, "another");

        scheduler.advance(Duration.ofHours(1));

        assertThat(file).hasContent("another");
        assertThat(state()).isEqualTo(WatchState.CONFLICT);
    }

    @Test
    void should_leave_a_file_of_the_same_size_that_another_program_has_put_there() throws Exception {
        engine.job("visits").runNow();
        scheduler.advance(INTERVAL);
        assertThat(state()).isEqualTo(WatchState.SEEN);
        long size = Files.size(file);
        FileTime delivered = Files.getLastModifiedTime(file);
        Files.writeString(file, "x".repeat((int) size));
        Files.setLastModifiedTime(file, FileTime.from(delivered.toInstant().plusSeconds(1)));

        scheduler.advance(INTERVAL);

        assertThat(state()).isEqualTo(WatchState.CONFLICT);
        clock.advance(Duration.ofDays(90)); // not inspection by inspection
        scheduler.advance(Duration.ofDays(1));
        assertThat(file).hasSize(size);
        assertThat(step().removal().orElseThrow().outcome()).isEqualTo(FileRemoval.Outcome.DIFFERENT);
    }

    @Test
    void should_delete_the_file_that_the_watch_has_seen_last() throws Exception {
        engine.job("visits").runNow();
        scheduler.advance(INTERVAL);
        Files.delete(file);
        scheduler.advance(INTERVAL.multipliedBy(2)); // copied again, and seen with its own time

        clock.advance(Duration.ofDays(90)); // not inspection by inspection
        scheduler.advance(Duration.ofDays(1));

        assertThat(file).doesNotExist();
        assertThat(step().removal().orElseThrow().outcome()).isEqualTo(FileRemoval.Outcome.DELETED);
    }

    @Test
    void should_find_a_file_that_the_receiver_has_moved_into_a_folder() throws Exception {
        engine.job("visits").runNow();
        Path done = Files.createDirectory(file.resolveSibling("done"));
        Files.move(file, done.resolve("visits-1.csv"));

        scheduler.advance(Duration.ofHours(1));

        assertThat(file).doesNotExist();
        assertThat(state()).isEqualTo(WatchState.TAKEN);
    }

    @Test
    void should_copy_nothing_without_the_bytes() throws Exception {
        engine.job("visits").runNow();
        Files.delete(file);
        Files.delete(home.resolve("spool/1/visits-1.csv"));

        scheduler.advance(Duration.ofHours(1));

        assertThat(file.getParent()).isEmptyDirectory();
        assertThat(state()).isEqualTo(WatchState.MISSING);
        assertThat(step().watch().orElseThrow().recopied()).isZero();
    }

    @Test
    void should_copy_nothing_to_another_place() throws Exception {
        engine.job("visits").runNow();
        Files.delete(file);
        Path moved = Files.createDirectory(parent.resolve("moved"));
        addJob(moved);

        scheduler.advance(Duration.ofHours(1));

        assertThat(file.getParent()).isEmptyDirectory();
        assertThat(moved).isEmptyDirectory();
        assertThat(state()).isEqualTo(WatchState.MISSING);
    }

    @Test
    void should_delete_after_ninety_days_whatever_the_file_system_says_of_its_age() throws Exception {
        engine.job("visits").runNow();
        Path other = Files.writeString(file.resolveSibling("visits-0.csv"), "id,note\r\n1,a\r\n");
        clock.advance(Duration.ofDays(90).minusSeconds(1));
        scheduler.runDue();
        assertThat(file).exists();

        stop();
        start();
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(file).doesNotExist();
        assertThat(other).exists();
        assertThat(step().removal()).map(FileRemoval::outcome).contains(FileRemoval.Outcome.DELETED);
        assertThat(step().deletedAt()).contains(Instant.parse("2026-05-31T00:00:00Z"));
    }
}
