package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many jobs of one slow server, and a job to another place: it needs a worker too. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FairWorkersTest {

    private static final Instant NOW = Instant.parse("2026-03-02T07:00:00Z");
    private static final int SLOW_JOBS = 12;

    @TempDir
    private Path directory;

    private final CountDownLatch serverAnswers = new CountDownLatch(1);
    private final AtomicInteger atServer = new AtomicInteger();
    private final AtomicInteger mostAtServer = new AtomicInteger();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final CountDownLatch otherArrived = new CountDownLatch(1);
    private final CountDownLatch allEnded = new CountDownLatch(SLOW_JOBS + 1);

    private final class SlowDelivery implements Delivery {

        private final InMemoryDelivery delivery;

        private SlowDelivery(String id) {
            this.delivery = InMemoryDelivery.create(id);
        }

        @Override
        public String id() {
            return delivery.id();
        }

        @Override
        public String server() {
            return "slow.example";
        }

        @Override
        public DeliverySession open() throws Exception {
            mostAtServer.accumulateAndGet(atServer.incrementAndGet(), Math::max);
            try {
                serverAnswers.await();
                return delivery.open();
            } finally {
                atServer.decrementAndGet();
            }
        }
    }

    private void count(RunEvent event) {
        if (event.run().status().ended() && ended.add(event.run().job())) {
            allEnded.countDown();
            if (event.run().job().equals("zz-other")) {
                otherArrived.countDown();
            }
        }
    }

    private static ExportJob job(String name, Delivery delivery) {
        return ExportJob.builder(name, Visit.export(Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"))))
                .schedule(Schedule.once(NOW))
                .deliverTo(delivery)
                .build();
    }

    @Test
    void should_leave_workers_to_other_servers_while_one_is_slow() throws Exception {
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .clock(SettableClock.at(NOW))
                .workers(4)
                .listener(ExportListener.of(RunEvent.class, this::count))
                .build()) {
            for (int i = 1; i <= SLOW_JOBS; i++) {
                engine.add(job("slow-" + i, new SlowDelivery("slow-" + i)));
            }
            engine.add(job("zz-other", InMemoryDelivery.create("other"))); // the last in line
            engine.start();

            otherArrived.await(); // while nothing has arrived at the slow server
            assertThat(ended).containsExactly("zz-other");
            serverAnswers.countDown();
            allEnded.await();

            assertThat(mostAtServer.get()).isBetween(1, 2);
            assertThat(engine.runs(RunQuery.all()).runs())
                    .hasSize(SLOW_JOBS + 1)
                    .allSatisfy(run -> {
                        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
                        assertThat(run.trigger()).isEqualTo(Trigger.SCHEDULED);
                        assertThat(run.attemptCount()).isEqualTo(1);
                        assertThat(run.failure()).isEmpty();
                    });
        }
    }

    /** Each at a server of its own, of one definition; two tenants. */
    @Test
    void should_leave_workers_to_other_tenants_while_one_is_slow() throws Exception {
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .clock(SettableClock.at(NOW))
                .workers(4)
                .runsPerServer(4)
                .runsPerParameter("tenant", 2)
                .listener(ExportListener.of(RunEvent.class, this::count))
                .build()) {
            for (int i = 1; i <= SLOW_JOBS; i++) {
                engine.add(ofTenant("slow", job("slow-" + i, new SlowDelivery("slow-" + i))));
            }
            engine.add(ofTenant("other", job("zz-other", InMemoryDelivery.create("other"))));
            engine.start();

            otherArrived.await();
            assertThat(ended).containsExactly("zz-other");
            serverAnswers.countDown();
            allEnded.await();

            assertThat(mostAtServer.get()).isBetween(1, 2);
        }
    }

    private static ExportJob ofTenant(String tenant, ExportJob job) {
        ExportDefinition<Visit> visits = Visit.export(
                        Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z")), file -> file.name("{job}.csv"))
                .parameter("tenant")
                .build();
        return ExportJob.builder(job.name(), visits)
                .parameter("tenant", tenant)
                .schedule(Schedule.once(NOW))
                .deliverTo(job.deliveries().get(0))
                .build();
    }

    @Test
    void should_refuse_limits_that_let_nothing_run() {
        assertThatThrownBy(() -> ExportEngine.builder()
                        .directory(directory)
                        .runsPerServer(0)
                        .runsPerDefinition(0)
                        .runsPerParameter("tenant", 0)
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        refused -> assertThat(refused.problems())
                                .containsExactly(
                                        "runsPerServer must be one or more, not 0",
                                        "runsPerDefinition must be one or more, not 0",
                                        "runsPerParameter of 'tenant' must be one or more, not 0"));
    }
}
