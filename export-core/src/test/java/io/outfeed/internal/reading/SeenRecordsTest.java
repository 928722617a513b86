package io.outfeed.internal.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenRecordsTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @TempDir
    private Path directory;

    private static long hash(long key) {
        return SeenRecords.hash(Long.toString(key), Position.of(NOON));
    }

    @Test
    void should_know_only_what_was_seen() throws Exception {
        SeenRecords.Collector collector = new SeenRecords.Collector(10_000);
        assertThat(LongStream.range(0, 5_000).allMatch(key -> collector.add(hash(key))))
                .isTrue();
        Path file = directory.resolve("12/.visits.seen");
        collector.write(file, NOON.plusNanos(1));

        SeenRecords seen = SeenRecords.read(file);

        assertThat(Files.size(file)).isEqualTo(5_002L * Long.BYTES);
        assertThat(seen.since()).isEqualTo(NOON.plusNanos(1));
        assertThat(LongStream.range(0, 5_000).allMatch(key -> seen.contains(hash(key))))
                .isTrue();
        assertThat(LongStream.range(5_000, 10_000).noneMatch(key -> seen.contains(hash(key))))
                .isTrue();
        assertThat(seen.contains(SeenRecords.hash("1", Position.of(NOON.plusNanos(1)))))
                .as("another version")
                .isFalse();
    }

    @Test
    void should_refuse_more_than_its_bound() throws Exception {
        SeenRecords.Collector collector = new SeenRecords.Collector(1_500);

        assertThat(LongStream.range(0, 1_500).allMatch(key -> collector.add(hash(key))))
                .isTrue();
        assertThat(collector.add(hash(1_500))).isFalse();
    }

    @Test
    void should_have_seen_nothing_where_the_run_has_kept_nothing() {
        RunBytes bytes = new RunBytes(new SpoolDirectory(directory), Optional.empty());
        RunBuilder run = RunBuilder.planned(12, "visits", Trigger.SCHEDULED, NOON);
        Sidecar lost = new Sidecar(Sidecar.Kind.SEEN, "visits", 16, "0".repeat(64));

        assertThat(SeenRecords.of(bytes, run.build(), "visits")).isEmpty();
        assertThat(SeenRecords.of(bytes, run.sidecars(List.of(lost)).build(), "visits"))
                .isEmpty();
    }

    @Test
    void should_not_pass_a_shorter_file_for_what_was_seen() throws Exception {
        SeenRecords.Collector collector = new SeenRecords.Collector(10);
        assertThat(collector.add(hash(1)) && collector.add(hash(2))).isTrue();
        Path file = directory.resolve("12/.visits.seen");
        collector.write(file, NOON);
        RunBytes bytes = new RunBytes(new SpoolDirectory(directory), Optional.empty());
        ExportRun run = bytes.save(
                RunBuilder.planned(12, "visits", Trigger.SCHEDULED, NOON).build(), List.of("visits"));
        assertThat(SeenRecords.of(bytes, run, "visits")).isPresent();

        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 24));

        assertThatThrownBy(() -> SeenRecords.of(bytes, run, "visits"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.BYTES_CHANGED))
                .hasMessage("the bytes of .visits.seen in this engine's directory are not those that were staged: put "
                        + file + " back as it was, or call resetPosition(definition, position, reason) with the same"
                        + " position to go on without looking for late records once (job=visits, run=12)");
    }
}
