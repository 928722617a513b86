package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.StoreException;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.store.ExportStore;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failed attempt of a scheduled run is one warning with one stack trace, whatever else is logged about it. */
class OneWarningTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private enum Failing {
        SOURCE,
        MAPPING,
        ONE_DELIVERY,
        UPLOADS_TO_TWO,
        PUBLICATIONS_AT_TWO,
        STORE
    }

    @TempDir
    private Path directory;

    @RegisterExtension
    private final LoggedEvents logged = LoggedEvents.from(Level.DEBUG);

    private final SettableClock clock = SettableClock.at(NOON);
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final AtomicBoolean storeAway = new AtomicBoolean();

    @ParameterizedTest
    @EnumSource
    void should_have_one_stack_trace(Failing failing) {
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(failing == Failing.STORE ? store() : new InMemoryStore())
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .build()) {
            engine.add(job(failing));
            engine.start();
            logged.clear();

            scheduler.advance(Duration.ofHours(1));
        }

        assertThat(logged.list())
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .filteredOn(event -> event.getThrowableProxy() != null)
                .as("stack traces")
                .hasSize(1)
                .first()
                .extracting(ILoggingEvent::getLevel)
                .isEqualTo(Level.WARN);
        assertThat(logged.list())
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .as("warnings")
                .hasSize(1);
    }

    private ExportJob job(Failing failing) {
        ListSource<Visit> visits = Visit.source();
        visits.put(Visit.of(1, "a", "2026-03-02T10:00:00Z"));
        ExportDefinition.Builder<Visit> definition = Visit.export(visits, f -> f.name("visits-{sequence}.csv"));
        if (failing == Failing.SOURCE) {
            definition.source(RecordSource.of(window -> Stream.of(visits).map(source -> {
                throw new IllegalStateException("the source fails");
            })));
        } else if (failing == Failing.MAPPING) {
            definition.fields(f -> f.field("seen", visit -> {
                throw new IllegalStateException("the mapping fails");
            }));
        }
        return ExportJob.builder("visits", definition.build())
                .schedule(Schedule.cron("0 * * * *", ZoneOffset.UTC))
                .deliverTo(deliveries(failing))
                .build();
    }

    private Delivery[] deliveries(Failing failing) {
        return switch (failing) {
            case SOURCE, MAPPING -> new Delivery[] {delivery("lakeside")};
            case ONE_DELIVERY -> new Delivery[] {delivery("lakeside", Point.AFTER_PREPARE), delivery("riverside")};
            case UPLOADS_TO_TWO ->
                new Delivery[] {delivery("lakeside", Point.BEFORE_PREPARE), delivery("riverside", Point.BEFORE_PREPARE)
                };
            case PUBLICATIONS_AT_TWO ->
                new Delivery[] {delivery("lakeside", Point.BEFORE_PUBLISH), delivery("riverside", Point.BEFORE_PUBLISH)
                };
            case STORE ->
                new Delivery[] {new HookedDelivery(delivery("lakeside"), Point.AFTER_PREPARE, () -> storeAway.set(true))
                };
        };
    }

    private static Delivery delivery(String id) {
        return InMemoryDelivery.create(id);
    }

    private static Delivery delivery(String id, Point point) {
        return new HookedDelivery(delivery(id), point, () -> {
            throw DeliveryException.retryable(id, "the connection broke", new IOException("broken pipe"));
        });
    }

    private ExportStore store() {
        InMemoryStore store = new InMemoryStore();
        return (ExportStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, arguments) -> {
                    if (storeAway.get()) {
                        throw new StoreException("the store is away", new IOException("no route"));
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
