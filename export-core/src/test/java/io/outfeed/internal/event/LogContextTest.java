package io.outfeed.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.MisfireEvent.Outcome;
import io.outfeed.event.RunEvent;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.JobPause;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {

    private static final ExportRun RUN =
            RunBuilder.planned(41, "visits", Trigger.MANUAL, Instant.EPOCH).build();

    @AfterEach
    void clear() {
        MDC.clear();
    }

    private static Map<String, String> now() {
        return Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of());
    }

    @Test
    void should_name_job_and_run_while_it_lasts() {
        Map<String, String> inside = LogContext.of(RUN).call(LogContextTest::now);

        assertThat(inside).isEqualTo(Map.of("outfeed.job", "visits", "outfeed.run", "41"));
        assertThat(now()).isEmpty();
    }

    @Test
    void should_leave_what_is_the_hosts_and_put_back_what_was_there() {
        MDC.put("request", "4711");
        LogContext.of("nightly").run(() -> {
            assertThat(LogContext.of(new RunEvent(RunEvent.Kind.PLANNED, RUN)).call(LogContextTest::now))
                    .isEqualTo(Map.of("request", "4711", "outfeed.job", "visits", "outfeed.run", "41"));
            assertThat(now()).isEqualTo(Map.of("request", "4711", "outfeed.job", "nightly"));
        });

        assertThat(now()).isEqualTo(Map.of("request", "4711"));
    }

    @Test
    void should_put_back_what_was_there_after_a_failure() {
        assertThatThrownBy(() -> LogContext.of(RUN).run(() -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");

        assertThat(now()).isEmpty();
    }

    @Test
    void should_name_job_and_run_of_each_kind_of_event() {
        FileDelivery delivery = FileDelivery.pending("lakeside", "visits.csv");
        JobPause pause = new JobPause(JobPause.By.OPERATOR, "test", Instant.EPOCH);

        assertThat(List.of(
                        new RunEvent(RunEvent.Kind.FAILED, RUN),
                        new DeliveredFilesEvent(Kind.DELIVERED, RUN, "lakeside", List.of(delivery)),
                        new DeliveryOverdueEvent("visits", Instant.EPOCH, Optional.empty()),
                        new JobPausedEvent("visits", pause),
                        new MisfireEvent("visits", Instant.EPOCH, Instant.EPOCH, 1, Outcome.COVERED),
                        new DestinationEvent("lakeside", List.of("visits"), Optional.empty())))
                .extracting(event -> LogContext.of(event).call(LogContextTest::now))
                .containsExactly(
                        Map.of("outfeed.job", "visits", "outfeed.run", "41"),
                        Map.of("outfeed.job", "visits", "outfeed.run", "41"),
                        Map.of("outfeed.job", "visits"),
                        Map.of("outfeed.job", "visits"),
                        Map.of("outfeed.job", "visits"),
                        Map.of());
    }
}
