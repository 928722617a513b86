package io.outfeed.jdbc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import java.sql.SQLException;
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
    void should_try_again_to_connect_if_a_pool_gives_no_sql_state() {
        assertThat(SqlFailure.connecting("can't connect", new SQLException("no idle connection"))
                        .code())
                .isEqualTo(FailureCode.SOURCE_UNAVAILABLE);
        assertThat(SqlFailure.connecting("can't connect", new SQLException("wrong password", "28000"))
                        .code())
                .isEqualTo(FailureCode.SOURCE_ACCESS_DENIED);
    }
}
