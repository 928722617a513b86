package io.outfeed.jdbc.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A database whose connections break: some before a commit, some after it, when only the answer is lost. A statement
 * outside of a transaction commits itself.
 */
final class ForgetfulDatabase {

    private static final String BROKEN = "08006";

    private ForgetfulDatabase() {}

    /** Of the commits every seventh is lost before it is made, and every tenth has no answer. */
    static DataSource of(DataSource database) {
        AtomicInteger commits = new AtomicInteger();
        return proxy(DataSource.class, database, (method, call) -> {
            Object result = call.make();
            return method.equals("getConnection") ? breaking((Connection) result, commits) : result;
        });
    }

    private static Connection breaking(Connection connection, AtomicInteger commits) {
        return proxy(Connection.class, connection, (method, call) -> {
            if (method.equals("commit")) {
                return breaking(call, commits);
            }
            Object result = call.make();
            return method.equals("prepareStatement") && connection.getAutoCommit()
                    ? breaking((PreparedStatement) result, commits)
                    : result;
        });
    }

    private static PreparedStatement breaking(PreparedStatement statement, AtomicInteger commits) {
        return proxy(
                PreparedStatement.class,
                statement,
                (method, call) -> method.equals("executeUpdate") ? breaking(call, commits) : call.make());
    }

    private static Object breaking(Call commit, AtomicInteger commits) throws Throwable {
        int number = commits.incrementAndGet();
        if (number % 7 == 0) {
            throw new SQLException("broken before the commit", BROKEN);
        }
        Object result = commit.make();
        if (number % 10 == 0) {
            throw new SQLException("broken after the commit", BROKEN);
        }
        return result;
    }

    private interface Call {

        Object make() throws Throwable;
    }

    private interface Behaviour {

        Object of(String method, Call call) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T target, Behaviour behaviour) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> behaviour.of(method.getName(), () -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }
}
