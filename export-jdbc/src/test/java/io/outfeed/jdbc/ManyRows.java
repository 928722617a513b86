package io.outfeed.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.util.Locale;
import javax.sql.DataSource;

/** A process of its own that exports generated rows of a PostgreSQL server to a file, in a small heap. */
final class ManyRows {

    record Gift(long giftId, String fund, java.math.BigDecimal amount, java.time.Instant givenAt, boolean anonymous) {}

    private ManyRows() {}

    /** @param arguments the server's address, the number of rows, and the engine's directory */
    public static void main(String... arguments) throws Exception {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(arguments[0]);
        pool.setUsername("postgres");
        pool.setMaximumPoolSize(1);
        try (HikariDataSource database = new HikariDataSource(pool)) {
            export(database, arguments);
        }
    }

    private static void export(DataSource database, String... arguments) {
        long rows = Long.parseLong(arguments[1]);
        ExportDefinition<Gift> definition = ExportDefinition.builder("gifts", Gift.class)
                .source(JdbcRecordSource.builder(database, Gift.class)
                        .query("""
                                SELECT n AS gift_id, 'Boat house, old ' || n % 97 AS fund, n / 100.0 AS amount,
                                    timestamptz '2020-01-01Z' + n * interval '1 second' AS given_at,
                                    n % 7 = 0 AS anonymous
                                FROM generate_series(1, :rows) n
                                """)
                        .parameter("rows", Long::valueOf)
                        .build())
                .recordKey(Gift::giftId)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("gift_id", Gift::giftId)
                        .field("fund", Gift::fund)
                        .field("amount", Gift::amount)
                        .field("given_at", Gift::givenAt)
                        .field("anonymous", Gift::anonymous))
                .file(f -> f.name("gifts-{sequence}.csv"))
                .build();
        try (ExportEngine engine =
                ExportEngine.builder().directory(Path.of(arguments[2])).build()) {
            long start = System.nanoTime();
            ExportRun run = engine.add(ExportJob.builder("gifts", definition)
                            .parameter("rows", arguments[1])
                            .build())
                    .runNow();
            double seconds = (System.nanoTime() - start) / 1e9;
            StagedFile file = run.files().get(0);
            System.out.printf(
                    Locale.ROOT,
                    "%d rows, %d bytes, %.1f seconds, %.0f rows a second, in a heap of at most %d MiB%n",
                    file.rows(),
                    file.bytes(),
                    seconds,
                    file.rows() / seconds,
                    Runtime.getRuntime().maxMemory() >> 20);
            if (file.rows() != rows) {
                throw new IllegalStateException(file.rows() + " rows instead of " + rows);
            }
        }
    }
}
