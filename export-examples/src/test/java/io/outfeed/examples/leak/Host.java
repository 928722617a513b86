package io.outfeed.examples.leak;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.StoreException;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.mail.MailDelivery;
import io.outfeed.mail.MailNotifier;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.RecordPreview;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.schedule.Schedule;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/**
 * A host whose records and secrets are canaries: its records and its state are in a database, it exports by SFTP and by
 * mail, and is notified by mail. One thing fails.
 */
final class Host implements AutoCloseable {

    private final Fault fault;
    private final Outlets outlets;
    private final Crm crm;
    private final Connection state;
    private final Receiver receiver;
    private final Mails mails;
    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final JdbcStore store;
    private final ExportEngine engine;
    private final JobHandle job;

    /** The store and what listens fail once the engine has started. */
    private final AtomicBoolean failing = new AtomicBoolean();

    Host(Path home, Fault fault, Outlets outlets) throws IOException, GeneralSecurityException, SQLException {
        this.fault = fault;
        this.outlets = outlets;
        JdbcDataSource database = Crm.inMemory("state-" + fault);
        state = database.getConnection();
        crm = new Crm(fault);
        receiver = new Receiver(home, fault);
        mails = new Mails(fault);
        store = JdbcStore.builder(Driver.failing(database, this::storeFailure))
                .retryTimeout(Duration.ZERO)
                .migrate()
                .build();
        MailNotifier notifier = mails.notifier();
        SftpDelivery sftp = receiver.delivery();
        MailDelivery mail = mails.delivery();
        ExportDefinition<Pupil> definition = new PupilExport(fault, crm.dataSource(), outlets).definition();
        ExportJob exported = ExportJob.builder("lakeside", definition)
                .schedule(Schedule.every(Duration.ofHours(1), clock.instant()))
                .parameter("tenant", Canary.PARAMETER.text)
                .holdIf((staged, before) -> {
                    fault.failAt(Fault.GUARD);
                    return Optional.empty();
                })
                .pauseAfterFailures(2)
                .retryFor(Duration.ofHours(1))
                .deliverTo(sftp, mail)
                .copyTo(new HostDelivery(fault))
                .build();
        engine = ExportEngine.builder()
                .directory(home.resolve("engine"))
                .store(fault == Fault.STORE_OF_THE_HOST ? storeOfHost() : store)
                .clock(clock)
                .scheduler(scheduler)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listenerExecutor(listenerExecutor())
                .listener(event -> outlets.add("event", event.toString()))
                .listener(event -> fault.failAt(Fault.LISTENER))
                .listener(notifier)
                .build();
        job = engine.add(exported);
        engine.start();
        failing.set(true);
        for (Object shown : List.of(
                notifier,
                sftp,
                mail,
                mails.server(),
                definition,
                definition.fields(),
                definition.file(),
                definition.source(),
                definition.parameters(),
                exported,
                exported.parameters(),
                engine,
                store,
                job)) {
            outlets.add("toString of " + shown.getClass().getName(), shown.toString());
        }
    }

    /** Does with the job what people and schedules do. */
    void work() {
        call(() -> scheduler.advance(Duration.ofMinutes(61)));
        call(job::runNow);
        call(job::check);
        call(() -> job.preview(PupilExport.NAME, Canary.KEY.text).stream()
                .map(RecordPreview::fields)
                .toList());
        call(() -> job.sendTestRecord(PupilExport.NAME, Canary.KEY.text));
        call(() -> job.findRecord(PupilExport.NAME, Canary.KEY.text));
        call(() -> scheduler.advance(Duration.ofHours(3)));
        failing.set(false);
        call(() -> scheduler.advance(Duration.ofHours(3)));
        call(() -> engine.jobs(JobQuery.all()));
        call(() -> engine.litter());
        for (ExportRun run : engine.runs(RunQuery.all()).runs()) {
            outlets.add("run", run + " " + run.note() + " " + run.failure() + run.attempts() + run.log() + run.files());
            if (fault == Fault.NOTHING) {
                call(() -> engine.run(run.number()).redeliver());
            }
            call(() -> engine.run(run.number()).rejects());
        }
    }

    private void call(Callable<?> operation) {
        try {
            outlets.add("result", String.valueOf(operation.call()));
        } catch (Throwable e) { // what a host would log
            outlets.add("exception", e);
        }
    }

    private @Nullable Throwable storeFailure(Class<?> type, String method) {
        if (!failing.get()) {
            return null;
        }
        String call = type.getSimpleName() + "." + method;
        return switch (fault) {
            case STORE_APPENDS_NOT -> call.equals("PreparedStatement.executeUpdate") ? Driver.exception("22001") : null;
            case STORE_BREAKS -> call.equals("Connection.commit") ? Driver.exception("08006") : null;
            case STORE_CONNECTS_NOT -> call.equals("DataSource.getConnection") ? Driver.exception("08001") : null;
            case STORE_THROWS_OTHERS ->
                call.equals("PreparedStatement.executeUpdate") ? new UnsupportedOperationException(Canary.all()) : null;
            default -> null;
        };
    }

    /** Fails as a store that the host has written, which names what it has thrown as a cause. */
    private ExportStore storeOfHost() {
        return Driver.proxy(ExportStore.class, store, (type, method) -> {
            boolean fails = failing.get() && !method.equals("close") && !method.equals("tryLock");
            return fails
                    ? new StoreException("the host's store is away", new IllegalStateException(Canary.all()))
                    : null;
        });
    }

    private Executor listenerExecutor() {
        return task -> {
            if (fault == Fault.LISTENER_EXECUTOR && failing.get()) {
                throw new RejectedExecutionException(Canary.all());
            }
            task.run();
        };
    }

    /** Adds what is kept: the mails of the notifier, and what the store has, but for positions. */
    @Override
    public void close() throws IOException, SQLException {
        engine.close();
        store.close();
        mails.notices().forEach(message -> outlets.add("notice", message));
        try (Statement statement = state.createStatement()) {
            for (String table : List.of("run", "run_step", "job", "fire", "lock", "renamed_job")) {
                try (ResultSet rows = statement.executeQuery("SELECT * FROM outfeed_" + table)) {
                    while (rows.next()) {
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            outlets.add("table " + table, String.valueOf(rows.getString(i)));
                        }
                    }
                }
            }
        }
        receiver.close();
        mails.close();
        crm.close();
        state.close();
    }
}
