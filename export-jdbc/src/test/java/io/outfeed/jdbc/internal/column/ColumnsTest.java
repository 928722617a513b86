package io.outfeed.jdbc.internal.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.jdbc.internal.connection.SourceDialect;
import java.lang.reflect.Proxy;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import org.junit.jupiter.api.Test;

/** What a driver can't read is a value of its own, and what it throws is that of the connection only. */
class ColumnsTest {

    /** Three whole numbers: the second is one that the driver does not take. */
    private static ResultSet rows(Exception failure) {
        return (ResultSet) Proxy.newProxyInstance(
                ColumnsTest.class.getClassLoader(), new Class<?>[] {ResultSet.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("getInt")) {
                        return false; // wasNull
                    }
                    if (arguments[0].equals(2)) {
                        throw failure;
                    }
                    return arguments[0];
                });
    }

    private static Columns columns() throws SQLException {
        ResultSetMetaData metaData = (ResultSetMetaData) Proxy.newProxyInstance(
                ColumnsTest.class.getClassLoader(),
                new Class<?>[] {ResultSetMetaData.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getColumnCount" -> 3;
                    case "getColumnLabel" -> "c" + arguments[0];
                    case "getColumnTypeName" -> "INT";
                    case "getColumnType" -> Types.INTEGER;
                    case "isSigned" -> true;
                    default -> throw new AssertionError(method);
                });
        return Columns.of(metaData, SourceDialect.OTHER, null);
    }

    @Test
    void should_keep_the_place_of_a_value_that_the_driver_can_not_read() throws Exception {
        OddValue unreadable =
                new OddValue("has a value that the driver can't read as a whole number: correct the record,"
                        + " or make the column text in the query");

        assertThat(columns().read(rows(new SQLException("4711", "22003")), e -> false))
                .containsExactly(1, unreadable, 3);
        assertThat(columns().read(rows(new DateTimeException("4711")), e -> false))
                .containsExactly(1, unreadable, 3);
    }

    @Test
    void should_pass_on_that_the_connection_is_broken() throws Exception {
        SQLException broken = new SQLException("gone", "08006");
        Columns columns = columns();

        assertThatThrownBy(() -> columns.read(rows(broken), e -> true)).isSameAs(broken);
    }

    @Test
    void should_find_columns_by_name_in_any_order_and_by_any_string() throws SQLException {
        Columns columns = columns();
        for (int round = 0; round < 3; round++) {
            assertThat(columns.index("c1", 0)).isZero();
            assertThat(columns.index("c3", 1)).isEqualTo(2);
            assertThat(columns.index("c2", 3)).isEqualTo(1);
            assertThat(columns.index("C2", 1)).isEqualTo(1);
            assertThat(columns.index(new String("c1"), 2)).isZero();
        }

        assertThatThrownBy(() -> columns.index("c4", 2))
                .isInstanceOf(ColumnMismatchException.class)
                .hasMessage("there is no column 'c4': the query has [c1, c2, c3]");
    }
}
