package io.outfeed.internal.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.internal.changes.DeliveredRows.Hash;
import io.outfeed.internal.changes.DeliveredRows.Hashes;
import io.outfeed.internal.mapping.CellText;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.mapping.RowMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** The hashes by which rows are compared, which are stored between runs. */
class HashesTest {

    private static final int TIMES = 10_000;

    private final Hashes hashes = new Hashes();

    private static MappedRecord.Row row(Object amount, String place) {
        RowMapper<Integer> mapper = new RowMapper<>(
                Fields.builder(Integer.class)
                        .field("id", id -> id)
                        .field("amount", id -> amount)
                        .field("changed_at", id -> Instant.parse("2026-02-28T12:00:00.1Z"))
                        .field("born_on", id -> LocalDate.of(2011, 1, 9))
                        .field("name", id -> "Zürich, 日本語")
                        .field("nothing", id -> null)
                        .build()
                        .mappings(),
                new CellText(ValueTexts.defaults(), "job=visits"));
        return new MappedRecord.Row(place, mapper.map(7, "7"));
    }

    @Test
    void should_stay_as_they_are_stored() throws IOException {
        Hash stored = new Hash(8_748_643_283_249_548_042L, -9_036_041_347_508_358_694L);

        assertThat(hashes.of(row(new BigDecimal("12.30"), "north"))).isEqualTo(stored);
    }

    @Test
    void should_depend_on_texts_types_and_place_only() throws IOException {
        Hash hash = hashes.of(row(7, ""));

        assertThat(hashes.of(row(7L, ""))).isEqualTo(hash);
        assertThat(hashes.of(row("7", ""))).isNotEqualTo(hash);
        assertThat(hashes.of(row(new BigDecimal("7.0"), ""))).isNotEqualTo(hash);
        assertThat(hashes.of(row(7, "north"))).isNotEqualTo(hash);
    }

    @Test
    void should_allocate_little() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MappedRecord.Row row = row(new BigDecimal("12.30"), "north");
        hashes.of(row);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < TIMES; i++) {
            hashes.of(row);
        }
        long bytes = (threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / TIMES;

        System.out.printf("the hash of a row of 6 columns: %d bytes%n", bytes);
        assertThat(bytes).isLessThan(400);
    }
}
