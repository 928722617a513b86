package io.outfeed.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an engine writes to its directory: records, which other users of the machine must not read. */
class OwnerOnlyTest {

    @TempDir
    private Path temporary;

    @RegisterExtension
    private final LoggedEvents logged = LoggedEvents.from(Level.WARN, OwnerOnly.class);

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final Map<String, String> modes = new TreeMap<>();
    private Path directory;

    @BeforeEach
    void checkFileSystem() throws IOException {
        assumeTrue(
                Files.getFileStore(temporary).supportsFileAttributeView("posix"),
                "skipped: the file system has no POSIX permissions");
        directory = temporary.resolve("engine");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private ExportEngine engine() {
        return ExportEngine.builder()
                .directory(directory)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .build();
    }

    private void collectModes() {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                modes.put(
                        directory.relativize(path).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void should_give_each_file_and_directory_to_its_owner_only() {
        ListSource<Visit> source = Visit.source();
        for (int id = 0; id < 3_000; id++) { // enough for files of the sorter
            source.put(Visit.of(id, "note".repeat(5_000), "2026-02-01T00:00:00Z"));
        }
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportEngine engine = engine()) {
            engine.add(ExportJob.builder(
                            "visits",
                            Visit.export(
                                            source,
                                            f -> f.name("visits-{sequence}-{part}.csv")
                                                    .splitAfterRows(1_000))
                                    .fields(f -> f.field("id", visit -> {
                                                if (visit.id() == 2_999) {
                                                    collectModes(); // while it is staged
                                                    throw new IllegalStateException("rejected");
                                                }
                                                return visit.id();
                                            })
                                            .field("note", Visit::note))
                                    .rejectPolicy(RejectPolicy.skipUpTo(1))
                                    .lookback(Duration.ofDays(1))
                                    .latestPerKey()
                                    .build())
                    .archive("visits-{sequence}.zip")
                    .deliverTo(new HookedDelivery(lakeside, HookedDelivery.Point.BEFORE_PUBLISH, this::collectModes))
                    .build());
            engine.job("visits").runNow();
            clock.advance(Duration.ofDays(1));
            engine.job("visits").runNow();
        }
        collectModes();

        assertThat(modes.keySet())
                .contains("store/lock", "store/counters", "store/jobs/visits/positions", "store/jobs/visits/runs/1")
                .anyMatch(name -> name.endsWith(".sort"))
                .anyMatch(name -> name.endsWith(".seen"))
                .anyMatch(name -> name.endsWith(".rejects"))
                .anyMatch(name -> name.endsWith(".zip"));
        assertThat(modes.values()).containsOnly("rwx------", "rw-------");
    }

    @Test
    void should_warn_of_a_directory_that_others_may_enter() throws Exception {
        engine().close();
        assertThat(logged.messages()).isEmpty();
        Files.setPosixFilePermissions(directory.resolve("store"), PosixFilePermissions.fromString("rwxr-x---"));
        engine().close();
        assertThat(logged.messages()).isEmpty(); // the directory above keeps others out

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        engine().close();

        assertThat(logged.messages())
                .containsExactly("Other users may read " + directory.resolve("store")
                        + ", which holds records: its mode is rwxr-x---; set it to rwx------");
    }
}
