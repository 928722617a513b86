package io.outfeed.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.run.Attempt;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLayout;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RunBuilderTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private static ExportRun everything() {
        return RunBuilder.planned(7, "visits", Trigger.SCHEDULED, NOON)
                .fireTime(NOON.minusSeconds(1))
                .endedAt(NOON.plusSeconds(5))
                .skipped(SkipReason.HELD)
                .token(3)
                .publishing(true)
                .waiting(new Waiting(NOON, Waiting.Cause.BACKOFF))
                .released(true)
                .unconfirmed(true)
                .existing(IfExists.KEEP_BOTH)
                .coveredFires(new CoveredFires(NOON, NOON, 1))
                .attempts(List.of(Attempt.begin(1, NOON, RunStatus.PLANNED)), 2)
                .failingSince(NOON)
                .expectedPositions(JobPositions.NONE)
                .fingerprint("12ab")
                .clockOrigin(NOON.minusSeconds(1))
                .litter(List.of(new Litter("lakeside", 7, "visits-4.csv", 3, 2, NOON)))
                .windows(Map.of("visits", new Window(Position.of(NOON), Position.of(NOON.plusSeconds(60)))))
                .deliveryIds(List.of("lakeside"))
                .sequence(4)
                .dailySequence(new DailySequence(LocalDate.parse("2026-03-02"), 3))
                .files(List.of(new StagedFile("visits", "", "visits-4.csv", 2, 20, "00".repeat(32))))
                .deliveries(List.of(FileDelivery.pending("lakeside", "visits-4.csv")))
                .failure(new RunFailure(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        "DeliveryException",
                        "the server is away",
                        Optional.of("at")))
                .rejected(1)
                .sensitive(true)
                .note("given up: the server is gone")
                .layouts(List.of(new RunLayout(
                        "visits",
                        List.of(new RunLayout.Column("id", "id", "0a1b")),
                        Map.of("the format", "2c3d"),
                        OptionalLong.of(6),
                        List.of("column 'id' is new"))))
                .log(List.of(new RunLogEntry(NOON, RunPhase.PLANNED, Optional.empty(), 0, 0, 0, Optional.empty())))
                .storedSteps(new StoredSteps(2, 30, 4))
                .sidecars(List.of(new Sidecar(Sidecar.Kind.SEEN, "visits", 12, "00".repeat(32))))
                .spoolToken(3)
                .build();
    }

    @Test
    void should_keep_everything_in_a_copy() throws ReflectiveOperationException {
        ExportRun run = everything();
        ExportRun copy = RunBuilder.of(run).build();
        ExportRun planned =
                RunBuilder.planned(1, "other", Trigger.MANUAL, Instant.EPOCH).build();

        for (Method part : ExportRun.class.getMethods()) {
            if (Modifier.isAbstract(part.getModifiers())) {
                assertThat(part.invoke(run))
                        .as("set above, or this test sees nothing: %s", part.getName())
                        .isNotEqualTo(part.invoke(planned));
                assertThat(part.invoke(copy)).as(part.getName()).isEqualTo(part.invoke(run));
            }
        }
    }

    @Test
    void should_begin_as_planned_and_empty() {
        ExportRun run = RunBuilder.planned(1, "visits", Trigger.MANUAL, NOON).build();

        assertThat(run.status()).isEqualTo(RunStatus.PLANNED);
        assertThat(run.sequence()).isEqualTo(OptionalLong.empty());
        assertThat(run.files()).isEmpty();
        assertThat(run.rows()).isZero();
        assertThat(run).hasToString("run 1 of job 'visits': PLANNED");
    }

    @Test
    void should_not_be_changed_by_its_builder_or_by_lists_that_it_was_given() {
        List<String> ids = new ArrayList<>(List.of("lakeside"));
        RunBuilder builder =
                RunBuilder.planned(1, "visits", Trigger.MANUAL, NOON).deliveryIds(ids);
        ExportRun run = builder.build();

        ids.add("riverside");
        builder.status(RunStatus.FAILED);

        assertThat(run.deliveryIds()).containsExactly("lakeside");
        assertThat(run.status()).isEqualTo(RunStatus.PLANNED);
    }

    @Test
    void should_take_zero_for_no_sequence() {
        assertThat(RunBuilder.of(everything()).sequence(0).build().sequence()).isEmpty();
    }
}
