package io.outfeed.benchmarks;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.List;
import javax.sql.DataSource;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.JobExecution;
import org.springframework.batch.core.JobParameters;
import org.springframework.batch.core.Step;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.launch.support.TaskExecutorJobLauncher;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.item.database.JdbcCursorItemReader;
import org.springframework.batch.item.database.builder.JdbcCursorItemReaderBuilder;
import org.springframework.batch.item.file.FlatFileItemWriter;
import org.springframework.batch.item.file.builder.FlatFileItemWriterBuilder;
import org.springframework.batch.support.transaction.ResourcelessTransactionManager;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.RowMapper;

/**
 * Spring Batch as its guide has it: a step of chunks that reads by a cursor and writes a flat file, without a database
 * for its own state. Its own aggregators quote nothing, so commons-csv makes the lines.
 */
final class SpringBatchExport {

    private static final int CHUNK = 1_000;

    private SpringBatchExport() {}

    /** Makes an array of the values of a row. */
    @FunctionalInterface
    interface Values {
        @Nullable
        Object[] of(ResultSet row) throws java.sql.SQLException;
    }

    static void write(DataSource database, String query, List<String> columns, Values values, Path file)
            throws Exception {
        RowMapper<@Nullable Object[]> mapper = (row, number) -> values.of(row);
        JdbcCursorItemReader<@Nullable Object[]> reader = new JdbcCursorItemReaderBuilder<@Nullable Object[]>()
                .name("records")
                .dataSource(database)
                .connectionAutoCommit(false) // else the driver of PostgreSQL fetches all rows at once
                .fetchSize(CHUNK)
                .sql(query)
                .rowMapper(mapper)
                .saveState(false)
                .build();
        CSVFormat csv = CSVFormat.RFC4180;
        FlatFileItemWriter<@Nullable Object[]> writer = new FlatFileItemWriterBuilder<@Nullable Object[]>()
                .name("file")
                .resource(new FileSystemResource(file))
                .encoding("UTF-8")
                .lineSeparator("\r\n")
                .transactional(false)
                .saveState(false)
                .headerCallback(header -> header.write(csv.format(columns.toArray())))
                .lineAggregator(csv::format)
                .build();
        JobRepository repository = new ResourcelessJobRepository();
        Step step = new StepBuilder("export", repository)
                .<@Nullable Object[], @Nullable Object[]>chunk(CHUNK, new ResourcelessTransactionManager())
                .reader(reader)
                .writer(writer)
                .build();
        TaskExecutorJobLauncher launcher = new TaskExecutorJobLauncher();
        launcher.setJobRepository(repository);
        launcher.afterPropertiesSet();
        JobExecution execution =
                launcher.run(new JobBuilder("export", repository).start(step).build(), new JobParameters());
        if (execution.getStatus() != BatchStatus.COMPLETED) {
            throw new IllegalStateException(execution.toString());
        }
    }
}
