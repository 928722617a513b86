package io.outfeed.jdbc.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailureTest {

    @ParameterizedTest(name = "{0}, {2}: {1}")
    @CsvSource({
        "08006, true, connection failure",
        "40001, true, serialization failure",
        "57P01, true, admin shutdown",
        "28P01, false, invalid password",
        "22012, false, division by zero",
        ", false, no SQLState",
    })
    void should_retry_what_may_pass(@Nullable String sqlState, boolean retryable, String meaning) {
        assertThat(SqlFailure.retryable(new SQLException("", sqlState)))
                .as(meaning)
                .isEqualTo(retryable);
    }
}
