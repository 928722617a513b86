package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** A daily job with two destinations, and what keeps its run from its end. */
abstract class DailyJobFixture extends SandboxFixture {

    ExportJob.Builder daily() {
        return daily(Visit.export(source, f -> f.name("visits-{sequence}-{fire:yyyyMMdd}.csv"))
                .build());
    }

    ExportJob.Builder daily(ExportDefinition<Visit> visits) {
        return ExportJob.builder("visits", visits)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside, riverside);
    }

    static void refuse(InMemoryDelivery delivery, Operation operation, Failure failure, int times) {
        for (int i = 0; i < times; i++) {
            delivery.failNext(operation, failure);
        }
    }

    JobSummary summary() {
        return sandbox.engine().job("visits").summary();
    }

    void write(long id, String note) {
        source.put(new Visit(id, note, sandbox.clock().instant()));
    }

    static List<String> paths(InMemoryDelivery delivery) {
        return delivery.arrivals().stream().map(DeliveredFile::path).toList();
    }

    /** Attempts in a row that the end of the process has ended; the last one is on record as in progress. */
    void crash(int attempts) {
        Instant now = sandbox.clock().instant();
        try (JobLock lock = sandbox.store().tryLock("visits").orElseThrow()) {
            for (int i = 0; i < attempts; i++) {
                ExportRun before = run(1);
                ExportRun ended = AttemptLog.end(before, now, Attempt.Outcome.CRASHED, Optional.empty());
                RunStatus status = before.publishing() ? RunStatus.PUBLISHING : RunStatus.STAGED;
                ExportRun begun =
                        AttemptLog.begin(RunBuilder.of(ended).status(status).build(), now);
                assertThat(sandbox.store().append(lock, RunStep.next(before, begun)))
                        .isTrue();
            }
        }
    }
}
