package io.outfeed.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of 256 KiB, and an export that is larger. */
class FullDiskTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private Path small = Path.of("");
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        small = Files.createDirectory(directory.resolve("small"));
        mounted = succeeds("mount", "-t", "tmpfs", "-o", "size=256k", "outfeed-test", small.toString());
        assumeTrue(mounted, "skipped: only root can mount a small file system, and only where mounting is allowed");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(succeeds("umount", small.toString())).isTrue();
        }
    }

    private static boolean succeeds(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    private static ListSource<Visit> largeSource() {
        ListSource<Visit> source = Visit.source();
        LongStream.range(0, 20_000)
                .forEach(id -> source.put(Visit.of(id, "a note of some length", "2026-02-01T00:00:00Z")));
        return source;
    }

    private static ExportEngine engine(Path home, InMemoryStore store) {
        return ExportEngine.builder()
                .directory(home)
                .store(store)
                .scheduler(new ManualScheduler(SettableClock.at(CLOCK.instant())))
                .clock(CLOCK)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .build();
    }

    private static JobHandle add(ExportEngine engine, Delivery delivery) {
        return engine.add(ExportJob.builder("visits", Visit.export(largeSource()))
                .deliverTo(delivery)
                .build());
    }

    private void refuses(JobHandle job, InMemoryDelivery lakeside) throws IOException {
        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DISK_FULL))
                .hasMessage("can't write a file below " + small.resolve("spool")
                        + ": check free space and permissions, then run the job again (run=1)")
                .hasRootCauseMessage("No space left on device");

        assertThat(lakeside.arrivals()).isEmpty();
        try (Stream<Path> left = Files.walk(small.resolve("spool"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void should_publish_nothing_and_say_so_when_the_spool_is_full() throws Exception {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        InMemoryStore store = new InMemoryStore();
        try (ExportEngine engine = engine(small, store)) {
            JobHandle job = add(engine, lakeside);

            refuses(job, lakeside);
            assertThat(Runs.newest(engine, job, 1).get(0).status()).isEqualTo(RunStatus.WAITING);
            assertThat(job.position("visits")).isEmpty();
        }
    }

    @Test
    void should_leave_the_disk_to_the_store_and_to_other_jobs() throws Exception {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportEngine engine = ExportEngine.builder()
                .directory(small) // the store is there too
                .scheduler(new ManualScheduler(SettableClock.at(CLOCK.instant())))
                .clock(CLOCK)
                .build()) {
            JobHandle large = add(engine, lakeside);
            JobHandle other = engine.add(ExportJob.builder(
                            "other", Visit.export(Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"))))
                    .deliverTo(InMemoryDelivery.create("riverside"))
                    .build());

            refuses(large, lakeside);

            ExportRun waiting = Runs.newest(engine, large, 1).get(0);
            assertThat(waiting.status()).isEqualTo(RunStatus.WAITING);
            assertThat(waiting.failure().map(RunFailure::code)).contains(FailureCode.DISK_FULL);
            assertThat(other.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        }
    }

    @Test
    void should_publish_nothing_and_say_so_when_there_is_no_room_for_sorting() throws Exception {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportEngine engine = engine(small, new InMemoryStore())) {
            JobHandle job = engine.add(ExportJob.builder(
                            "visits",
                            Visit.export(largeSource(), f -> f.name("visits-{sequence}.csv"))
                                    .fields(f -> f.field("id", Visit::id)
                                            .field("note", visit -> visit.note().repeat(1_000)))
                                    .filter(visit -> visit.id() < 2_000)
                                    .latestPerKey()
                                    .build())
                    .deliverTo(lakeside)
                    .build());

            refuses(job, lakeside);
        }
    }

    @Test
    void should_publish_nothing_and_say_so_when_there_is_no_room_for_the_archive() throws Exception {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        Random random = new Random(7);
        ListSource<Visit> source = Visit.source();
        for (int id = 0; id < 200; id++) { // 200 KiB, and half of that in an archive
            byte[] note = new byte[512];
            random.nextBytes(note);
            source.put(Visit.of(id, HexFormat.of().formatHex(note), "2026-02-01T00:00:00Z"));
        }
        try (ExportEngine engine = engine(small, new InMemoryStore())) {
            JobHandle job = engine.add(ExportJob.builder("visits", Visit.export(source))
                    .deliverTo(lakeside)
                    .archive("visits-{sequence}.zip")
                    .build());

            refuses(job, lakeside);
        }
    }

    @Test
    void should_leave_nothing_visible_when_the_destination_is_full() throws Exception {
        try (ExportEngine engine = engine(directory.resolve("home"), new InMemoryStore())) {
            JobHandle job = add(engine, DirectoryDelivery.to("lakeside", small));

            assertThatThrownBy(job::runNow)
                    .isInstanceOfSatisfying(
                            DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_FULL))
                    .hasMessageContaining("can't write " + small.resolve(".visits-1.csv.r1-t1.part")
                            + ": check space and permissions");

            assertThat(Runs.newest(engine, job, 1).get(0).status()).isEqualTo(RunStatus.WAITING);
            try (Stream<Path> left = Files.list(small)) {
                assertThat(left).isEmpty();
            }
        }
    }
}
