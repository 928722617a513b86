package io.outfeed.jdbc.internal.connection;

import io.outfeed.source.ConnectionPool;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The data source of the host as what sources share. Equal for sources of the same data source. */
public record DataSourcePool(DataSource dataSource) implements ConnectionPool {

    @Override
    public AutoCloseable take() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw SqlFailure.connecting("no connection", e);
        }
    }

    /** The class of the data source: its own text may have the address of the database. */
    @Override
    public String toString() {
        return dataSource.getClass().getSimpleName();
    }
}
