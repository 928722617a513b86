package io.outfeed.examples.leak;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A driver that fails when a method is called, and says in each part of its exception what it was about. */
final class Driver {

    /** Decides at each call of the driver. */
    @FunctionalInterface
    interface Failures {

        /** Returns what to throw, or null. */
        @Nullable
        Throwable at(Class<?> type, String method);
    }

    private Driver() {}

    static DataSource failing(DataSource database, Failures failures) {
        return proxy(DataSource.class, database, failures);
    }

    /** The cause, what is suppressed and the next exception quote values too. */
    static SQLException exception(@Nullable String state) {
        SQLException exception = new SQLException(
                "(" + Canary.all() + ") at jdbc:db://host/crm?password=" + Canary.DATABASE_PASSWORD.text,
                state,
                7,
                new IOException(Canary.all()));
        exception.addSuppressed(new IllegalStateException(Canary.all()));
        exception.setNextException(new SQLException(Canary.all()));
        return exception;
    }

    /** Calls a target, unless a call is to fail. */
    static <T> T proxy(Class<T> type, T target, Failures failures) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    Throwable failure = failures.at(type, method.getName());
                    if (failure != null) {
                        throw failure;
                    }
                    try {
                        return wrapped(method.invoke(target, given), failures);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static @Nullable Object wrapped(@Nullable Object result, Failures failures) {
        if (result instanceof Connection connection) {
            return proxy(Connection.class, connection, failures);
        } else if (result instanceof PreparedStatement statement) {
            return proxy(PreparedStatement.class, statement, failures);
        } else if (result instanceof ResultSet rows) {
            return proxy(ResultSet.class, rows, failures);
        }
        return result;
    }
}
