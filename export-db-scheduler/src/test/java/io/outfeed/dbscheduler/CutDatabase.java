package io.outfeed.dbscheduler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A database that a node can be cut off from. */
final class CutDatabase {

    private final DataSource dataSource;
    private volatile boolean cut;

    CutDatabase(DataSource database) {
        dataSource = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (cut && method.getName().equals("getConnection")) {
                        throw new SQLException("the network is down", "08001");
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

    void cut() {
        cut = true;
    }

    boolean isCut() {
        return cut;
    }

    void restore() {
        cut = false;
    }
}
