package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.outfeed.jdbc.JdbcRecordSource.Transport;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.source.Parameters;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** How much memory a row takes while it is read: counted by the JVM, whatever the speed of the machine. */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
class AllocatedBytesTest {

    private static final int ROWS = 20_000;

    private static final String QUERY = """
            SELECT n AS id, n::bigint * 1000003 AS reference,
                round(n * 31 %% 1000000 / 100.0, 2)::numeric(12, 2) AS amount,
                timestamptz '2026-01-01Z' + n * interval '1 second' AS changed_at,
                date '2000-01-01' + n %% 9000 AS born_on,
                n %% 3 = 0 AS active, 'person-' || n AS name, md5(n::text)::uuid AS token
            FROM generate_series(1, %d) n
            """.formatted(ROWS);

    private static final List<String> COLUMNS =
            List.of("id", "reference", "amount", "changed_at", "born_on", "active", "name", "token");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void should_allocate_less_by_copy_than_by_a_cursor() throws Exception {
        DataSource database = TestPostgres.newDatabase();
        long fetched = bytesPerRow(database, Transport.CURSOR, COLUMNS);
        long copied = bytesPerRow(database, Transport.COPY, COLUMNS);
        long unread = bytesPerRow(database, Transport.COPY, List.of("id"));

        System.out.printf(
                "a row of %d columns: CURSOR %d, COPY %d, COPY with one column read %d bytes%n",
                COLUMNS.size(), fetched, copied, unread);
        assertThat(copied).isLessThan(700).isLessThan(fetched * 3 / 4);
        assertThat(unread).as("values are made where they are used").isLessThan(copied * 3 / 4);
    }

    /** Of the second reading: the first one loads classes. */
    private long bytesPerRow(DataSource database, Transport transport, List<String> used) throws Exception {
        read(database, transport, used);
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        read(database, transport, used);
        return (threads.getThreadAllocatedBytes(thread) - before) / ROWS;
    }

    private static void read(DataSource database, Transport transport, List<String> used) throws Exception {
        JdbcRecordSource<Row> source = JdbcRecordSource.builder(database, Row.class)
                .query(QUERY)
                .fetchSize(ROWS + 1) // else another thread reads, whose bytes are not counted
                .transport(transport)
                .build();
        Watermark<Row> watermark = Watermark.fullSnapshot();
        try (SourceSession<Row> session = source.open(Parameters.of(Map.of()));
                Stream<Row> rows =
                        session.read(new Window(watermark.beginning(), watermark.until(session, Clock.systemUTC())))) {
            assertThat(rows.filter(row -> {
                                used.forEach(row::value);
                                return true;
                            })
                            .count())
                    .isEqualTo(ROWS);
        }
    }
}
