package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.error.StoreException;
import io.outfeed.schedule.Schedule;
import io.outfeed.spring.actuate.EngineHealth;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes an engine unhealthy, and what only looks so. */
class EngineHealthTest {

    private static final Instant START = Instant.parse("2026-03-02T06:00:00Z");

    @TempDir
    private Path directory;

    /** A store that fails as one whose database is away. */
    private static ExportStore away(AtomicBoolean isAway) {
        InMemoryStore store = new InMemoryStore();
        return (ExportStore) Proxy.newProxyInstance(
                EngineHealthTest.class.getClassLoader(),
                new Class<?>[] {ExportStore.class},
                (proxy, method, arguments) -> {
                    if (isAway.get()) {
                        throw new StoreException("the database does not answer", null);
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void should_be_down_while_the_store_does_not_answer() {
        AtomicBoolean isAway = new AtomicBoolean();
        SettableClock clock = SettableClock.at(START);
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(away(isAway))
                .clock(clock)
                .scheduler(new ManualScheduler(clock))
                .build()) {
            engine.add(ExportJob.builder("contacts", Contact.export(Contact.source()))
                    .build());
            assertThat(EngineHealth.of(engine).up()).isTrue();

            isAway.set(true);
            EngineHealth health = EngineHealth.of(engine);
            isAway.set(false);

            assertThat(health)
                    .isEqualTo(new EngineHealth(
                            false, Map.of("store", "STORE_UNAVAILABLE: the database does not answer")));
            assertThat(EngineHealth.of(engine).up()).isTrue();
        }
    }

    @Test
    void should_be_down_once_the_engine_is_closed() {
        ExportSandbox sandbox = ExportSandbox.startingAt(START);
        ExportEngine engine = sandbox.engine();
        sandbox.close();

        assertThat(EngineHealth.of(engine)).isEqualTo(new EngineHealth(false, Map.of("engine", "it is closed")));
    }

    @Test
    void should_be_up_while_jobs_are_delayed_and_name_them() {
        ListSource<Contact> source = Contact.source();
        source.put(new Contact(1, "Ann", "A", START.minusSeconds(60)));
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        try (ExportSandbox sandbox = ExportSandbox.startingAt(START)) {
            sandbox.add(ExportJob.builder("contacts", Contact.export(source))
                    .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                    .deliverTo(lakeside)
                    .build());
            sandbox.advance(Duration.ofHours(1));

            assertThat(EngineHealth.of(sandbox.engine()))
                    .isEqualTo(new EngineHealth(
                            true,
                            Map.of(
                                    "openIncidents",
                                    1L,
                                    "recoveringIncidents",
                                    0L,
                                    "delayedJobs",
                                    1,
                                    "delayed",
                                    Map.of("contacts", "DESTINATION_UNAVAILABLE since 2026-03-02T07:00:00Z"))));

            sandbox.advance(Duration.ofMinutes(5)); // the run is tried again, and succeeds
            assertThat(EngineHealth.of(sandbox.engine()).details())
                    .containsEntry("openIncidents", 0L)
                    .containsEntry("recoveringIncidents", 1L)
                    .containsEntry("delayedJobs", 0);
        }
    }
}
