package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes share a database, and one of them renames a job. */
class JobRenameTest {

    private final DataSource database = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");

    @TempDir
    private Path directory;

    private record Row(long id, Instant updatedAt) {}

    private ExportEngine engine(JdbcStore store) {
        return ExportEngine.builder().directory(directory).store(store).build();
    }

    private ExportJob job(String name) {
        ExportDefinition<Row> rows = ExportDefinition.builder("rows", Row.class)
                .source(ListSource.create(Row::id, Row::updatedAt).put(new Row(1, Instant.EPOCH)))
                .recordKey(Row::id)
                .watermark(Watermark.timestamp(Row::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Row::id))
                .file(f -> f.name("{job}-{sequence}.csv"))
                .build();
        return ExportJob.builder(name, rows).deliverTo(lakeside).build();
    }

    @Test
    void should_continue_on_both_nodes_under_the_new_name_only() {
        try (JdbcStore store = JdbcStore.builder(database).migrate().build();
                JdbcStore otherStore = JdbcStore.builder(database).build();
                ExportEngine engine = engine(store);
                ExportEngine other = engine(otherStore)) {
            engine.add(job("old")).runNow();
            JobHandle old = other.add(job("old"));

            engine.rename("old", job("new"));

            assertThatThrownBy(old::runNow).isInstanceOf(NoSuchJobException.class);
            assertThatThrownBy(() -> other.add(job("old"))).isInstanceOf(InvalidDefinitionException.class);
            assertThat(other.rename("old", job("new")).runNow().rows()).isZero();
            assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).containsExactly("old-1.csv", "new-2.csv");
            other.remove("old", History.PURGE);
            assertThat(engine.add(job("old")).position("rows")).isEmpty();
        }
    }
}
