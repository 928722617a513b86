package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.Attempt;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplanTest {

    private static final Instant FIRE = Instant.parse("2026-03-02T07:00:00Z");
    private static final Instant LATER_FIRE = FIRE.plus(Duration.ofDays(1));
    private static final Instant NOW = LATER_FIRE.plusSeconds(90);
    private static final Litter OLD_LITTER = new Litter("old", 5, "rows.csv", 3, 1, FIRE.minusSeconds(1));

    private final ExportJob job = ExportJob.builder(
                    "rows",
                    ExportDefinition.builder("rows", String.class)
                            .source(RecordSource.ofCollection(window -> List.of()))
                            .recordKey(text -> text)
                            .watermark(Watermark.fullSnapshot())
                            .fields(f -> f.field("text", text -> text))
                            .file(f -> f.name("rows.csv"))
                            .build())
            .deliverTo(DirectoryDelivery.to("out", Path.of("/srv/out")))
            .build();

    /** A run that was staged and uploaded in part, by another version of the job. */
    private final ExportRun open = AttemptLog.end(
            AttemptLog.begin(
                    RunBuilder.planned(7, "rows", Trigger.SCHEDULED, FIRE)
                            .fireTime(FIRE)
                            .coveredFires(new CoveredFires(FIRE, LATER_FIRE, 2))
                            .waiting(new Waiting(NOW, Waiting.Cause.BACKOFF))
                            .failingSince(FIRE.plusSeconds(2))
                            .token(3)
                            .windows(Map.of("rows", new Window(Position.of(1), Position.of(2))))
                            .expectedPositions(new JobPositions(Map.of(), 6, 4))
                            .fingerprint("of another version")
                            .clockOrigin(FIRE)
                            .sequence(5)
                            .dailySequence(new DailySequence(LocalDate.EPOCH, 2))
                            .rejected(1)
                            .sensitive(true)
                            .note("1 record was left out")
                            .files(List.of(file("a.csv"), file("b.csv")))
                            .sidecars(List.of(new Sidecar(Sidecar.Kind.SEEN, "rows", 16, "0".repeat(64))))
                            .spoolToken(3)
                            .deliveryIds(List.of("gone"))
                            .deliveries(List.of(
                                    FileDelivery.pending("gone", "a.csv")
                                            .toUploading(3)
                                            .toPrepared(PreparedFile.renamed("a.csv", ".a.csv.tmp")),
                                    FileDelivery.pending("gone", "b.csv").toUploading(4)))
                            .litter(List.of(OLD_LITTER))
                            .build(),
                    FIRE),
            FIRE.plusSeconds(2),
            Attempt.Outcome.FAILED,
            Optional.empty());

    private final ExportRun planned = Replan.of(job, open, 8, NOW);

    private static StagedFile file(String name) {
        return new StagedFile("rows", "", name, 1, 10, "0".repeat(64));
    }

    @Test
    void should_keep_what_the_run_is_and_what_was_tried() {
        assertThat(planned.number()).isEqualTo(7);
        assertThat(planned.trigger()).isEqualTo(Trigger.SCHEDULED);
        assertThat(planned.startedAt()).isEqualTo(FIRE);
        assertThat(planned.attempts()).isEqualTo(open.attempts());
        assertThat(planned.failingSince()).isEqualTo(open.failingSince());
        assertThat(planned.coveredFires()).isEqualTo(open.coveredFires());
    }

    @Test
    void should_follow_the_latest_fire_time_and_the_job_as_it_is_now() {
        assertThat(planned.status()).isEqualTo(RunStatus.PLANNED);
        assertThat(planned.waiting()).isEmpty();
        assertThat(planned.fireTime()).contains(LATER_FIRE);
        assertThat(planned.clockOrigin()).isEmpty();
        assertThat(planned.fingerprint()).isEqualTo(Fingerprint.of(job));
        assertThat(planned.deliveryIds()).containsExactly("out");
        assertThat(planned.token()).isEqualTo(8);
        assertThat(planned.log())
                .last()
                .extracting(RunLogEntry::phase, RunLogEntry::at)
                .containsExactly(RunPhase.PLANNED, NOW);
    }

    @Test
    void should_have_nothing_that_was_staged() {
        assertThat(planned.windows()).isEmpty();
        assertThat(planned.expectedPositions())
                .as("else what is not staged could be delivered, and commit")
                .isEmpty();
        assertThat(planned.sequence()).isEmpty();
        assertThat(planned.dailySequence()).isEmpty();
        assertThat(planned.files()).isEmpty();
        assertThat(planned.sidecars()).isEmpty();
        assertThat(planned.spoolToken()).isZero();
        assertThat(planned.deliveries()).isEmpty();
        assertThat(planned.rejected()).isZero();
        assertThat(planned.sensitive()).isFalse();
        assertThat(planned.note()).isEmpty();
    }

    @Test
    void should_have_its_temporary_files_as_litter() {
        assertThat(planned.litter())
                .containsExactly(
                        OLD_LITTER,
                        new Litter("gone", 7, "a.csv", 3, 1, NOW),
                        new Litter("gone", 7, "b.csv", 4, 1, NOW));
    }
}
