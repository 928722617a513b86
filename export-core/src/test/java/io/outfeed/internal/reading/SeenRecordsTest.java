package io.outfeed.internal.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.source.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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

        SeenRecords seen = SeenRecords.read(file).orElseThrow();

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
    void should_have_seen_nothing_where_nothing_was_read() {
        assertThat(SeenRecords.read(directory.resolve("12/.visits.seen"))).isEmpty();
    }
}
