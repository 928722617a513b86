package io.outfeed.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.internal.mapping.CellText;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.mapping.RowMapper;
import io.outfeed.source.Position;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much memory a row takes that is sorted: counted by the JVM, whatever the speed of the machine. */
class SorterAllocationTest {

    private static final int ROWS = 20_000;
    private static final long EVERYTHING = Long.MAX_VALUE;
    private static final long TENTH = 1_000_000;

    @TempDir
    private Path directory;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final AtomicInteger files = new AtomicInteger();
    private final RowMapper<Long> mapper = new RowMapper<>(
            Fields.builder(Long.class)
                    .field("id", id -> id)
                    .field("reference", id -> id * 1_000_003)
                    .field("amount", id -> BigDecimal.valueOf(id * 31, 2))
                    .field("changed_at", id -> Instant.ofEpochSecond(1_700_000_000 + id))
                    .field("born_on", id -> LocalDate.ofEpochDay(id % 9_000))
                    .field("active", id -> id % 3 == 0)
                    .field("name", id -> "person")
                    .field("note", id -> "a note that an employee has typed after a long call")
                    .build()
                    .mappings(),
            new CellText(ValueTexts.defaults(), "job=visits"));

    @Test
    void should_take_little_more_than_the_row_itself() throws IOException {
        long mapped = bytesPerRow(() -> LongStream.range(0, ROWS).forEach(this::version));
        long inMemory = bytesPerRow(() -> sort(EVERYTHING)) - mapped;
        long onDisk = bytesPerRow(() -> sort(TENTH)) - mapped;

        System.out.printf(
                "a row of 8 columns: mapped %d bytes, sorted in memory %d more, on the disk %d more%n",
                mapped, inMemory, onDisk);
        assertThat(inMemory).isLessThan(1_200);
        assertThat(onDisk).isLessThan(1_700);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** Of the second time: the first one loads classes. */
    private long bytesPerRow(Work work) throws IOException {
        work.run();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        work.run();
        return (threads.getThreadAllocatedBytes(thread) - before) / ROWS;
    }

    private RecordVersion version(long id) {
        return new RecordVersion(RecordKey.of(id), null, new MappedRecord.Row("", mapper.map(id, "key")));
    }

    private void sort(long memory) throws IOException {
        int rows = 0;
        try (VersionSorter sorter = new VersionSorter(
                () -> directory.resolve(Integer.toString(files.getAndIncrement())),
                Position.SEQUENCE,
                Comparator.comparingLong(Position::toLong),
                memory)) {
            for (long id = 0; id < ROWS; id++) {
                sorter.add(version(id));
            }
            AtomicInteger drained = new AtomicInteger();
            sorter.drain((latest, versions) -> drained.incrementAndGet());
            rows = drained.get();
        }
        assertThat(rows).isEqualTo(ROWS);
    }
}
