package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.file.IfExists;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.WatchRecord;
import io.outfeed.run.file.WatchState;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.JobLock;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryWatchTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    /** What happened to files after they had arrived. */
    private List<DeliveredFilesEvent> deliveredFilesEvents() {
        return sandbox.events(DeliveredFilesEvent.class).stream()
                .filter(event -> event.kind() != DeliveredFilesEvent.Kind.DELIVERED)
                .toList();
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder visits() {
        return ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .watch(DeliveredFileWatch.everyTenMinutes());
    }

    /** A run with a file in each of the folders a, b and c. */
    private JobHandle threeFiles() {
        source.put(Visit.of(2, "b", "2026-02-01T00:00:00Z"), Visit.of(3, "c", "2026-02-01T00:00:00Z"));
        JobHandle job = sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv"))
                                .folderPer(Visit::note)
                                .build())
                .deliverTo(lakeside)
                .watch(DeliveredFileWatch.everyTenMinutes())
                .build());
        job.runNow();
        return job;
    }

    private static Instant afterMinutes(long minutes) {
        return START.plus(Duration.ofMinutes(minutes));
    }

    private List<WatchRecord> watched(long run) {
        return sandbox.store().run(run).orElseThrow().deliveries().stream()
                .map(step -> step.watch().orElse(WatchRecord.NONE))
                .toList();
    }

    private WatchRecord watched() {
        assertThat(watched(1)).hasSize(1);
        return watched(1).get(0);
    }

    private static WatchRecord found(WatchState state, long inspected, long seen, int vanished, int recopied) {
        return WatchRecord.of(
                state,
                Optional.of(afterMinutes(inspected)),
                seen < 0 ? Optional.empty() : Optional.of(afterMinutes(seen)),
                vanished,
                recopied,
                Optional.empty());
    }

    private List<String> events() {
        return deliveredFilesEvents().stream()
                .map(event -> event.kind() + ": " + event)
                .toList();
    }

    private List<Kind> kinds() {
        return deliveredFilesEvents().stream().map(DeliveredFilesEvent::kind).toList();
    }

    @Test
    void should_inspect_every_ten_minutes_and_record_the_result() {
        sandbox.add(visits().build()).runNow();

        sandbox.advance(Duration.ofMinutes(9));
        assertThat(watched()).isEqualTo(WatchRecord.NONE);
        int inspections = sandbox.advance(Duration.ofMinutes(16));

        assertThat(inspections).isEqualTo(2);
        assertThat(watched()).isEqualTo(found(WatchState.SEEN, 20, 20, 0, 0));
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(events()).isEmpty();
    }

    @Test
    void should_inspect_nothing_by_default() {
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                        .deliverTo(lakeside)
                        .build())
                .runNow();
        lakeside.takeAll();

        assertThat(sandbox.advance(Duration.ofDays(1))).isZero();
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @Test
    void should_copy_the_same_bytes_again_when_the_file_is_gone() {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();
        source.put(Visit.of(1, "changed", "2026-03-02T00:00:00Z"));

        sandbox.advance(INTERVAL);

        assertThat(lakeside.files()).extracting(DeliveredFile::path).containsExactly("visits-1.csv");
        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::text)
                .containsExactly("id,note\r\n1,a\r\n", "id,note\r\n1,a\r\n");
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(watched()).isEqualTo(found(WatchState.RECOPIED, 10, -1, 1, 1));
        assertThat(events())
                .containsExactly(
                        "RECOPIED: visits-1.csv at delivery 'lakeside': missing, copied again (job=visits, run=1)");

        sandbox.advance(INTERVAL);

        assertThat(watched()).isEqualTo(found(WatchState.SEEN, 20, 20, 1, 1));
        assertThat(sandbox.store().run(1).orElseThrow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_not_copy_a_file_that_is_taken_again() {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();
        sandbox.advance(INTERVAL);
        lakeside.takeAll();

        sandbox.advance(INTERVAL);

        assertThat(watched()).isEqualTo(found(WatchState.VANISHED, 20, -1, 2, 1));
        assertThat(events())
                .last()
                .isEqualTo("VANISHED_AGAIN: visits-1.csv at delivery 'lakeside': missing, and not to be copied again:"
                        + " something takes it, it is watched no more (job=visits, run=1)");
        assertThat(sandbox.advance(Duration.ofDays(2)))
                .as("inspections after the last")
                .isZero();
        assertThat(lakeside.arrivals()).hasSize(2);
        assertThat(kinds()).containsExactly(Kind.RECOPIED, Kind.VANISHED_AGAIN);
    }

    @Test
    void should_keep_its_counts_over_a_restart() {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();
        sandbox.advance(INTERVAL);

        sandbox.restart();
        lakeside.takeAll();
        sandbox.advance(INTERVAL);
        sandbox.restart();
        sandbox.advance(Duration.ofDays(1));

        assertThat(watched()).isEqualTo(found(WatchState.VANISHED, 20, -1, 2, 1));
        assertThat(lakeside.arrivals()).hasSize(2);
    }

    @Test
    void should_inspect_at_once_when_an_inspection_was_due_while_it_was_down() {
        sandbox.add(visits().build()).runNow();
        sandbox.clock().advance(Duration.ofHours(5));
        sandbox.restart();

        assertThat(sandbox.advance(Duration.ZERO)).isEqualTo(1);

        assertThat(watched()).isEqualTo(found(WatchState.SEEN, 300, 300, 0, 0));
    }

    @Test
    void should_copy_as_often_as_it_was_asked_to() {
        sandbox.add(visits().watch(DeliveredFileWatch.every(INTERVAL).recopies(2))
                        .build())
                .runNow();
        for (int i = 0; i < 4; i++) {
            lakeside.takeAll();
            sandbox.advance(INTERVAL);
        }

        assertThat(watched()).isEqualTo(found(WatchState.VANISHED, 30, -1, 3, 2));
        assertThat(lakeside.arrivals()).hasSize(3);
    }

    @Test
    void should_only_say_so_when_no_copies_are_wanted() {
        sandbox.add(visits().watch(DeliveredFileWatch.everyTenMinutes().recopies(0))
                        .build())
                .runNow();
        lakeside.takeAll();

        sandbox.advance(Duration.ofHours(1));

        assertThat(watched()).isEqualTo(found(WatchState.VANISHED, 10, -1, 1, 0));
        assertThat(kinds()).containsExactly(Kind.VANISHED_AGAIN);
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void should_not_take_an_inspection_without_an_answer_for_a_loss(Failure failure) {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();
        lakeside.failNext(Operation.INSPECT, failure);

        sandbox.advance(INTERVAL);

        assertThat(watched()).isEqualTo(found(WatchState.NOT_SAID, 10, -1, 0, 0));
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(events()).isEmpty();
    }

    @Test
    void should_not_take_a_lost_connection_for_a_loss() {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);

        sandbox.advance(INTERVAL);
        assertThat(watched()).isEqualTo(found(WatchState.NOT_SAID, 10, -1, 0, 0));

        sandbox.advance(INTERVAL);
        assertThat(watched()).isEqualTo(found(WatchState.RECOPIED, 20, -1, 1, 1));
    }

    @Test
    void should_raise_an_alarm_when_the_directory_is_gone_too() {
        sandbox.add(visits().build()).runNow();
        String text = lakeside.file("visits-1.csv").text();
        lakeside.removeDirectory();

        sandbox.advance(Duration.ofMinutes(30));

        assertThat(watched()).isEqualTo(found(WatchState.HELD, 30, -1, 1, 0));
        assertThat(events())
                .containsExactly("DIRECTORY_MISSING: visits-1.csv at delivery 'lakeside': missing, with the directory:"
                        + " nothing is copied, look at the destination (job=visits, run=1)");

        lakeside.makeDirectory();
        sandbox.advance(INTERVAL);
        assertThat(watched()).as("left to an operator").isEqualTo(found(WatchState.HELD, 40, -1, 1, 0));
        assertThat(lakeside.arrivals()).hasSize(1);

        lakeside.put("visits-1.csv", text);
        sandbox.advance(INTERVAL);
        assertThat(watched()).isEqualTo(found(WatchState.SEEN, 50, 50, 1, 0));

        lakeside.takeAll();
        sandbox.advance(INTERVAL);
        assertThat(watched()).isEqualTo(found(WatchState.RECOPIED, 60, 50, 2, 1));
    }

    @Test
    void should_raise_an_alarm_when_most_files_are_gone_at_once() {
        threeFiles();
        lakeside.take("a/visits.csv");
        lakeside.take("c/visits.csv");

        sandbox.advance(Duration.ofMinutes(20));

        assertThat(events())
                .containsExactly(
                        "MANY_MISSING: a/visits.csv, c/visits.csv at delivery 'lakeside': missing at once, most"
                                + " of all: nothing is copied, look at the destination (job=visits, run=1)");
        assertThat(watched(1))
                .containsExactly(
                        found(WatchState.HELD, 20, -1, 1, 0),
                        found(WatchState.SEEN, 20, 20, 0, 0),
                        found(WatchState.HELD, 20, -1, 1, 0));

        lakeside.takeAll();
        sandbox.advance(INTERVAL);

        assertThat(kinds()).containsExactly(Kind.MANY_MISSING, Kind.MANY_MISSING);
        assertThat(lakeside.arrivals()).hasSize(3);
    }

    @Test
    void should_copy_the_one_of_several_that_is_gone() {
        threeFiles();
        lakeside.take("b/visits.csv");

        sandbox.advance(INTERVAL);

        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly("a/visits.csv", "b/visits.csv", "c/visits.csv", "b/visits.csv");
        assertThat(watched(1))
                .extracting(WatchRecord::state)
                .containsExactly(WatchState.SEEN, WatchState.RECOPIED, WatchState.SEEN);
    }

    @Test
    void should_copy_nothing_when_not_every_file_could_be_inspected() {
        threeFiles();
        lakeside.take("b/visits.csv");
        lakeside.failNext(Operation.INSPECT, Failure.ANSWER_LOST);

        sandbox.advance(INTERVAL);
        assertThat(watched(1)).extracting(WatchRecord::state).containsOnly(WatchState.NOT_SAID);
        assertThat(watched(1)).extracting(WatchRecord::lastLooked).containsOnly(Optional.of(afterMinutes(10)));
        assertThat(lakeside.arrivals()).hasSize(3);

        sandbox.advance(INTERVAL);
        assertThat(lakeside.arrivals()).hasSize(4);
    }

    @Test
    void should_count_only_reported_files_when_it_judges_how_many_are_gone() {
        threeFiles();
        lakeside.take("b/visits.csv");
        lakeside.take("c/visits.csv");
        lakeside.failNext(Operation.INSPECT, Failure.NOT_SAID);

        sandbox.advance(INTERVAL);

        assertThat(watched(1))
                .extracting(WatchRecord::state)
                .containsExactly(WatchState.NOT_SAID, WatchState.HELD, WatchState.HELD);
        assertThat(lakeside.arrivals()).hasSize(3);
    }

    @Test
    void should_overwrite_nothing_that_has_the_name() {
        sandbox.add(ExportJob.builder(
                                "visits",
                                Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                                        .build())
                        .deliverTo(lakeside)
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .build())
                .runNow();
        lakeside.put("visits.csv", "another owner's");

        sandbox.advance(Duration.ofHours(1));

        assertThat(lakeside.file("visits.csv").text()).isEqualTo("another owner's");
        assertThat(watched()).isEqualTo(found(WatchState.CONFLICT, 10, -1, 0, 0));
        assertThat(events())
                .containsExactly("CONFLICT: visits.csv at delivery 'lakeside': replaced by something of another size or"
                        + " kind: left alone, watched no more (job=visits, run=1)");

        lakeside.takeAll();
        sandbox.advance(Duration.ofHours(1));
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @Test
    void should_overwrite_nothing_that_appears_between_inspection_and_copy() {
        sandbox.add(ExportJob.builder(
                                "visits",
                                Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                                        .build())
                        .deliverTo(new Hooked(lakeside, location -> lakeside.put(location, "another owner's")))
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .build())
                .runNow();
        lakeside.takeAll();

        sandbox.advance(INTERVAL);

        assertThat(lakeside.file("visits.csv").text()).isEqualTo("another owner's");
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(watched()).isEqualTo(found(WatchState.MISSING, 10, -1, 1, 0));
        assertThat(kinds()).containsExactly(Kind.NOT_RECOPIED);
    }

    @Test
    void should_copy_nothing_when_the_connection_broke_after_a_file_was_missed() {
        source.put(Visit.of(2, "b", "2026-02-01T00:00:00Z"));
        sandbox.add(ExportJob.builder(
                                "visits",
                                Visit.export(source, f -> f.name("visits.csv"))
                                        .folderPer(Visit::note)
                                        .build())
                        .deliverTo(new Hooked(lakeside, location -> {
                            if (location.equals("a/visits.csv")
                                    && lakeside.files().size() == 1) { // by the watch
                                lakeside.failNext(Operation.INSPECT, Failure.REFUSED);
                            }
                        }))
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .build())
                .runNow();
        lakeside.take("a/visits.csv");

        sandbox.advance(INTERVAL);

        assertThat(lakeside.arrivals()).hasSize(2);
        assertThat(watched(1)).containsOnly(found(WatchState.NOT_SAID, 10, -1, 0, 0));
    }

    /** Does something as soon as a file was inspected. */
    private record Hooked(InMemoryDelivery delivery, Consumer<String> afterLook) implements Delivery {

        @Override
        public String id() {
            return delivery.id();
        }

        @Override
        public DeliverySession open() {
            return new Session(afterLook, delivery.open());
        }

        private record Session(Consumer<String> afterLook, DeliverySession session) implements DeliverySession {

            @Override
            public PreparedFile prepare(OutgoingFile file) throws Exception {
                return session.prepare(file);
            }

            @Override
            public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
                return session.publish(prepared, file);
            }

            @Override
            public void discard(OutgoingFile file) throws Exception {
                session.discard(file);
            }

            @Override
            public Inspection inspect(String location) throws Exception {
                Inspection answer = session.inspect(location);
                afterLook.accept(location);
                return answer;
            }

            @Override
            public void close() {
                session.close();
            }
        }
    }

    @Test
    void should_end_with_the_next_run() {
        JobHandle job = sandbox.add(visits().build());
        job.runNow();
        sandbox.advance(Duration.ofMinutes(5));
        job.runNow();
        lakeside.take("visits-1.csv");

        sandbox.advance(Duration.ofMinutes(9));
        assertThat(watched(1)).containsExactly(WatchRecord.NONE);
        assertThat(watched(2)).containsExactly(WatchRecord.NONE);

        sandbox.advance(Duration.ofMinutes(1));
        assertThat(watched(1)).containsExactly(WatchRecord.NONE);
        assertThat(watched(2)).containsExactly(found(WatchState.SEEN, 15, 15, 0, 0));
        assertThat(lakeside.arrivals()).hasSize(2);
    }

    @Test
    void should_end_with_the_next_run_even_if_that_has_no_file() {
        JobHandle job = sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv").whenEmpty(WhenEmpty.NO_FILE))
                                .build())
                .deliverTo(lakeside)
                .watch(DeliveredFileWatch.everyTenMinutes())
                .build());
        job.runNow();
        assertThat(job.runNow().status()).isEqualTo(RunStatus.EMPTY);
        lakeside.takeAll();

        assertThat(sandbox.advance(Duration.ofDays(1))).isZero();
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @Test
    void should_watch_the_file_of_a_scheduled_run_beyond_runs_on_request() {
        JobHandle job = sandbox.add(
                visits().schedule(Schedule.every(Duration.ofHours(6), START)).build());
        sandbox.advance(Duration.ofHours(6));
        source.put(Visit.of(7, "new", "2026-03-02T01:00:00Z"));
        ExportRun manual = job.runNow();
        List<String> paths =
                lakeside.arrivals().stream().map(DeliveredFile::path).toList();
        assertThat(paths).hasSize(2);
        lakeside.take(paths.get(0));

        sandbox.advance(INTERVAL);

        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly(paths.get(0), paths.get(1), paths.get(0));
        lakeside.take(paths.get(1));
        sandbox.advance(INTERVAL);
        assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).endsWith(paths.get(1));
        assertThat(watched(manual.number()).get(0).state()).isEqualTo(WatchState.RECOPIED);

        sandbox.advance(Duration.ofHours(6)); // the next scheduled run ends both
        lakeside.takeAll();
        int arrived = lakeside.arrivals().size();
        sandbox.advance(Duration.ofMinutes(30));
        assertThat(lakeside.arrivals().size() - arrived).isLessThanOrEqualTo(1);
    }

    @Test
    void should_not_watch_a_file_that_a_run_on_request_has_replaced() {
        JobHandle job = sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                                .build())
                .schedule(Schedule.every(Duration.ofHours(6), START))
                .watch(DeliveredFileWatch.every(INTERVAL).recopyUntilNextExport())
                .deliverTo(lakeside)
                .build());
        sandbox.advance(Duration.ofHours(6));
        source.put(Visit.of(7, "new", "2026-03-02T01:00:00Z"));
        ExportRun manual = job.runNow();
        lakeside.take("visits.csv");

        sandbox.advance(INTERVAL);

        assertThat(lakeside.file("visits.csv").lines()).hasSize((int) manual.rows() + 1);
        assertThat(lakeside.arrivals()).hasSize(3);
    }

    @Test
    void should_find_a_file_where_the_receiver_moves_it() {
        JobHandle job =
                sandbox.add(visits().watch(DeliveredFileWatch.every(INTERVAL).takenInto("failed", "done"))
                        .build());
        job.runNow();
        DeliveredFile file = lakeside.take("visits-1.csv");
        lakeside.put("done/visits-1.csv", file.text());

        sandbox.advance(INTERVAL);

        assertThat(watched().state()).isEqualTo(WatchState.TAKEN);
        assertThat(events()).isEmpty();
        sandbox.advance(Duration.ofHours(1));
        assertThat(lakeside.arrivals()).hasSize(1);
    }

    @Test
    void should_copy_a_file_again_whose_namesake_in_another_folder_is_another_file() {
        JobHandle job =
                sandbox.add(visits().watch(DeliveredFileWatch.every(INTERVAL).takenInto("done"))
                        .build());
        job.runNow();
        lakeside.take("visits-1.csv");
        lakeside.put("done/visits-1.csv", "an older one");

        sandbox.advance(INTERVAL);

        assertThat(watched().state()).isEqualTo(WatchState.RECOPIED);
        assertThat(lakeside.arrivals()).hasSize(2);
    }

    @Test
    void should_refuse_folders_that_lead_elsewhere() {
        for (String folder : List.of("", "..", "a/b", "a\\b", ".hidden")) {
            assertThatThrownBy(() -> DeliveredFileWatch.everyTenMinutes().takenInto(folder))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("takenInto has the folder '" + folder + "': ");
        }
    }

    @Test
    void should_continue_after_runs_that_moved_no_position() {
        JobHandle job = sandbox.add(visits().build());
        job.runNow();
        job.sendTestRecord("visits", "1");
        lakeside.takeAll();

        sandbox.advance(INTERVAL);

        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly("visits-1.csv", "test-2-visits-2.csv", "visits-1.csv");
    }

    @Test
    void should_skip_an_inspection_while_a_run_is_in_progress() {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();

        try (JobLock lock = sandbox.store().tryLock("visits").orElseThrow()) {
            assertThat(lock.token()).isPositive();
            sandbox.advance(Duration.ofMinutes(19));
            assertThat(watched()).isEqualTo(WatchRecord.NONE);
            assertThat(lakeside.arrivals()).hasSize(1);
        }

        sandbox.advance(Duration.ofMinutes(1));
        assertThat(watched()).isEqualTo(found(WatchState.RECOPIED, 20, -1, 1, 1));
    }

    @Test
    void should_copy_nothing_while_a_newer_run_is_being_published() {
        JobHandle job = sandbox.add(visits().build());
        job.runNow();
        lakeside.takeAll();
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);

        sandbox.advance(Duration.ofMinutes(119));

        assertThat(watched(1)).containsExactly(WatchRecord.NONE);
        assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).containsExactly("visits-1.csv");
    }

    @Test
    void should_not_wake_a_failed_run_before_its_time() {
        JobHandle job = sandbox.add(visits().watch(DeliveredFileWatch.every(Duration.ofMinutes(1)))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        sandbox.advance(Duration.ofHours(8));
        assertThat(Runs.newest(sandbox.engine(), job, 9)).hasSize(1);
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);

        lakeside.failNext(Operation.PREPARE, Failure.REFUSED).failNext(Operation.PREPARE, Failure.REFUSED);

        sandbox.advance(Duration.ofHours(23).plusMinutes(5)); // attempts after about 0, 1 and 3 minutes
        ExportRun waiting = Runs.newest(sandbox.engine(), job, 9).get(0);
        assertThat(waiting.status()).isEqualTo(RunStatus.WAITING);
        assertThat(waiting.attemptCount()).isEqualTo(3);
        assertThat(watched(1))
                .as("the last file is still watched")
                .extracting(WatchRecord::lastLooked)
                .containsExactly(Optional.of(START.plus(Duration.ofHours(31)).plus(Duration.ofMinutes(5))));

        sandbox.advance(Duration.ofMinutes(5));
        assertThat(Runs.newest(sandbox.engine(), job, 9))
                .extracting(ExportRun::status)
                .containsExactly(RunStatus.COMMITTED, RunStatus.COMMITTED);
    }

    @Test
    void should_try_after_an_hour_what_an_operator_must_fix() {
        JobHandle job = sandbox.add(visits().watch(DeliveredFileWatch.every(Duration.ofMinutes(1)))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build());
        sandbox.advance(Duration.ofHours(8));
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);

        sandbox.advance(Duration.ofHours(23).plusMinutes(59));
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).publishing()).isTrue();
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).attemptCount()).isEqualTo(1);

        sandbox.advance(Duration.ofHours(24));
        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly("visits-1.csv", "visits-2.csv", "visits-3.csv");
    }

    @Test
    void should_fire_on_time_between_inspections() {
        JobHandle job = sandbox.add(visits().watch(DeliveredFileWatch.every(Duration.ofMinutes(7)))
                .schedule(Schedule.every(Duration.ofHours(1), START))
                .build());

        sandbox.advance(Duration.ofHours(3));

        assertThat(Runs.newest(sandbox.engine(), job, 9))
                .extracting(ExportRun::startedAt)
                .containsExactly(afterMinutes(180), afterMinutes(120), afterMinutes(60));
        assertThat(watched(2)).containsExactly(found(WatchState.SEEN, 176, 176, 0, 0));
    }

    @Test
    void should_try_a_copy_again_that_was_refused_before_anything_was_visible() {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED).failNext(Operation.PREPARE, Failure.REFUSED);

        sandbox.advance(Duration.ofMinutes(20));
        assertThat(watched()).isEqualTo(found(WatchState.MISSING, 20, -1, 1, 0));
        assertThat(kinds()).containsExactly(Kind.NOT_RECOPIED);

        sandbox.advance(INTERVAL);
        assertThat(watched()).isEqualTo(found(WatchState.RECOPIED, 30, -1, 1, 1));
        assertThat(kinds()).containsExactly(Kind.NOT_RECOPIED, Kind.RECOPIED);
    }

    @Test
    void should_count_a_copy_whose_answer_got_lost() {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();
        lakeside.failNext(Operation.PUBLISH, Failure.ANSWER_LOST);
        sandbox.advance(INTERVAL);
        assertThat(lakeside.arrivals()).hasSize(2);
        lakeside.takeAll();

        sandbox.advance(INTERVAL);

        assertThat(watched()).isEqualTo(found(WatchState.VANISHED, 20, -1, 2, 1));
        assertThat(lakeside.arrivals()).hasSize(2);
        assertThat(kinds()).containsExactly(Kind.NOT_RECOPIED, Kind.VANISHED_AGAIN);
    }

    @Test
    void should_inspect_each_destination_for_itself() {
        InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
        sandbox.add(visits().deliverTo(riverside).build()).runNow();
        lakeside.takeAll();

        sandbox.advance(INTERVAL);

        assertThat(lakeside.arrivals()).hasSize(2);
        assertThat(riverside.arrivals()).hasSize(1);
        assertThat(sandbox.store().run(1).orElseThrow().deliveries())
                .extracting(
                        FileDelivery::delivery,
                        step -> step.watch().orElseThrow().state())
                .containsExactly(tuple("lakeside", WatchState.RECOPIED), tuple("riverside", WatchState.SEEN));
    }

    @Test
    void should_not_copy_what_retention_has_deleted() {
        sandbox.add(visits().retention(Duration.ofHours(1)).build()).runNow();

        sandbox.advance(Duration.ofHours(5));

        assertThat(lakeside.files()).isEmpty();
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(watched()).isEqualTo(found(WatchState.SEEN, 50, 50, 0, 0));
        assertThat(kinds()).containsExactly(Kind.DELETED);
    }

    @Test
    void should_not_send_a_file_again_that_was_assumed_to_be_taken() {
        LyingDelivery lying = LyingDelivery.create("lakeside");
        lying.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                        .deliverTo(lying)
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .build())
                .runNow();

        sandbox.advance(Duration.ofHours(1));

        assertThat(lying.destination().arrivals()).hasSize(1);
        assertThat(deliveredFilesEvents()).isEmpty();
        assertThat(sandbox.engine().run(1).run().deliveries().get(0).watch()).isEmpty();
    }
}
