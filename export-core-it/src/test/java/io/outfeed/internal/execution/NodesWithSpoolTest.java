package io.outfeed.internal.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.file.PlainCopies;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.History;
import io.outfeed.operation.RecordTrace;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.schedule.Schedule;
import io.outfeed.spool.Spool;
import io.outfeed.spool.SpooledAttempt;
import io.outfeed.spool.SpooledFile;
import io.outfeed.support.FaultPlan;
import io.outfeed.support.FaultPlan.Fault;
import io.outfeed.support.Seal;
import io.outfeed.support.SimulatedProcess;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemorySpool;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that share a store and a spool, and no disk: each continues what another one has begun. */
class NodesWithSpoolTest {

    private static final String JOB = "visits-lakeside";

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T07:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final InMemorySpool spool = new InMemorySpool();
    private final ListSource<Visit> source = Visit.source();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ManualScheduler firstScheduler = new ManualScheduler(clock);
    private final ManualScheduler secondScheduler = new ManualScheduler(clock);

    private ExportEngine first;
    private ExportEngine second;

    @BeforeEach
    void startNodes() {
        first = node("first", firstScheduler, spool);
        second = node("second", secondScheduler, spool);
    }

    @AfterEach
    void closeNodes() {
        first.close();
        second.close();
    }

    private ExportEngine node(String name, ManualScheduler scheduler, Spool bytes) {
        return ExportEngine.builder()
                .directory(directory.resolve(name))
                .store(store)
                .spool(bytes)
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .keepHistory(Duration.ofDays(30))
                .build();
    }

    private ExportDefinition.Builder<Visit> visits() {
        return Visit.export(source, f -> f.name("visits-{sequence}.csv"));
    }

    private void addToBoth(UnaryOperator<ExportJob.Builder> options) {
        addToBoth(visits().build(), options);
    }

    private void addToBoth(ExportDefinition<Visit> definition, UnaryOperator<ExportJob.Builder> options) {
        for (ExportEngine node : List.of(first, second)) {
            node.add(options.apply(ExportJob.builder(JOB, definition)).build());
        }
    }

    private void put(long id, String note) {
        source.put(Visit.of(id, note, clock.instant().minusSeconds(60).toString()));
    }

    private ExportRun runInAnHour(ExportEngine node) {
        clock.advance(Duration.ofHours(1));
        return node.job(JOB).runNow();
    }

    private ExportRun stored(long run) {
        return store.run(run).orElseThrow();
    }

    private Path local(String node, String path) {
        return directory.resolve(node).resolve("spool").resolve(path);
    }

    /** The spool has what the ledger says, and nothing else. */
    private void assertSpoolIsAsInLedger(String what) {
        assertThat(spool.files()).as(what).allSatisfy(file -> {
            ExportRun run = stored(file.run());
            assertThat(file.token()).as("%s: token of %s", what, file).isEqualTo(run.spoolToken());
            assertThat(Stream.concat(
                            run.files().stream().map(staged -> staged.sha256()),
                            run.sidecars().stream().map(sidecar -> sidecar.sha256())))
                    .contains(file.sha256());
        });
        for (ExportRun run : store.runs(RunQuery.all().limit(100))) {
            if (run.spoolToken() > 0 && run.status() != RunStatus.FAILED) {
                assertThat(spool.files())
                        .as("%s: files of %s", what, run)
                        .filteredOn(file -> file.run() == run.number())
                        .hasSize(run.files().size()
                                + (run.number() == store.positions(JOB).run()
                                        ? run.sidecars().size()
                                        : 0));
            }
        }
    }

    // ---- runs that another node has begun

    @Test
    void should_open_the_plain_copy_of_an_encrypted_file_that_another_node_wrote() throws IOException {
        addToBoth(job -> job.deliverTo(lakeside).transforms(new Seal()).plainCopies(PlainCopies.KEEP));
        put(1, "a");
        ExportRun run = first.job(JOB).runNow();

        try (InputStream plain = second.run(run.number()).openPlain("visits-1.csv.sealed")) {
            assertThat(new String(plain.readAllBytes(), UTF_8)).isEqualTo("id,note\r\n1,a\r\n");
        }
        assertThat(second.job(JOB).findRecord("visits", "1").hits())
                .extracting(RecordTrace.Hit::run)
                .containsExactly(run.number());
    }

