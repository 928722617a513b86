package io.outfeed.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.format.CellType;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.mapping.RowCells;
import io.outfeed.run.RejectedRecord;
import io.outfeed.source.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionSorterTest {

    private static final long SEED = Long.getLong("sorter.seed", 20_260_302L);
    private static final int ROUNDS = Integer.getInteger("sorter.rounds", 60);

    @TempDir
    private Path directory;

    private final AtomicInteger files = new AtomicInteger();

    private VersionSorter sorter(long memory) {
        return new VersionSorter(
                () -> directory.resolve(Integer.toString(files.getAndIncrement())),
                Position.SEQUENCE,
                Comparator.comparingLong(Position::toLong),
                memory);
    }

    private static RecordVersion version(long key, @Nullable Long position, String... cells) {
        return new RecordVersion(
                RecordKey.of(key),
                position == null ? null : Position.of(position),
                new MappedRecord.Row("folder", new RowCells(cells(cells))));
    }

    private static List<@Nullable Cell> cells(@Nullable String... texts) {
        List<@Nullable Cell> cells = new ArrayList<>();
        for (String text : texts) {
            cells.add(text == null ? null : new Cell(text, text.length() % 2 == 0 ? CellType.TEXT : CellType.INTEGER));
        }
        return cells;
    }

    private static RecordVersion later(RecordVersion before, RecordVersion version) {
        Long old = before.position() == null ? null : before.position().toLong();
        Long now = version.position() == null ? null : version.position().toLong();
        boolean older = now == null ? old != null : old != null && now < old;
        return older ? before : version;
    }

    private static List<RecordVersion> drained(VersionSorter sorter) throws IOException {
        List<RecordVersion> all = new ArrayList<>();
        sorter.drain((latest, versions) -> all.add(latest));
        return all;
    }

    private long filesLeft() throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            return left.count();
        }
    }

    /**
     * Against a map that keeps the latest of each key: with memory for all, for some, and for one version at a time.
     */
    @Test
    void should_give_the_latest_of_each_key_in_order_however_little_memory_there_is() throws IOException {
        Random random = new Random(SEED);
        int versions = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long memory = List.of(1L, 500L, 5_000L, 1L << 30).get(round % 4);
            int count = random.nextInt(round % 10 == 0 ? 3_000 : 200);
            int keys = 1 + random.nextInt(round % 3 == 0 ? 10 : 2_000);
            Map<RecordKey, RecordVersion> expected = new TreeMap<>();
            List<RecordVersion> found;
            try (VersionSorter sorter = sorter(memory)) {
                for (int i = 0; i < count; i++) {
                    RecordVersion version = version(
                            random.nextInt(keys) - keys / 2,
                            random.nextInt(5) == 0 ? null : (long) random.nextInt(4),
                            "cell " + i);
                    sorter.add(version);
                    expected.merge(version.key(), version, VersionSorterTest::later);
                }
                found = drained(sorter);
            }
            versions += count;
            assertThat(found).as("round %d", round).containsExactlyElementsOf(expected.values());
            assertThat(filesLeft()).as("files after round %d", round).isZero();
        }
        System.out.printf(
                "sorted %,d versions in %d rounds (seed %d), with %,d temporary files%n",
                versions, ROUNDS, SEED, files.get());
        assertThat(files).hasValueGreaterThan(1_000);
    }

    @Test
    void should_count_the_versions_of_a_key_across_files() throws IOException {
        try (VersionSorter sorter = sorter(1)) {
            for (long i = 0; i < 100; i++) {
                sorter.add(version(i % 3, i));
            }
            List<Integer> counts = new ArrayList<>();
            sorter.drain((latest, versions) -> counts.add(versions));

            assertThat(counts).containsExactly(34, 33, 33);
        }
    }

    @Test
    void should_merge_many_files_in_levels() throws IOException {
        try (VersionSorter sorter = sorter(1)) { // a file for each version
            for (long i = 0; i < 2_000; i++) {
                sorter.add(version((i * 7919) % 2_000, i));
            }

            assertThat(filesLeft()).isLessThan(100);
            assertThat(drained(sorter)).hasSize(2_000);
        }
        assertThat(filesLeft()).isZero();
    }

    @Test
    void should_remove_its_files_after_a_failure() throws IOException {
        try (VersionSorter sorter = sorter(1)) {
            for (long i = 0; i < 50; i++) {
                sorter.add(version(i, i));
            }
            assertThat(filesLeft()).isPositive();
        }

        assertThat(filesLeft()).isZero();
    }

    @Test
    void should_keep_every_text_and_outcome() throws IOException {
        List<MappedRecord> outcomes = List.of(
                new MappedRecord.Row(
                        "", new RowCells(cells("", null, "a", "é", "日本 \uD83D\uDE00", "half \uD83D", "\0\r\n"))),
                MappedRecord.LeftOut.INSTANCE,
                new MappedRecord.Rejected(new RejectedRecord("visits", "7", "note", "it is empty"), null));
        try (VersionSorter sorter = sorter(1)) {
            for (int i = 0; i < outcomes.size(); i++) {
                sorter.add(new RecordVersion(RecordKey.of("key " + i), null, outcomes.get(i)));
            }

            assertThat(drained(sorter)).extracting(RecordVersion::outcome).containsExactlyElementsOf(outcomes);
        }
    }

    @Test
    void should_order_numbers_by_value_before_texts_by_code_point() {
        List<RecordKey> ordered = Stream.<Object>of(
                        -5L,
                        2,
                        (short) 9,
                        10L,
                        Long.MAX_VALUE,
                        "",
                        "10",
                        "9",
                        "B",
                        "a",
                        "ab",
                        "b",
                        "\uFFFD",
                        "\uD83D\uDE00")
                .map(RecordKey::of)
                .toList();

        assertThat(ordered).isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(ordered.get(2).text()).isEqualTo("9");
    }
}
