package io.outfeed.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.StoreException;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.FileStore;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engine that one of its own threads closes: the thread does not wait for itself, and can end what it does. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CloseByItselfTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    /** Longer than this test may take: a thread that waits for itself fails it. */
    private static final Duration LONG = Duration.ofHours(1);

    private enum From {
        LISTENER,
        LISTENER_ON_THE_THREAD_OF_THE_RUN,
        MAPPING,
        DELIVERY
    }

    private enum Run {
        ON_REQUEST,
        STARTED,
        SCHEDULED
    }

    @TempDir
    private Path directory;

    private final AtomicReference<ExportEngine> engine = new AtomicReference<>();
    private final AtomicReference<String> stateAfterClose = new AtomicReference<>("not closed");
    private final CountDownLatch ended = new CountDownLatch(1);

    /** The engine has the store of its directory until it is closed. */
    private void closeEngine() {
        requireNonNull(engine.get()).close();
        stateAfterClose.set(storeState());
    }

    private String storeState() {
        try {
            FileStore.open(directory.resolve("store")).close();
            return "closed";
        } catch (StoreException e) {
            return "open";
        }
    }

    @ParameterizedTest(name = "in {0}, run {1}")
    @CsvSource({
        "LISTENER, ON_REQUEST",
        "LISTENER, SCHEDULED",
        "LISTENER_ON_THE_THREAD_OF_THE_RUN, ON_REQUEST",
        "LISTENER_ON_THE_THREAD_OF_THE_RUN, SCHEDULED",
        "MAPPING, ON_REQUEST",
        "MAPPING, STARTED",
        "MAPPING, SCHEDULED",
        "DELIVERY, ON_REQUEST",
        "DELIVERY, STARTED",
        "DELIVERY, SCHEDULED",
    })
    void should_return_at_once_and_be_closed_when_that_thread_has_ended(From from, Run kind) throws Exception {
        ExportListener listener = event -> {
            if (event instanceof RunEvent run && run.kind() == RunEvent.Kind.STAGED) {
                at(from, From.LISTENER);
                at(from, From.LISTENER_ON_THE_THREAD_OF_THE_RUN);
            } else if (event instanceof RunEvent run && run.kind() == RunEvent.Kind.SUCCEEDED) {
                ended.countDown();
            }
        };
        ExportEngine.Builder builder = ExportEngine.builder()
                .directory(directory)
                .clock(SettableClock.at(NOON))
                .closeTimeout(LONG)
                .listener(listener);
        if (from == From.LISTENER_ON_THE_THREAD_OF_THE_RUN) {
            builder.listenerExecutor(Runnable::run);
        }
        ExportEngine built = builder.build();
        engine.set(built);
        built.add(job(from, kind));

        switch (kind) {
            case ON_REQUEST -> assertThat(built.job("visits").runNow().status()).isEqualTo(RunStatus.COMMITTED);
            case STARTED ->
                assertThat(built.job("visits").startNow().run().number()).isOne();
            case SCHEDULED -> built.start();
        }
        ended.await();
        built.close(); // waits for the end

        assertThat(stateAfterClose).as("when close() returned to that thread").hasValue("open");
        assertThat(storeState()).as("when close() returned to another thread").isEqualTo("closed");
        assertThatThrownBy(() -> built.job("visits").runNow()).isInstanceOf(IllegalStateException.class);
    }

    private void at(From reached, From from) {
        if (reached == from) {
            closeEngine();
        }
    }

    private ExportJob job(From from, Run kind) {
        ListSource<Visit> source = Visit.source();
        source.put(new Visit(1, "a", NOON.minus(LONG)));
        ExportDefinition<Visit> visits = Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .fields(f -> f.field("seen", visit -> {
                    at(from, From.MAPPING);
                    return visit.id();
                }))
                .build();
        Delivery lakeside = new HookedDelivery(
                InMemoryDelivery.create("lakeside"), Point.BEFORE_PREPARE, () -> at(from, From.DELIVERY));
        ExportJob.Builder job = ExportJob.builder("visits", visits).deliverTo(lakeside);
        return kind == Run.SCHEDULED ? job.schedule(Schedule.once(NOON)).build() : job.build();
    }
}
