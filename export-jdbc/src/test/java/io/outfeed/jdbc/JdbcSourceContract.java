package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.SourceException;
import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.testing.contract.RecordSourceContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the engine relies on, for a database with this table. */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
abstract class JdbcSourceContract extends RecordSourceContract<JdbcSourceContract.Visit> {

    record Visit(long visitId, String note, Instant updatedAt) {}

    private static final String WINDOW = " WHERE tenant = :tenant AND updated_at >= :from AND updated_at < :until";

    private @Nullable DataSource database;
    private @Nullable Connection writer;

    /** Makes a database with a table {@code visits (visit_id, tenant, note, updated_at)}. */
    abstract DataSource newDatabase() throws SQLException;

    /** How its rows are read. */
    JdbcRecordSource.Transport transport() {
        return JdbcRecordSource.Transport.AUTO;
    }

    /** A time as the driver takes it. */
    abstract Object timestamp(Instant instant);

    @Override
    protected RecordSource<Visit> source() throws SQLException {
        return source("SELECT count(*) FROM visits" + WINDOW);
    }

    private RecordSource<Visit> source(String countQuery) throws SQLException {
        DataSource made = newDatabase();
        database = made;
        return JdbcRecordSource.builder(made, Visit.class)
                .query("""
                        SELECT * FROM visits -- of one :tenant
                        WHERE tenant = :tenant AND updated_at >= :from AND updated_at < :until
                        """)
                .countQuery(countQuery)
                .findByKey("SELECT * FROM visits WHERE visit_id IN (:keys) AND tenant = :tenant", Long::valueOf)
                .fetchSize(100)
                .transport(transport())
                .build();
    }

    @Test
    void should_count_what_is_read_in_the_same_snapshot() throws Exception {
        RecordSource<Visit> source = source();
        for (int number = 99; number <= 102; number++) {
            write(parameters(), Integer.toString(number), position(number));
            write(otherParameters().orElseThrow(), Integer.toString(1000 + number), position(number));
        }
        try (SourceSession<Visit> session = source.open(parameters())) {
            Window window = new Window(position(100), position(102));

            OptionalLong expected = session.expectedRecords(window);
            write(parameters(), "1", position(101));

            assertThat(expected).hasValue(2);
            try (Stream<Visit> records = session.read(window)) {
                assertThat(records.map(this::key)).containsExactlyInAnyOrder("100", "101");
            }
        }
    }

    @Test
    void should_read_although_counting_has_failed() throws Exception {
        RecordSource<Visit> source = source("SELECT count(*) FROM no_visits" + WINDOW);
        write(parameters(), "100", position(100));
        try (SourceSession<Visit> session = source.open(parameters())) {
            Window window = new Window(position(100), position(102));

            assertThatThrownBy(() -> session.expectedRecords(window))
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("countQuery failed: ");

            try (Stream<Visit> records = session.read(window)) {
                assertThat(records.map(this::key)).containsExactly("100");
            }
        }
    }

    /** One for all records of a test: PostgreSQL starts a process for each connection. */
    private Connection writer() throws SQLException {
        Connection open = writer == null ? requireNonNull(database).getConnection() : writer;
        writer = open;
        return open;
    }

    @AfterEach
    void closeWriter() throws SQLException {
        if (writer != null) {
            writer.close();
        }
    }

    @Override
    protected void write(Parameters parameters, String key, Position position) throws SQLException {
        try (PreparedStatement insert = writer().prepareStatement("INSERT INTO visits VALUES (?, ?, ?, ?)")) {
            insert.setLong(1, Long.parseLong(key));
            insert.setString(2, parameters.get("tenant"));
            insert.setString(3, "note");
            insert.setObject(4, timestamp(position.toInstant()));
            insert.executeUpdate();
        }
    }

    @Override
    protected String key(Visit record) {
        return Long.toString(record.visitId());
    }

    @Override
    protected Parameters parameters() {
        return Parameters.of(Map.of("tenant", "lakeside"));
    }

    @Override
    protected Optional<Parameters> otherParameters() {
        return Optional.of(Parameters.of(Map.of("tenant", "hillcrest")));
    }
}
