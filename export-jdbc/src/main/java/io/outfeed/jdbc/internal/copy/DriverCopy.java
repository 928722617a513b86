package io.outfeed.jdbc.internal.copy;

import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.column.RowReader;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;

/** COPY as PostgreSQL's driver has it: the only class, with {@link CopyReader}, that needs it. */
final class DriverCopy {

    private final PGConnection driver;

    private DriverCopy(PGConnection driver) {
        this.driver = driver;
    }

    /** @throws CopyUnavailableException if the connection is none of this driver */
    static DriverCopy of(SourceConnection connection) throws CopyUnavailableException {
        Optional<PGConnection> driver;
        try {
            driver = connection.unwrap(PGConnection.class);
        } catch (SQLException e) {
            throw new CopyUnavailableException("the pool does not give the connection of the driver");
        }
        if (driver.isEmpty()) {
            throw new CopyUnavailableException(
                    "the connection is not one of the driver org.postgresql, or the pool does" + " not give it");
        }
        if (!"UTF8".equals(driver.get().getParameterStatus("client_encoding"))) {
            throw new CopyUnavailableException("the encoding of the connection is not UTF-8");
        }
        return new DriverCopy(driver.get());
    }

    /** Whether the driver writes parameters into the text of a statement. */
    boolean isSimpleMode() {
        return driver.getPreferQueryMode() == PreferQueryMode.SIMPLE;
    }

    /** Starts to read, and waits for the first row. */
    RowReader open(SourceConnection connection, String sql, Columns columns) throws SQLException {
        CopyReader reader = new CopyReader(
                connection,
                driver,
                connection.call(driver::cancelQuery, () -> driver.getCopyAPI().copyOut(sql)),
                columns);
        reader.readAhead();
        return reader;
    }
}