    @Test
    void should_finish_what_another_node_was_publishing() {
        InMemoryDelivery mails = InMemoryDelivery.withoutRename("mails");
        addToBoth(job -> job.deliverTo(mails));
        put(1, "a");
        mails.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        assertThat(stored(1).publishing()).isTrue();
        put(1, "changed since");

        second.job(JOB).runNow();

        assertThat(mails.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
        assertThat(local("second", "1/visits-1.csv")).hasContent("id,note\r\n1,a\r\n");
        assertThat(stored(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertSpoolIsAsInLedger("");
    }

    @Test
    void should_upload_what_another_node_has_staged_instead_of_reading_it_again() {
        addToBoth(job -> job.deliverTo(lakeside));
        put(1, "a");
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        source.remove(1L);

        ExportRun run = second.job(JOB).runNow();

        assertThat(run.number()).isEqualTo(1);
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_release_what_another_node_has_held() {
        addToBoth(job -> job.deliverTo(lakeside).holdIf((run, previous) -> Optional.of("a test")));
        put(1, "a");
        assertThat(first.job(JOB).runNow().status()).isEqualTo(RunStatus.HELD);

        second.run(1).release();

        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
    }

    /** The first node is killed before or after each of its steps, and its disk is lost. */
    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void should_lose_nothing_and_send_nothing_twice_wherever_a_node_dies(Fault fault) throws IOException {
        FaultPlan plan = new FaultPlan(fault, 0);
        for (int at = 1; killFirstNode(plan, directory.resolve(fault + "-" + at)); at++) {
            plan = new FaultPlan(fault, at);
        }
        assertThat(plan.steps())
                .containsSubsequence("spool.open", "spool.save", "store.append", "out.prepare", "out.publish");
    }

    /** Returns whether it was killed, or had no step left. */
    private boolean killFirstNode(FaultPlan plan, Path home) throws IOException {
        InMemoryStore shared = new InMemoryStore();
        InMemorySpool bytes = new InMemorySpool();
        InMemoryDelivery out = InMemoryDelivery.create("out");
        ListSource<Visit> records = Visit.source();
        ExportDefinition<Visit> definition = Visit.export(records, f -> f.name("visits-{sequence}.csv"))
                .watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id"))
                .build();
        List<ExportEngine> nodes = new ArrayList<>();
        for (String name : List.of("dying", "other")) {
            boolean dying = name.equals("dying");
            ExportEngine node = ExportEngine.builder()
                    .directory(home.resolve(name))
                    .store(dying ? plan.wrap(shared) : shared)
                    .spool(dying ? plan.wrap(bytes) : bytes)
                    .scheduler(new ManualScheduler(clock))
                    .clock(clock)
                    .retryPolicy(RetryPolicy.none())
                    .renameLooks(Duration.ZERO)
                    .build();
            node.add(ExportJob.builder(JOB, definition)
                    .deliverTo(dying ? plan.wrap(out) : out)
                    .build());
            nodes.add(node);
        }
        records.put(Visit.of(1, "a", "2026-03-01T00:00:00Z"));
        nodes.get(1).job(JOB).runNow();
        records.put(Visit.of(2, "b", "2026-03-01T00:00:00Z"));
        boolean died = false;
        try {
            nodes.get(0).job(JOB).runNow();
        } catch (SimulatedProcess.Crash e) {
            died = true;
        }
        String what = home.getFileName() + ", the last step of " + plan.steps();
        shared.breakLock(JOB);
        delete(home.resolve("dying"));
        records.put(Visit.of(3, "c", "2026-03-01T00:00:00Z"));

        nodes.get(1).job(JOB).runNow();
        nodes.get(1).job(JOB).runNow();

        assertThat(out.arrivals())
                .as(what)
                .flatExtracting(file -> file.lines().subList(1, file.lines().size()))
                .containsExactlyInAnyOrder("A,1,a", "A,2,b", "A,3,c");
        assertThat(out.arrivals()).as(what).extracting(DeliveredFile::path).doesNotHaveDuplicates();
        assertThat(shared.unfinishedRuns(JOB)).as(what).isEmpty();
        assertThat(out.temporaryNames()).as(what).isEmpty();
        assertThat(bytes.files())
                .as(what)
                .allSatisfy(file -> assertThat(file.token())
                        .as("%s of %s", file, what)
                        .isEqualTo(shared.run(file.run()).orElseThrow().spoolToken()));
        nodes.get(1).close();
        return died;
    }

    private static void delete(Path home) throws IOException {
        if (!Files.exists(home)) {
            return; // it died before it wrote a file
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void should_not_let_a_node_that_has_lost_its_lock_touch_what_its_successor_has_saved() throws Exception {
        addToBoth(job -> job.deliverTo(lakeside));
        put(1, "a");
        List<ExportRun> meanwhile = new ArrayList<>();
        ExportEngine suspended = node("suspended", new ManualScheduler(clock), new HookedSpool(() -> {
            store.breakLock(JOB);
            put(1, "changed since");
            put(2, "b");
            meanwhile.add(second.job(JOB).runNow());
        }));
        suspended.add(
                ExportJob.builder(JOB, visits().build()).deliverTo(lakeside).build());

        assertThatThrownBy(() -> suspended.job(JOB).runNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.LOCK_LOST));

        assertThat(meanwhile).singleElement().satisfies(run -> {
            assertThat(run.number()).isEqualTo(1);
            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        });
        assertThat(spool.files()).extracting(SpooledFile::name).containsExactly("visits-1.csv", "visits-1.csv");
        assertThat(read(first, 1, "visits-1.csv")).isEqualTo("id,note\r\n1,changed since\r\n2,b\r\n");

        first.start(); // sweeps
        firstScheduler.runDue();
        assertSpoolIsAsInLedger("after a sweep");
        assertThat(spool.files()).hasSize(1);
        suspended.close();
    }

    /** Something happens while the first file is saved. */
    private final class HookedSpool implements Spool {

        private final Runnable action;
        private boolean done;

        private HookedSpool(Runnable action) {
            this.action = action;
        }

        @Override
        public void save(SpooledFile file, InputStream content) throws Exception {
            if (!done) {
                done = true;
                action.run();
            }
            spool.save(file, content);
        }

        @Override
        public Optional<InputStream> open(SpooledFile file) throws Exception {
            return spool.open(file);
        }

        @Override
        public void delete(SpooledFile file) throws Exception {
            spool.delete(file);
        }

        @Override
        public void delete(long run, long token) throws Exception {
            spool.delete(run, token);
        }

        @Override
        public List<SpooledAttempt> attempts(SpooledAttempt after, int limit) throws Exception {
            return spool.attempts(after, limit);
        }
    }

    @Test
    void should_fetch_the_bytes_in_place_of_those_of_its_own_earlier_attempt() {
        InMemoryDelivery mails = InMemoryDelivery.withoutRename("mails");
        addToBoth(job -> job.deliverTo(mails));
        put(1, "a");
        mails.failNext(Operation.OPEN, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        assertThat(local("first", "1/visits-1.csv")).hasContent("id,note\r\n1,a\r\n");
        put(1, "changed since");
        second.add(ExportJob.builder(JOB, visits().version("2").build())
                .deliverTo(mails)
                .build());
        mails.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(() -> second.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        assertThat(stored(1).publishing()).isTrue();

        first.job(JOB).runNow();

        assertThat(mails.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,changed since\r\n");
        assertSpoolIsAsInLedger("");
    }

    // ---- what a run has kept for the next one

    @Test
    void should_find_late_records_whichever_node_made_the_run_before() {
        addToBoth(visits().lookback(Duration.ofHours(3)).build(), job -> job.deliverTo(lakeside));
        put(1, "a");
        runInAnHour(first);
        source.put(Visit.of(2, "b", clock.instant().plusSeconds(60).toString()));
        ExportRun second = runInAnHour(this.second);
        source.put(Visit.of(
                3, "late", clock.instant().minus(Duration.ofMinutes(90)).toString()));
        ExportRun third = runInAnHour(first);

        assertThat(second.note()).isEmpty();
        assertThat(third.note()).startsWith("1 record of 'visits' came late, behind the position");
        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note", "2,b");
        assertThat(lakeside.file("visits-3.csv").lines()).containsExactly("id,note", "3,late");
        assertSpoolIsAsInLedger("");
    }

    private ExportDefinition<Visit> changes() {
        return visits().watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id"))
                .build();
    }

    @Test
    void should_deliver_changes_whichever_node_made_the_run_before() {
        addToBoth(changes(), job -> job.deliverTo(lakeside));
        put(1, "a");
        put(2, "b");
        runInAnHour(first);
        put(2, "changed");
        runInAnHour(second);
        source.remove(1L);
        runInAnHour(first);
        runInAnHour(second);

        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("change,id,note", "A,1,a", "A,2,b");
        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("change,id,note", "C,2,changed");
        assertThat(lakeside.file("visits-3.csv").lines()).containsExactly("change,id,note", "D,1,");
        assertThat(lakeside.file("visits-4.csv").lines()).containsExactly("change,id,note");
        assertThat(spool.files())
                .as("what was delivered is there once")
                .extracting(file -> file.run() + " " + file.name())
                .containsExactly(
                        "1 visits-1.csv", "2 visits-2.csv", "3 visits-3.csv", "4 .visits.delivered", "4 visits-4.csv");
    }

    @Test
    void should_set_a_position_and_keep_what_the_other_definitions_have_delivered() {
        ExportDefinition<Visit> donors = ExportDefinition.builder("donors", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id"))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("donors-{sequence}.csv"))
                .build();
        addToBoth(changes(), job -> job.definition(donors).deliverTo(lakeside));
        put(1, "a");
        runInAnHour(first);

        second.job(JOB).resetPosition("visits", Watermark.fullSnapshot().beginning(), "a test");
        runInAnHour(first);

        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("change,id,note", "A,1,a");
        assertThat(lakeside.file("donors-2.csv").lines()).containsExactly("change,id");
        assertSpoolIsAsInLedger("");
    }

    @Test
    void should_not_take_damaged_sidecars_for_what_was_delivered() {
        addToBoth(changes(), job -> job.deliverTo(lakeside));
        put(1, "a");
        runInAnHour(first);
        spool.files().stream()
                .filter(file -> file.name().equals(".visits.delivered"))
                .forEach(spool::damage);

        assertThatThrownBy(() -> runInAnHour(second))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STORE_DAMAGED))
                .hasMessage("what was delivered can't be read from " + local("second", "1/.visits.delivered")
                        + ": it is damaged in the spool; put the file back, or call resetPosition(definition,"
                        + " watermark.beginning(), reason) to deliver all rows as added");
        assertThat(local("second", "1/.visits.delivered")).doesNotExist();

        runInAnHour(first);
        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("change,id,note");
    }

    @Test
    void should_say_that_late_records_are_unknown_where_the_spool_has_lost_what_was_seen() throws Exception {
        addToBoth(visits().lookback(Duration.ofHours(3)).build(), job -> job.deliverTo(lakeside));
        runInAnHour(first);
        spool.delete(1, Long.MAX_VALUE);

        assertThat(runInAnHour(second).note())
                .isEqualTo("records of 'visits' that came late were not looked for this time: what run 1 has seen is"
                        + " neither in this engine's directory nor in the spool");
    }

    // ---- requests

    private static String read(ExportEngine node, long run, String path) throws IOException {
        try (InputStream in = node.run(run).open(path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void should_serve_requests_for_the_runs_of_another_node() throws Exception {
        ExportDefinition<Visit> definition = visits().fields(f -> f.field("id", Visit::id)
                        .field("note", visit -> {
                            if (visit.note().isEmpty()) {
                                throw new IllegalStateException("a test");
                            }
                            return visit.note();
                        }))
                .rejectPolicy(RejectPolicy.skipUpTo(1))
                .build();
        addToBoth(definition, job -> job.deliverTo(lakeside));
        put(1, "a");
        put(2, "");
        first.job(JOB).runNow();
        put(1, "changed since");
        lakeside.takeAll();

        RecordTrace trace = second.job(JOB).findRecord("visits", "1");
        assertThat(trace.unread()).isEmpty();
        assertThat(trace.hits())
                .singleElement()
                .extracting(RecordTrace.Hit::row)
                .isEqualTo(1L);
        assertThat(local("second", "1")).as("a search copies nothing").doesNotExist();
        assertThat(second.run(1).rejects())
                .singleElement()
                .extracting(RejectedRecord::recordKey)
                .isEqualTo("2");
        assertThat(read(second, 1, "visits-1.csv")).isEqualTo("id,note\r\n1,a\r\n");
        assertThat(second.run(1).redeliver().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
        assertThat(read(first, 2, "visits-1.csv")).as("of the redelivery").isEqualTo("id,note\r\n1,a\r\n");
        assertSpoolIsAsInLedger("");
    }

    @Test
    void should_copy_again_what_another_node_has_delivered() {
        addToBoth(job -> job.deliverTo(lakeside)
                .schedule(Schedule.daily(LocalTime.of(8, 0), ZoneOffset.UTC))
                .watch(DeliveredFileWatch.everyTenMinutes()));
        put(1, "a");
        first.start();
        firstScheduler.advance(Duration.ofHours(1));
        first.close();
        lakeside.takeAll();
        second.start();

        secondScheduler.advance(Duration.ofMinutes(20));

        assertThat(lakeside.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
    }

    // ---- what is not needed any more

    @Test
    void should_remove_the_files_of_runs_that_another_node_prunes() {
        addToBoth(visits().lookback(Duration.ofHours(3)).build(), job -> job.deliverTo(lakeside));
        put(1, "a");
        first.job(JOB).runNow();
        assertThat(spool.files()).extracting(SpooledFile::name).containsExactly(".visits.seen", "visits-1.csv");
        assertThat(local("first", "1")).exists();

        clock.advance(Duration.ofDays(31));
        second.job(JOB).runNow();
        clock.advance(Duration.ofDays(31));
        second.job(JOB).runNow();
        assertThat(store.run(1)).isEmpty();
        assertThat(spool.files()).extracting(SpooledFile::run).doesNotContain(1L);
        assertSpoolIsAsInLedger("");

        first.start();
        firstScheduler.runDue();
        assertThat(local("first", "1")).as("on the disk of the other node").doesNotExist();
    }

    @Test
    void should_remove_the_files_of_a_purged_job() {
        addToBoth(job -> job.deliverTo(lakeside));
        put(1, "a");
        first.job(JOB).runNow();

        second.remove(JOB, History.PURGE);

        assertThat(spool.files()).isEmpty();
    }

    @Test
    void should_keep_nothing_of_runs_that_end_without_a_commit() {
        addToBoth(job -> job.deliverTo(lakeside).holdIf((run, previous) -> Optional.of("a test")));
        put(1, "a");
        first.job(JOB).runNow();
        assertThat(spool.files()).hasSize(1);
        second.run(1).discard();
        assertThat(spool.files()).isEmpty();

        addToBoth(job -> job.deliverTo(lakeside).retryFor(Duration.ZERO));
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        assertThat(stored(2).status()).isEqualTo(RunStatus.FAILED);
        assertThat(spool.files()).isEmpty();
    }

    @Test
    void should_sweep_once_a_day_what_no_run_needs() throws Exception {
        addToBoth(job -> job.deliverTo(lakeside));
        put(1, "a");
        ExportRun run = first.job(JOB).runNow();
        SpooledFile kept = spool.files().get(0);
        for (long[] attempt : new long[][] {{1, run.token() - 1}, {999, 5}}) {
            spool.save(
                    new SpooledFile(attempt[0], attempt[1], "left.csv", 0, "0".repeat(64)),
                    new ByteArrayInputStream(new byte[0]));
        }
        for (int i = 0; i < 250; i++) {
            spool.save(
                    new SpooledFile(1000 + i, 5, "left.csv", 0, "0".repeat(64)), new ByteArrayInputStream(new byte[0]));
        }
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        put(2, "b");
        assertThatThrownBy(() -> runInAnHour(first)).isInstanceOf(DeliveryException.class);
        SpooledFile waiting = spool.files().get(2);
        assertThat(waiting.run()).isEqualTo(2);

        second.start();
        spool.disconnect();
        secondScheduler.runDue();
        spool.reconnect();
        assertThat(spool.files()).hasSize(254);
        secondScheduler.advance(Duration.ofDays(1));
        secondScheduler.advance(Duration.ofSeconds(3));

        assertThat(spool.files()).contains(kept).extracting(SpooledFile::name).doesNotContain("left.csv");
        assertSpoolIsAsInLedger("");
    }

    // ---- a spool that fails

    @Test
    void should_wait_and_publish_nothing_while_the_spool_is_away() {
        addToBoth(job -> job.deliverTo(lakeside));
        put(1, "a");
        spool.disconnect();

        assertThatThrownBy(() -> first.job(JOB).runNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SPOOL_UNAVAILABLE))
                .hasMessage("can't save visits-1.csv in the spool, and nothing was published: check that this node can"
                        + " reach the spool (job=visits-lakeside, run=1)");

        assertThat(stored(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.BACKOFF);
        assertThat(stored(1).files()).as("not staged").isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        spool.reconnect();
        put(1, "changed since");
        second.job(JOB).runNow();
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,changed since");
        assertSpoolIsAsInLedger("");
    }

    @Test
    void should_deliver_what_it_has_itself_while_the_spool_is_away() {
        addToBoth(job -> job.deliverTo(lakeside));
        put(1, "a");
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        spool.disconnect();

        assertThat(first.job(JOB).runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_wait_with_a_run_of_another_node_while_the_spool_is_away() {
        InMemoryDelivery mails = InMemoryDelivery.withoutRename("mails");
        addToBoth(job -> job.deliverTo(mails));
        put(1, "a");
        mails.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        spool.disconnect();

        assertThatThrownBy(() -> second.job(JOB).runNow())
                .isInstanceOf(StoreException.class)
                .hasMessage("can't read visits-1.csv from the spool: check that this node can reach the spool"
                        + " (job=visits-lakeside, run=1)");

        assertThat(stored(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.BACKOFF);
        assertThat(stored(1).failure()).map(RunFailure::code).contains(FailureCode.SPOOL_UNAVAILABLE);
        assertThat(mails.arrivals()).isEmpty();
        spool.reconnect();
        second.job(JOB).runNow();
        assertThat(mails.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
    }

    @Test
    void should_commit_a_run_whose_copies_the_spool_does_not_give() {
        InMemoryDelivery archive = InMemoryDelivery.create("archive");
        addToBoth(job -> job.deliverTo(lakeside).copyTo(archive));
        put(1, "a");
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED); // uploaded: the other node has to rename it only
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        spool.disconnect();

        assertThatThrownBy(() -> second.job(JOB).runNow())
                .as("the run after it can't be staged")
                .hasMessageContaining("run=2");

        assertThat(stored(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
        assertThat(archive.arrivals()).isEmpty();
    }

    @Test
    void should_send_nothing_of_bytes_that_the_spool_has_changed() {
        InMemoryDelivery mails = InMemoryDelivery.withoutRename("mails");
        addToBoth(job -> job.deliverTo(mails));
        put(1, "a");
        mails.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        spool.damage(spool.files().get(0));

        assertThatThrownBy(() -> second.job(JOB).runNow())
                .isInstanceOf(DeliveryException.class)
                .hasMessage("the bytes of visits-1.csv in the spool are not those that were staged, and are not sent:"
                        + " start the node that staged them, or call giveUp(reason) on engine.run(1)"
                        + " (job=visits-lakeside, run=1)");

        assertThat(mails.arrivals()).isEmpty();
        assertThat(local("second", "1/visits-1.csv")).doesNotExist();
        assertThat(stored(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.PERSON);
        first.job(JOB).runNow();
        assertThat(mails.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
    }

    @Test
    void should_read_again_what_is_damaged_and_was_not_published() {
        addToBoth(job -> job.deliverTo(lakeside));
        put(1, "a");
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        spool.damage(spool.files().get(0));
        assertThatThrownBy(() -> second.job(JOB).runNow()).isInstanceOf(DeliveryException.class);

        ExportRun run = second.job(JOB).runNow();

        assertThat(run.number()).isEqualTo(1);
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
        assertSpoolIsAsInLedger("");
    }

    @Test
    void should_wait_for_the_node_with_the_bytes_where_the_spool_has_lost_them() throws Exception {
        InMemoryDelivery mails = InMemoryDelivery.withoutRename("mails");
        addToBoth(job -> job.deliverTo(mails));
        put(1, "a");
        mails.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(() -> first.job(JOB).runNow()).isInstanceOf(DeliveryException.class);
        spool.delete(1, Long.MAX_VALUE);

        assertThatThrownBy(() -> second.job(JOB).runNow())
                .isInstanceOf(DeliveryException.class)
                .hasMessage("the bytes of visits-1.csv are neither in this engine's directory nor in the spool, and no"
                        + " others may follow what may have been published: start the node that staged them, or call"
                        + " giveUp(reason) on engine.run(1) (job=visits-lakeside, run=1)");
        assertThat(stored(1).waiting()).map(Waiting::cause).contains(Waiting.Cause.BYTES_ELSEWHERE);

        first.job(JOB).runNow();
        assertThat(mails.file("visits-1.csv").text()).isEqualTo("id,note\r\n1,a\r\n");
    }

    @Test
    void should_mend_a_changed_file_of_its_own_from_the_spool() throws Exception {
        addToBoth(job -> job.deliverTo(lakeside));
        put(1, "a");
        first.job(JOB).runNow();
        lakeside.takeAll();
        Files.writeString(local("first", "1/visits-1.csv"), "id,note\r\n1,b\r\n");

        assertThat(read(first, 1, "visits-1.csv")).isEqualTo("id,note\r\n1,a\r\n");
        assertThat(first.run(1).redeliver().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_save_nothing_of_a_run_without_files() {
        addToBoth(
                Visit.export(source, f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                        .build(),
                job -> job.deliverTo(lakeside));
        spool.disconnect();

        assertThat(first.job(JOB).runNow().status()).isEqualTo(RunStatus.EMPTY);
    }

    @Test
    void should_say_that_a_file_is_elsewhere_without_a_spool() {
        ExportEngine alone = ExportEngine.builder()
                .directory(directory.resolve("alone"))
                .store(store)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .build();
        addToBoth(job -> job.deliverTo(lakeside));
        alone.add(ExportJob.builder(JOB, visits().build()).deliverTo(lakeside).build());
        put(1, "a");
        first.job(JOB).runNow();

        assertThatThrownBy(() -> alone.run(1).open("visits-1.csv"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.BYTES_ELSEWHERE))
                .hasMessage("the bytes of visits-1.csv are not in this engine's directory: if another node has them,"
                        + " let the nodes share the directory or use a spool; only runs that staged a file and were not"
                        + " discarded or cancelled keep them (job=visits-lakeside, run=1)");
        assertThatThrownBy(() -> alone.run(1).redeliver())
                .isInstanceOf(StoreException.class)
                .hasMessage("the bytes of visits-1.csv are not in this engine's directory: if another node has them,"
                        + " let the nodes share the directory or use a spool; reExport() reads them afresh"
                        + " (job=visits-lakeside, run=1)");
        alone.close();
    }
}
