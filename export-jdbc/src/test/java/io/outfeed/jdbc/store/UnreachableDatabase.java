package io.outfeed.jdbc.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database as one node sees it: the test keeps it away, or does something else before the node reaches it. */
final class UnreachableDatabase {

    /** What happens meanwhile. */
    interface Meanwhile {

        void happens() throws SQLException;
    }

    private final DataSource dataSource;
    private @Nullable Meanwhile meanwhile;
    private int connectionsBefore;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean away;

    UnreachableDatabase(DataSource database) {
        dataSource = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        reach();
                    }
                    try {
                        return method.invoke(database, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    DataSource dataSource() {
        return dataSource;
    }

    /** Keeps the database away, or lets it be reached again. */
    void away(boolean isAway) {
        away = isAway;
    }

    /** Lets something happen once, before a connection is taken: the first one from now is number 1. */
    synchronized void beforeConnection(int number, Meanwhile what) {
        connectionsBefore = number;
        meanwhile = what;
    }

    /** Tells whether it has happened. */
    synchronized boolean wasReached() {
        boolean reached = meanwhile == null;
        meanwhile = null;
        return reached;
    }

    /** How many connections were taken. */
    int connections() {
        return connections.get();
    }

    private void reach() throws SQLException {
        connections.incrementAndGet();
        Optional<Meanwhile> due = takeDue();
        if (due.isPresent()) {
            due.get().happens();
        }
        if (away) {
            throw new SQLException("the network is down", "08001");
        }
    }

    private synchronized Optional<Meanwhile> takeDue() {
        if (meanwhile == null || --connectionsBefore > 0) {
            return Optional.empty();
        }
        Meanwhile due = meanwhile;
        meanwhile = null;
        return Optional.of(due);
    }
}
