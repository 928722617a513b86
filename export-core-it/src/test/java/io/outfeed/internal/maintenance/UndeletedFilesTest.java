package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.outfeed.ExportJob;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A job with retention is removed before its delivered files are deleted. */
class UndeletedFilesTest {

    private static final Duration WEEK = Duration.ofDays(7);

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");

    @RegisterExtension
    private final LoggedEvents logged = LoggedEvents.from(Level.WARN, UndeletedFiles.class);

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(Visit.source())).deliverTo(lakeside, riverside);
    }

    @Test
    void should_say_how_many_remain_and_delete_them_once_the_job_is_added_again() {
        ExportJob job = job().retention(WEEK).build();
        JobHandle handle = sandbox.add(job);
        handle.runNow();
        sandbox.advance(Duration.ofDays(1));
        handle.runNow();

        sandbox.engine().remove("visits", History.KEEP);

        assertThat(logged.messages())
                .containsExactly("Job 'visits' was removed before its retention of PT168H has deleted all delivered"
                        + " files: 2 at delivery 'lakeside', 2 at delivery 'riverside' remain, and are deleted in time"
                        + " if the job is added again with its retention; disabled(reason) of the job keeps it from"
                        + " running (job=visits)");
        sandbox.advance(WEEK.multipliedBy(2));
        assertThat(lakeside.files()).hasSize(2);

        sandbox.add(job.toBuilder().disabled("removed").build());
        sandbox.advance(Duration.ofHours(1));

        assertThat(lakeside.files()).isEmpty();
        assertThat(riverside.files()).isEmpty();
    }

    @Test
    void should_say_that_the_ledger_knows_them_no_more() {
        sandbox.add(job().retention(WEEK).build()).runNow();

        sandbox.engine().remove("visits", History.PURGE);

        assertThat(logged.messages())
                .containsExactly("Job 'visits' was removed before its retention of PT168H has deleted all delivered"
                        + " files: 1 at delivery 'lakeside', 1 at delivery 'riverside' remain, and the ledger does not"
                        + " know them any more: delete them at the destination when their time is over (job=visits)");
    }

    @Test
    void should_count_only_what_remains_of_a_run() {
        sandbox.add(job().retention(WEEK).build()).runNow();
        lakeside.failNext(Operation.DELETE, Failure.REFUSED);
        sandbox.advance(WEEK.plusMinutes(1));
        assertThat(lakeside.files()).hasSize(1);
        assertThat(riverside.files()).isEmpty();

        sandbox.engine().remove("visits", History.KEEP);

        assertThat(logged.messages()).singleElement().asString().contains(": 1 at delivery 'lakeside' remain,");
    }

    @Test
    void should_count_the_files_of_many_runs() {
        JobHandle handle = sandbox.add(job().retention(WEEK).build());
        for (int i = 0; i < 101; i++) {
            handle.runNow();
        }

        sandbox.engine().remove("visits", History.KEEP);

        assertThat(logged.messages())
                .singleElement()
                .asString()
                .contains(": 101 at delivery 'lakeside', 101 at delivery 'riverside' remain,");
    }

    @Test
    void should_say_nothing_where_none_remain_or_the_job_has_no_retention() {
        sandbox.add(job().retention(WEEK).build()).runNow();
        sandbox.advance(WEEK.plusDays(1));
        assertThat(lakeside.files()).isEmpty();
        sandbox.engine().remove("visits", History.KEEP);
        sandbox.add(job().build()).runNow();
        sandbox.engine().remove("visits", History.KEEP);

        assertThat(logged.messages()).isEmpty();
    }

    @Test
    void should_not_count_a_file_that_was_assumed_to_be_taken() {
        LyingDelivery lying = LyingDelivery.create("lakeside");
        lying.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        sandbox.add(ExportJob.builder("visits", Visit.export(Visit.source()))
                        .deliverTo(lying)
                        .retention(WEEK)
                        .build())
                .runNow();

        sandbox.engine().remove("visits", History.KEEP);

        assertThat(logged.messages()).isEmpty();
    }
}
