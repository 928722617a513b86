package io.outfeed.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.WatchState;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mount point whose file system is away is an empty directory: it must not take files, nor count as loss. */
class RequiredFileTest {

    @TempDir
    private Path home;

    @TempDir
    private Path mountPoint;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private ManualScheduler scheduler;
    private ExportEngine engine;
    private Path required;

    @BeforeEach
    void start() {
        required = mountPoint.resolve(".mounted");
        scheduler = new ManualScheduler(clock);
        engine = ExportEngine.builder()
                .directory(home)
                .clock(clock)
                .scheduler(scheduler)
                .renameLooks(Duration.ZERO)
                .build();
        engine.start();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private DirectoryDelivery delivery() {
        return DirectoryDelivery.builder("out", mountPoint)
                .requireFile(".mounted")
                .build();
    }

    private JobHandle add(Delivery delivery) {
        return engine.add(ExportJob.builder(
                        "visits", Visit.export(Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"))))
                .deliverTo(delivery)
                .watch(DeliveredFileWatch.everyTenMinutes())
                .retention(Duration.ofDays(90))
                .build());
    }

    private void mount() {
        try {
            Files.createFile(required);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unmount() {
        try {
            Files.delete(required);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNotMounted(JobHandle job) {
        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_MISSING))
                .hasMessage("the required file " + required + " is not there: mount the file system; if it is mounted,"
                        + " create the file in it (job=visits, run=1)");
    }

    @Test
    void should_deliver_nothing_into_an_empty_mount_point() throws Exception {
        JobHandle job = add(delivery());

        assertNotMounted(job);

        assertThat(mountPoint).isEmptyDirectory();
        assertThat(engine.run(1).run().status()).isEqualTo(RunStatus.WAITING);
        assertThat(job.check().ok()).isFalse();
        mount();
        assertThat(job.check().ok()).isTrue();
        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(mountPoint.resolve("visits-1.csv")).hasContent("id,note\r\n1,a\r\n");
    }

    @Test
    void should_publish_after_the_file_system_is_mounted_again() {
        mount();
        JobHandle job = add(new HookedDelivery(delivery(), HookedDelivery.Point.BEFORE_PUBLISH, this::unmount));

        assertNotMounted(job);

        mount();
        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(mountPoint.resolve("visits-1.csv")).exists();
        assertThat(engine.run(1).run().attemptCount()).isEqualTo(2);
    }

    @Test
    void should_neither_copy_nor_forget_what_is_hidden() throws Exception {
        mount();
        add(delivery()).runNow();
        Path file = mountPoint.resolve("visits-1.csv");
        byte[] delivered = Files.readAllBytes(file);
        unmount();
        Files.delete(file);

        scheduler.advance(Duration.ofMinutes(30));

        assertThat(mountPoint).isEmptyDirectory();
        FileDelivery step = engine.run(1).run().deliveries().get(0);
        assertThat(step.watch().orElseThrow().state()).isEqualTo(WatchState.HELD);
        mount();
        Files.write(file, delivered);
        clock.advance(Duration.ofDays(90)); // not inspection by inspection
        scheduler.advance(Duration.ofDays(1));
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "a\\b", "a\nb"})
    void should_refuse_what_is_no_name(String name) {
        assertThatThrownBy(() -> DirectoryDelivery.builder("out", mountPoint)
                        .requireFile(name)
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .asString()
                                .endsWith("is no name of a file in the directory: such as .mounted"));
    }
}
