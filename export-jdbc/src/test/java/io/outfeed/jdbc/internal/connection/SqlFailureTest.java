package io.outfeed.jdbc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailureTest {

    @ParameterizedTest(name = "{0} {1}, {2}: {3}")
    @CsvSource({
        "08006,    0, SOURCE_UNAVAILABLE,   connection failure",
        "40001,    0, SOURCE_UNAVAILABLE,   serialization failure",
        "57P01,    0, SOURCE_UNAVAILABLE,   admin shutdown",
        "53300,    0, SOURCE_UNAVAILABLE,   too many connections",
        "57014,    0, SOURCE_UNAVAILABLE,   statement_timeout of PostgreSQL",
        "25P03,    0, SOURCE_UNAVAILABLE,   idle session ended by PostgreSQL",
        "58030,    0, SOURCE_UNAVAILABLE,   I/O error of the server",
        "72000, 1555, SOURCE_UNAVAILABLE,   snapshot too old of Oracle",
        "HY000, 1205, SOURCE_UNAVAILABLE,   lock wait timeout of MySQL",
        "HY000, 3024, SOURCE_UNAVAILABLE,   max_execution_time of MySQL",
        "70100, 1969, SOURCE_UNAVAILABLE,   max_statement_time of MariaDB",
        "HY000, 1364, SOURCE_REFUSED,       another failure of MySQL with the general SQLState",
        "28P01,    0, SOURCE_ACCESS_DENIED, invalid password",
        "42501,    0, SOURCE_ACCESS_DENIED, insufficient privilege",
        "90096,90096, SOURCE_ACCESS_DENIED, not enough rights in H2",
        "42000, 1142, SOURCE_ACCESS_DENIED, a table that a user of MySQL may not read",
        "42000, 1064, SOURCE_REFUSED,       a syntax error in MySQL",
        "42P01,    0, SOURCE_REFUSED,       no such table",
        "22012,    0, SOURCE_REFUSED,       division by zero",
        "     , 1142, SOURCE_REFUSED,       no SQLState",
    })
    void should_tell_by_the_sql_state_what_can_help(
            @Nullable String sqlState, int vendorCode, FailureCode code, String meaning) {
        assertThat(SqlFailure.code(new SQLException("", sqlState, vendorCode)))
                .as(meaning)
                .isEqualTo(code);
    }

    @Test
    void should_not_log_in_at_growing_intervals_because_a_pool_calls_a_refused_login_transient() {
        assertThat(SqlFailure.code(new SQLTransientConnectionException("no connection available", "28P01")))
                .isEqualTo(FailureCode.SOURCE_ACCESS_DENIED);
        assertThat(SqlFailure.code(new SQLInvalidAuthorizationSpecException("no SQLState")))
                .isEqualTo(FailureCode.SOURCE_ACCESS_DENIED);
        assertThat(SqlFailure.code(new SQLTransientConnectionException("no connection available")))
                .isEqualTo(FailureCode.SOURCE_UNAVAILABLE);
    }

    @Test
    void should_try_again_to_connect_if_a_pool_gives_no_sql_state() {
        assertThat(SqlFailure.connecting("can't connect", new SQLException("no idle connection"))
                        .code())
                .isEqualTo(FailureCode.SOURCE_UNAVAILABLE);
        assertThat(SqlFailure.connecting("can't connect", new SQLException("wrong password", "28000"))
                        .code())
                .isEqualTo(FailureCode.SOURCE_ACCESS_DENIED);
    }
}
