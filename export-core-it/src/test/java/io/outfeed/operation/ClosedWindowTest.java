package io.outfeed.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.WatchRecord;
import io.outfeed.run.file.WatchState;
import io.outfeed.source.Position;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked for, or due, while the delivery window of a job is closed. */
class ClosedWindowTest {

    private static final Instant OPEN = Instant.parse("2026-03-02T07:00:00Z");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(OPEN);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** A request that sends files. */
    enum Request {
        REDELIVERY(Trigger.REDELIVERY) {
            @Override
            ExportRun send(ExportSandbox sandbox) {
                return sandbox.engine().run(1).redeliver(Redelivery.toAll().ifExists(Redelivery.Existing.KEEP_BOTH));
            }
        },
        RE_EXPORT(Trigger.RE_EXPORT) {
            @Override
            ExportRun send(ExportSandbox sandbox) {
                return sandbox.engine().run(1).reExport();
            }
        },
        BACKFILL(Trigger.BACKFILL) {
            @Override
            ExportRun send(ExportSandbox sandbox) {
                return sandbox.engine().job("visits").backfill("visits", Position.of(Instant.EPOCH), Position.of(OPEN));
            }
        },
        TEST(Trigger.TEST) {
            @Override
            ExportRun send(ExportSandbox sandbox) {
                return sandbox.engine().job("visits").sendTestRecord("visits", "1");
            }
        };

        private final Trigger trigger;

        Request(Trigger trigger) {
            this.trigger = trigger;
        }

        abstract ExportRun send(ExportSandbox sandbox);
    }

    private ExportJob.Builder visits(Delivery delivery) {
        return ExportJob.builder("visits", Visit.export(source))
                .deliverTo(delivery)
                .deliverBetween(LocalTime.of(7, 0), LocalTime.of(8, 0), ZoneOffset.UTC);
    }

    private List<ExportRun> runs() {
        return Runs.newest(sandbox.engine(), sandbox.engine().job("visits"), 10);
    }

    @ParameterizedTest
    @EnumSource
    void should_refuse_a_request_before_anything_is_read(Request request) {
        sandbox.add(visits(lakeside).build()).runNow();
        sandbox.advance(Duration.ofHours(3));
        int files = lakeside.arrivals().size();

        assertThatThrownBy(() -> request.send(sandbox))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        e -> assertThat(e.code()).isEqualTo(FailureCode.DELIVERY_WINDOW_CLOSED))
                .hasMessage("the delivery window, 07:00 to 08:00 Z, is closed until 2026-03-03T07:00:00Z:"
                        + " nothing was sent, ask again when it is open");

        assertThat(runs()).hasSize(1);
        assertThat(lakeside.arrivals()).hasSize(files);
        sandbox.advance(Duration.ofHours(21));
        assertThat(request.send(sandbox).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.arrivals()).hasSize(files + 1);
    }

    @ParameterizedTest
    @EnumSource
    void should_fail_a_request_at_whose_publication_the_window_is_closed(Request request) {
        sandbox.add(visits(lakeside).build()).runNow();
        int files = lakeside.arrivals().size();
        sandbox.add(visits(new HookedDelivery(
                        lakeside,
                        HookedDelivery.Point.AFTER_PREPARE,
                        () -> sandbox.clock().advance(Duration.ofHours(1))))
                .build());

        assertThatThrownBy(() -> request.send(sandbox))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        e -> assertThat(e.code()).isEqualTo(FailureCode.DELIVERY_WINDOW_CLOSED));

        ExportRun run = runs().get(0);
        assertThat(run.trigger()).isEqualTo(request.trigger);
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.failure()).map(RunFailure::code).contains(FailureCode.DELIVERY_WINDOW_CLOSED);
        assertThat(lakeside.arrivals()).hasSize(files);
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(sandbox.store().unfinishedRuns("visits")).isEmpty();
    }

    @Test
    void should_let_a_run_on_request_wait() {
        sandbox.advance(Duration.ofHours(3));

        ExportRun run = sandbox.add(visits(lakeside).build()).runNow();

        assertThat(run.waiting()).contains(new Waiting(OPEN.plus(Duration.ofDays(1)), Waiting.Cause.DELIVERY_WINDOW));
        sandbox.advance(Duration.ofHours(21));
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    // ---- copies by the watch

    private WatchRecord watched() {
        return sandbox.engine().run(1).run().deliveries().get(0).watch().orElseThrow();
    }

    private List<Kind> kinds() {
        return sandbox.events(DeliveredFilesEvent.class).stream()
                .map(DeliveredFilesEvent::kind)
                .filter(kind -> kind != Kind.DELIVERED)
                .toList();
    }

    private ExportJob.Builder watched(Duration interval) {
        return visits(lakeside).watch(DeliveredFileWatch.every(interval));
    }

    @Test
    void should_copy_a_file_again_when_the_window_opens() {
        sandbox.add(watched(Duration.ofHours(5)).build()).runNow();
        lakeside.takeAll();

        sandbox.advance(Duration.ofHours(23).plusMinutes(59));

        assertThat(watched().state()).isEqualTo(WatchState.MISSING);
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(kinds()).isEmpty();
        sandbox.advance(Duration.ofMinutes(1)); // before the interval of the watch is over
        assertThat(watched().state()).isEqualTo(WatchState.RECOPIED);
        assertThat(lakeside.arrivals()).hasSize(2);
        assertThat(kinds()).containsExactly(Kind.RECOPIED);
    }

    @Test
    void should_report_the_first_copy_that_failed_and_not_those_that_had_to_wait() {
        sandbox.add(watched(Duration.ofHours(5)).build()).runNow();
        lakeside.takeAll();
        sandbox.advance(Duration.ofHours(23).plusMinutes(59));
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);

        sandbox.advance(Duration.ofMinutes(1));

        assertThat(kinds()).containsExactly(Kind.NOT_RECOPIED);
        assertThat(watched().state()).isEqualTo(WatchState.MISSING);
    }

    @Test
    void should_inspect_by_its_interval_while_nothing_is_missing() {
        sandbox.add(watched(Duration.ofHours(5)).build()).runNow();

        sandbox.advance(Duration.ofHours(24));

        assertThat(watched().lastLooked()).contains(OPEN.plus(Duration.ofHours(20)));
    }
}
