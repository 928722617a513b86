package io.outfeed.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FailureOriginTest {

    private static final StackTraceElement JDK = new StackTraceElement("java.util.Objects", "check", "Objects.java", 7);
    private static final StackTraceElement DRIVER =
            new StackTraceElement("org.example.Driver", "query", "Driver.java", 99);
    private static final StackTraceElement HOST =
            new StackTraceElement("com.example.crm.Visits", "read", "Visits.java", 12);
    private static final StackTraceElement OURS =
            new StackTraceElement("io.outfeed.internal.reading.RecordReader", "next", "RecordReader.java", 41);
    private static final StackTraceElement FACTORY =
            new StackTraceElement("io.outfeed.error.SourceException", "of", "SourceException.java", 9);
    private static final StackTraceElement CALLER =
            new StackTraceElement("com.example.crm.Page", "runNow", "Page.java", 3);

    private static <T extends Throwable> T thrownAt(T failure, StackTraceElement... frames) {
        failure.setStackTrace(frames);
        return failure;
    }

    @Test
    void should_name_the_causes_their_sql_states_and_the_place_in_the_code_that_was_called() {
        Exception refused = thrownAt(new ConnectException("secret"), JDK, DRIVER, HOST, JDK, OURS, CALLER);
        SQLException database = new SQLException("secret", "08006", 17, refused);

        assertThat(FailureOrigin.of(SourceException.retryable("can't read the source", database)))
                .contains("SQLException (SQLState 08006, vendor code 17) caused by ConnectException,"
                        + " at org.example.Driver.query(Driver.java:99)"
                        + " in com.example.crm.Visits.read(Visits.java:12)");
    }

    @Test
    void should_begin_with_a_failure_that_is_not_of_this_library() {
        Exception failure = thrownAt(new IllegalStateException("secret"), JDK, HOST);

        assertThat(FailureOrigin.of(failure))
                .contains("IllegalStateException, at com.example.crm.Visits.read(Visits.java:12)");
    }

    @Test
    void should_not_take_the_caller_of_this_library_for_the_place() {
        Exception failure = thrownAt(new IllegalStateException("secret"), JDK, OURS, CALLER);

        assertThat(FailureOrigin.of(failure))
                .contains("IllegalStateException, at io.outfeed.internal.reading.RecordReader.next"
                        + "(RecordReader.java:41)");
    }

    @Test
    void should_name_the_first_frame_if_all_are_of_the_jdk() {
        Exception failure = thrownAt(new IllegalStateException("secret"), JDK, JDK);

        assertThat(FailureOrigin.of(failure))
                .contains("IllegalStateException, at java.util.Objects.check(Objects.java:7)");
    }

    @Test
    void should_name_the_first_frame_of_a_thread_of_the_host() {
        Exception failure = thrownAt(new IllegalStateException("secret"), JDK, DRIVER, HOST);

        assertThat(FailureOrigin.of(failure))
                .contains("IllegalStateException, at org.example.Driver.query(Driver.java:99)");
    }

    @Test
    void should_take_the_place_of_the_last_cause_that_has_one() {
        Exception root = thrownAt(new IOException("secret"));
        Exception failure = thrownAt(new UncheckedIOException((IOException) root), HOST);

        assertThat(FailureOrigin.of(failure))
                .contains("UncheckedIOException caused by IOException, at com.example.crm.Visits.read(Visits.java:12)");
    }

    @Test
    void should_name_what_a_server_answered() {
        assertThat(FailureOrigin.of(thrownAt(
                        DeliveryException.answered(
                                FailureCode.DESTINATION_REFUSED, "office", "550 5.1.1", "refused", null),
                        FACTORY,
                        OURS,
                        CALLER)))
                .contains("DeliveryException (status 550 5.1.1), at io.outfeed.internal.reading.RecordReader.next"
                        + "(RecordReader.java:41)");
    }

    @Test
    void should_be_empty_for_a_failure_whose_message_says_all() {
        assertThat(FailureOrigin.of(SourceException.permanent("outside of the window", null)))
                .isEmpty();
        assertThat(FailureOrigin.of(DeliveryException.retryable("office", "interrupted", null)))
                .isEmpty();
    }

    @Test
    void should_leave_out_a_state_or_status_that_is_a_text() {
        assertThat(FailureOrigin.of(thrownAt(new SQLException("secret", "Jane Doe", 3), HOST)))
                .contains("SQLException (vendor code 3), at com.example.crm.Visits.read(Visits.java:12)");
        assertThat(FailureOrigin.of(DeliveryException.answered(
                        FailureCode.DESTINATION_REFUSED, "office", "550 <jane@x.example> unknown", "refused", null)))
                .isEmpty();
    }

    @Test
    void should_know_the_type_and_the_sql_state_of_a_redacted_cause() {
        SQLException original = thrownAt(new BatchUpdateException("secret", "22001", 5, new int[0]), HOST);
        Exception failure =
                SourceException.retryable("the source failed", Redacted.of(new RuntimeException("secret", original)));

        assertThat(FailureOrigin.of(failure))
                .contains("RuntimeException caused by BatchUpdateException (SQLState 22001, vendor code 5),"
                        + " at com.example.crm.Visits.read(Visits.java:12)");
    }

    @Test
    void should_name_five_types_of_a_deep_chain_and_the_one_that_began_it() {
        Throwable failure = thrownAt(new ConnectException("secret"), HOST);
        for (int depth = 0; depth < 20; depth++) {
            failure = new IllegalStateException("secret " + depth, failure);
        }

        assertThat(FailureOrigin.of(failure))
                .contains("IllegalStateException caused by IllegalStateException caused by IllegalStateException"
                        + " caused by IllegalStateException caused by ConnectException,"
                        + " at com.example.crm.Visits.read(Visits.java:12)");
    }

    @Test
    void should_end_with_causes_that_go_round_in_a_circle() {
        Exception first = new Exception("secret");
        Exception second = thrownAt(new IOException("secret", first), HOST);
        first.initCause(second);

        assertThat(FailureOrigin.of(first))
                .contains("Exception caused by IOException, at com.example.crm.Visits.read(Visits.java:12)");
    }

    @Test
    void should_not_be_longer_than_five_hundred_characters() {
        Exception failure = thrownAt(
                new IllegalStateException("secret"),
                new StackTraceElement("com.example." + "Long".repeat(200), "read", "Visits.java", 1));

        assertThat(FailureOrigin.of(failure).orElseThrow()).hasSize(500).endsWith("…");
    }

    @Test
    void should_bear_an_exception_whose_methods_fail() {
        RuntimeException hostile = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("secret");
            }
        };

        assertThat(FailureOrigin.of(hostile)).contains("FailureOriginTest$1");
    }

    @Test
    void should_end_with_an_exception_that_makes_a_new_cause_each_time() {
        assertThat(FailureOrigin.of(new Endless()).orElseThrow()).startsWith("FailureOriginTest$Endless caused by ");
    }

    private static final class Endless extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }
    }
}
