package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.source.Parameters;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.contract.RecordSourceContract;
import io.outfeed.watermark.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the engine relies on, for a database with this table. */
abstract class JdbcSourceContract extends RecordSourceContract<JdbcSourceContract.Visit> {

    record Visit(long visitId, String note, Instant updatedAt) {}

    private @Nullable DataSource database;

    /** Makes a database with a table {@code visits (visit_id, tenant, note, updated_at)}. */
    abstract DataSource newDatabase() throws SQLException;

    /** A time as the driver takes it. */
    abstract Object timestamp(Instant instant);

    @Override
    protected RecordSource<Visit> source() throws SQLException {
        DataSource made = newDatabase();
        database = made;
        return JdbcRecordSource.builder(made, Visit.class)
                .query("""
                        SELECT * FROM visits -- of one :tenant
                        WHERE tenant = :tenant AND updated_at >= :from AND updated_at < :until
                        """)
                .findByKey("SELECT * FROM visits WHERE visit_id IN (:keys) AND tenant = :tenant", Long::valueOf)
                .fetchSize(100)
                .build();
    }

    @Override
    protected void write(Parameters parameters, String key, Position position) throws SQLException {
        try (Connection connection = requireNonNull(database).getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO visits VALUES (?, ?, ?, ?)")) {
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
