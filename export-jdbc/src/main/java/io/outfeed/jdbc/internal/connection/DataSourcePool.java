package io.outfeed.jdbc.internal.connection;

import io.outfeed.source.ConnectionPool;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The data source of the host as what sources share: equal for the same object. Immutable. */
public final class DataSourcePool implements ConnectionPool {

    private final DataSource dataSource;

    public DataSourcePool(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public AutoCloseable take() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw SqlFailure.connecting("no connection", e);
        }
    }

    /** By identity: a data source of the host may compare, or hash, as it likes. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
        return other instanceof DataSourcePool pool && pool.dataSource == dataSource;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(dataSource);
    }

    /** The class of the data source: its own text may have the address of the database. */
    @Override
    public String toString() {
        return dataSource.getClass().getSimpleName();
    }
}
