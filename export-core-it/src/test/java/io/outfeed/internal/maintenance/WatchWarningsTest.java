package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.error.FailureCode;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The watch looks every ten minutes, files are deleted each hour until that succeeds, and both warn of a change, and
 * once a day of what stays as it is.
 */
class WatchWarningsTest {

    private static final int LOOKS_A_DAY = 144;
    private static final int HOURS_A_DAY = 24;

    @RegisterExtension
    private final LoggedEvents logged = LoggedEvents.from(Level.INFO);

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");

    @BeforeEach
    void deliver() {
        sandbox.add(ExportJob.builder(
                                "visits", Visit.export(Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"))))
                        .deliverTo(lakeside)
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .build())
                .runNow();
        logged.clear();
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private void fail(Operation operation, FailureCode code, int times) {
        IntStream.range(0, times).forEach(i -> lakeside.failNext(operation, code));
    }

    private List<String> messages() {
        return logged.list().stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .map(message -> message.replaceFirst(":.*", ""))
                .toList();
    }

    @Test
    void should_warn_once_a_day_of_a_destination_that_can_not_be_inspected() {
        fail(Operation.INSPECT, FailureCode.DESTINATION_UNAVAILABLE, LOOKS_A_DAY + 5);

        sandbox.advance(Duration.ofHours(24));
        assertThat(messages())
                .containsExactly("WARN Delivered files can't be inspected at delivery 'lakeside', nothing is copied"
                        + " until they can");

        sandbox.advance(Duration.ofHours(2));
        assertThat(messages())
                .containsExactly(
                        "WARN Delivered files can't be inspected at delivery 'lakeside', nothing is copied until they"
                                + " can",
                        "WARN Delivered files can't be inspected at delivery 'lakeside', nothing is copied until they"
                                + " can",
                        "INFO Delivered files can be inspected at delivery 'lakeside' again");
    }

    @Test
    void should_warn_once_a_day_of_a_destination_that_deletes_nothing() {
        InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
        sandbox.add(ExportJob.builder("old", Visit.export(Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"))))
                        .deliverTo(riverside)
                        .retention(Duration.ofDays(1))
                        .build())
                .runNow();
        logged.clear();
        IntStream.range(0, HOURS_A_DAY + 5)
                .forEach(i -> riverside.failNext(Operation.DELETE, FailureCode.DESTINATION_UNAVAILABLE));
        String warning =
                "WARN visits-1.csv could not be deleted at delivery 'riverside' after its retention, it is tried"
                        + " each hour";

        sandbox.advance(Duration.ofDays(1).plusHours(HOURS_A_DAY - 1));
        assertThat(messages()).containsExactly(warning);

        sandbox.advance(Duration.ofHours(8));
        assertThat(messages())
                .containsExactly(
                        warning,
                        warning,
                        "INFO Files are deleted at delivery 'riverside' again",
                        "INFO visits-1.csv at delivery 'riverside'");
    }

    @Test
    void should_warn_again_of_another_failure() {
        fail(Operation.INSPECT, FailureCode.DESTINATION_UNAVAILABLE, 2);
        fail(Operation.INSPECT, FailureCode.LOGIN_REFUSED, 2);

        sandbox.advance(Duration.ofMinutes(40));

        assertThat(messages()).hasSize(2).allMatch(message -> message.startsWith("WARN Delivered files can't be"));
    }

    @Test
    void should_have_one_stack_trace_a_day_of_a_file_that_can_not_be_copied_again() {
        lakeside.takeAll();
        fail(Operation.PREPARE, FailureCode.DESTINATION_FULL, LOOKS_A_DAY * 2);

        sandbox.advance(Duration.ofHours(26));

        assertThat(logged.list().stream()
                        .filter(event -> event.getThrowableProxy() != null)
                        .map(ILoggingEvent::getLevel))
                .containsExactly(Level.WARN, Level.WARN);
    }
}
