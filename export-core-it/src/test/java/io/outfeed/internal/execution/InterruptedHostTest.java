package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Waiting;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code of the host that was interrupted, and says so by an exception only: the interrupt is kept. */
class InterruptedHostTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private enum Where {
        FILTER,
        MAPPING,
        FOLDER,
        RECORD_KEY,
        SOURCE_OPENS,
        SOURCE_READS,
        RECORDS,
        GUARD,
        DELIVERY,
        LISTENER
    }

    private enum How {
        SNEAKY,
        WRAPPED
    }

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(NOON);
    private final InMemoryStore store = new InMemoryStore();
    private Where where = Where.LISTENER;
    private How how = How.SNEAKY;

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "FILTER, SNEAKY",
        "FILTER, WRAPPED",
        "MAPPING, SNEAKY",
        "MAPPING, WRAPPED",
        "FOLDER, WRAPPED",
        "RECORD_KEY, SNEAKY",
        "RECORD_KEY, WRAPPED",
        "SOURCE_OPENS, SNEAKY",
        "SOURCE_OPENS, WRAPPED",
        "SOURCE_READS, WRAPPED",
        "RECORDS, SNEAKY",
        "RECORDS, WRAPPED",
        "GUARD, SNEAKY",
        "GUARD, WRAPPED",
        "DELIVERY, SNEAKY",
        "DELIVERY, WRAPPED",
        "LISTENER, SNEAKY",
        "LISTENER, WRAPPED",
    })
    void should_end_the_attempt_as_interrupted(Where reached, How by) {
        where = reached;
        how = by;
        try (ExportEngine engine = engine()) {
            engine.add(job(RejectPolicy.fail()));

            assertThatThrownBy(() -> engine.job("visits").runNow()).isInstanceOf(ExportException.class);
            boolean kept = Thread.interrupted();

            assertThat(kept).as("the interrupt is kept").isTrue();
            assertStopped(1);
        }
    }

    @Test
    void should_not_count_as_a_record_that_is_rejected() {
        where = Where.MAPPING;
        try (ExportEngine engine = engine()) {
            engine.add(job(RejectPolicy.skipUpTo(10)));

            assertThatThrownBy(() -> engine.job("visits").runNow()).isInstanceOf(ExportException.class);

            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            assertStopped(1);
        }
    }

    @Test
    void should_not_try_again_at_once_for_ever() {
        where = Where.MAPPING;
        try (ExportEngine engine = engine()) {
            engine.add(job(RejectPolicy.fail()));
            for (int attempts = 1; attempts <= 3; attempts++) {
                assertThatThrownBy(() -> engine.job("visits").runNow()).isInstanceOf(ExportException.class);
                assertThat(Thread.interrupted()).isTrue();
                assertStopped(attempts);
                Duration delay = Duration.between(
                        clock.instant(),
                        store.run(1).orElseThrow().waiting().orElseThrow().until());
                assertThat(delay)
                        .isBetween(Duration.ofMinutes(attempts - 1L), Duration.ofSeconds(75 * (attempts - 1L)));
            }
        }
    }

    private void assertStopped(int attempts) {
        ExportRun run = store.run(1).orElseThrow();
        assertThat(run.waiting()).map(Waiting::cause).contains(Waiting.Cause.RESTART);
        assertThat(run.attempts()).hasSize(attempts).allSatisfy(attempt -> {
            assertThat(attempt.outcome()).isEqualTo(Attempt.Outcome.STOPPED);
            assertThat(attempt.failure().orElseThrow().code()).isEqualTo(FailureCode.STOPPED);
        });
    }

    private ExportEngine engine() {
        return ExportEngine.builder()
                .directory(directory)
                .store(store)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .listenerExecutor(Runnable::run)
                .listener(event -> at(Where.LISTENER))
                .build();
    }

    private ExportJob job(RejectPolicy rejects) {
        ListSource<Visit> visits = Visit.source();
        visits.put(Visit.of(1, "a", "2026-03-02T10:00:00Z"));
        ExportDefinition<Visit> definition = Visit.export(visits, f -> f.name("visits-{sequence}.csv"))
                .source(source(visits))
                .recordKey(visit -> at(Where.RECORD_KEY, visit.id()))
                .filter(visit -> at(Where.FILTER, true))
                .fields(f -> f.field("seen", visit -> at(Where.MAPPING, "yes")))
                .folderPer(visit -> at(Where.FOLDER, "all"))
                .rejectPolicy(rejects)
                .build();
        Delivery lakeside =
                new HookedDelivery(InMemoryDelivery.create("lakeside"), Point.BEFORE_PREPARE, () -> at(Where.DELIVERY));
        return ExportJob.builder("visits", definition)
                .holdIf((run, before) -> at(Where.GUARD, Optional.empty()))
                .deliverTo(lakeside)
                .build();
    }

    @SuppressWarnings("try") // close may be interrupted
    private RecordSource<Visit> source(ListSource<Visit> visits) {
        return parameters -> {
            at(Where.SOURCE_OPENS);
            SourceSession<Visit> session = visits.open(parameters);
            return new SourceSession<>() {
                @Override
                public Stream<Visit> read(Window window) throws Exception {
                    at(Where.SOURCE_READS);
                    return session.read(window).map(visit -> at(Where.RECORDS, visit));
                }

                @Override
                public void close() throws Exception {
                    session.close();
                }
            };
        };
    }

    private <R> R at(Where reached, R value) {
        at(reached);
        return value;
    }

    private void at(Where reached) {
        if (reached == where) {
            InterruptedException interrupted = new InterruptedException();
            if (how == How.WRAPPED) {
                throw new IllegalStateException(new RuntimeException(interrupted));
            }
            InterruptedHostTest.<RuntimeException>throwSneakily(interrupted);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Exception> void throwSneakily(Exception e) throws X {
        throw (X) e;
    }
}
