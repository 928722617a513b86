package io.outfeed.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.DeliveryException;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.ExportRun;
import io.outfeed.JobHandle;
import io.outfeed.RetryPolicy;
import io.outfeed.RunGuard;
import io.outfeed.event.ExportListener;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerTest {

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));
    private final List<String> heard = new ArrayList<>();
    private @Nullable ExportEngine started;

    @BeforeEach
    void start() {
        ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(new InMemoryStore())
                .scheduler(scheduler)
                .clock(clock)
                .retry(RetryPolicy.none())
                .listener(run -> {
                    throw new IllegalStateException("a listener that fails");
                })
                .listener(new ExportListener() {
                    @Override
                    public void onRunEnded(ExportRun run) {
                        heard.add("ended " + run.number() + " " + run.status());
                    }

                    @Override
                    public void onPublicationDelayed(ExportRun run) {
                        heard.add("delayed " + run.number() + " " + run.status() + " after " + run.attempts());
                    }
                })
                .build();
        engine.start();
        started = engine;
    }

    private ExportEngine engine() {
        return requireNonNull(started);
    }

    @AfterEach
    void close() {
        engine().close();
    }

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(source)).deliverTo(lakeside);
    }

    @Test
    void should_hear_of_a_success_although_another_listener_fails() {
        engine().add(job().build()).runNow();

        assertThat(heard).containsExactly("ended 1 COMMITTED");
    }

    @Test
    void should_hear_of_each_attempt_that_fails_and_of_the_end() {
        JobHandle job = engine().add(job().build());
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED).failNext(Operation.PUBLISH, Failure.REFUSED);

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(scheduler.advance(Duration.ofMinutes(20))).isEqualTo(2);

        assertThat(heard)
                .containsExactly("delayed 1 PUBLISHING after 1", "delayed 1 PUBLISHING after 2", "ended 1 COMMITTED");
    }

    @Test
    void should_hear_of_failed_and_held_runs() {
        JobHandle job = engine().add(job().holdIf(RunGuard.moreRowsThan(0)).build());
        job.runNow();
        engine().run(1).discard();
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        engine().add(job().build());

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        assertThat(heard).containsExactly("ended 1 HELD", "ended 1 DROPPED", "ended 2 FAILED");
    }
}
