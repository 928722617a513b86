package io.outfeed.jdbc.internal.connection;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the driver.
 *
 * @param <R> the result
 */
@FunctionalInterface
public interface SqlCall<R extends @Nullable Object> {

    R call() throws SQLException;
}
