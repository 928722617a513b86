package io.outfeed.examples.leak;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.RetryPolicy;
import io.outfeed.error.StoreException;
import io.outfeed.field.FieldMark;
import io.outfeed.field.Fields;
import io.outfeed.field.MatchCodes;
import io.outfeed.field.Transformations;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordFormat;
import io.outfeed.format.RecordWriter;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.Row;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.mail.MailDelivery;
import io.outfeed.mail.MailNotifier;
import io.outfeed.mail.MailSecurity;
import io.outfeed.mail.MailServer;
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
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/**
 * A host whose records and secrets are canaries: its records and its state are in a database, it exports by SFTP and by
 * mail, and is notified by mail. One thing fails.
 */
final class Host implements AutoCloseable {

    private static final String DEFINITION = "pupils";
    private static final int PUPILS = 20;

    private final Fault fault;
    private final Outlets outlets;
    private final JdbcDataSource crm = new JdbcDataSource();
    private final JdbcDataSource state = new JdbcDataSource();
    private final Connection keepsCrm;
    private final Connection keepsState;
    private final Receiver receiver;
    private final Mailbox mailbox = new Mailbox();
    private final Mailbox notices = new Mailbox();
    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final JdbcStore store;
    private final ExportEngine engine;
    private final JobHandle job;

    /** The store and what listens fail once the engine has started. */
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Whether the source has run a query. */
    private final AtomicBoolean queried = new AtomicBoolean();

    Host(Path home, Fault fault, Outlets outlets) throws Exception {
        this.fault = fault;
        this.outlets = outlets;
        keepsCrm = open(crm, "crm-" + fault, Canary.DATABASE_PASSWORD.text);
        keepsState = open(state, "state-" + fault, Canary.DATABASE_PASSWORD.text);
        insertPupils();
        receiver = new Receiver(home, fault);
        script();
        store = JdbcStore.builder(Driver.failing(state, this::storeFailure))
                .retryTimeout(Duration.ZERO)
                .migrate()
                .build();
        MailNotifier notifier = notifier();
        SftpDelivery sftp = receiver.delivery();
        MailDelivery mail = mail();
        ExportDefinition<Pupil> definition = definition();
        ExportJob exported = ExportJob.builder("lakeside", definition)
                .schedule(Schedule.every(Duration.ofHours(1), clock.instant()))
                .parameter("tenant", Canary.PARAMETER.text)
                .holdIf((staged, before) -> {
                    at(Fault.GUARD);
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
                .listener(event -> at(Fault.LISTENER))
                .listener(notifier)
                .build();
        job = engine.add(exported);
        engine.start();
        failing.set(true);
        for (Object shown : List.of(
                notifier,
                sftp,
                mail,
                mailServer(mailbox),
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
        call(() -> job.preview(DEFINITION, Canary.KEY.text).stream()
                .map(RecordPreview::fields)
                .toList());
        call(() -> job.sendTestRecord(DEFINITION, Canary.KEY.text));
        call(() -> job.findRecord(DEFINITION, Canary.KEY.text));
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

    // ---- the database

    private static Connection open(JdbcDataSource database, String name, String password) throws SQLException {
        database.setURL("jdbc:h2:mem:" + name);
        database.setUser("crm");
        database.setPassword(password);
        return database.getConnection();
    }

    private void insertPupils() throws SQLException {
        try (Statement statement = keepsCrm.createStatement()) {
            statement.execute("CREATE TABLE pupils (id VARCHAR PRIMARY KEY, name VARCHAR, grade BIGINT, born DATE,"
                    + " email VARCHAR, tenant VARCHAR)");
        }
        try (PreparedStatement statement = keepsCrm.prepareStatement("INSERT INTO pupils VALUES (?, ?, ?, ?, ?, ?)")) {
            for (int i = 0; i < PUPILS; i++) {
                statement.setString(1, i == 0 ? Canary.KEY.text : Canary.KEY.text + "-" + i);
                statement.setString(2, Canary.NAME.text);
                statement.setLong(3, Long.parseLong(Canary.GRADE.text));
                statement.setObject(4, LocalDate.parse(Canary.BORN.text));
                statement.setString(5, Canary.EMAIL.text + (fault == Fault.ENCODING ? "\u0142" : ""));
                statement.setString(6, Canary.PARAMETER.text);
                statement.executeUpdate();
            }
        }
    }

    private DataSource crm() {
        if (fault == Fault.DATABASE_REFUSES_LOGIN) {
            JdbcDataSource refused = new JdbcDataSource();
            refused.setURL(crm.getURL());
            refused.setUser("crm");
            refused.setPassword(Canary.WRONG_DATABASE_PASSWORD.text);
            return refused;
        }
        return Driver.failing(crm, this::driverFailure);
    }

    private @Nullable Throwable driverFailure(Class<?> type, String method) {
        String call = type.getSimpleName() + "." + method;
        if (call.equals("PreparedStatement.executeQuery")) {
            queried.set(true);
        }
        return switch (fault) {
            case CONNECT_QUOTES_THE_URL -> call.equals("DataSource.getConnection") ? Driver.exception("08001") : null;
            case CONNECT_THROWS_OTHERS ->
                call.equals("DataSource.getConnection") ? new IllegalStateException(Canary.all()) : null;
            case DESCRIBE_QUOTES_A_PARAMETER ->
                call.equals("PreparedStatement.getMetaData") ? Driver.exception("22P02") : null;
            case EXECUTE_QUOTES_A_ROW ->
                call.equals("PreparedStatement.executeQuery") ? Driver.exception("23505") : null;
            case EXECUTE_QUOTES_THE_STATEMENT ->
                call.equals("PreparedStatement.executeQuery")
                        ? new SQLException("syntax error near '" + Canary.PARAMETER.text + "'", "42000", 1064)
                        : null;
            case NEXT_QUOTES_A_ROW -> call.equals("ResultSet.next") ? Driver.exception("P0001") : null;
            case NEXT_WITHOUT_STATE -> call.equals("ResultSet.next") ? Driver.exception(null) : null;
            case NEXT_THROWS_OTHERS ->
                call.equals("ResultSet.next") ? new UnsupportedOperationException(Canary.all()) : null;
            case CLOSE_STATEMENT ->
                call.equals("PreparedStatement.close") && queried.get() ? Driver.exception("22000") : null;
            case CLOSE_CONNECTION -> call.equals("Connection.rollback") ? Driver.exception("22000") : null;
            default -> null;
        };
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

    // ---- the records

    private ExportDefinition<Pupil> definition() {
        return ExportDefinition.builder(DEFINITION, Pupil.class)
                .source(source())
                .parameter("tenant")
                .recordKey(pupil -> fault == Fault.RECORD_KEY ? (Object) Integer.valueOf(pupil.name()) : pupil.id())
                .watermark(Watermark.fullSnapshot())
                .filter(pupil -> fault != Fault.FILTER || Integer.parseInt(pupil.name()) > 0)
                .fields(this::fields)
                .rejectPolicy(
                        fault == Fault.TOO_MANY_REJECTS
                                ? RejectPolicy.skipUpTo(3)
                                : fault == Fault.SOME_REJECTS ? RejectPolicy.skipUpTo(1000) : RejectPolicy.fail())
                .filePer(pupil -> fault == Fault.PARTITION ? "p" + Integer.valueOf(pupil.name()) : "all")
                .file(file -> file.name("pupils-{partition}-{sequence}.csv").format(format()))
                .build();
    }

    private JdbcRecordSource<Pupil> source() {
        String table = fault == Fault.QUERY_HAS_NO_TABLE ? "no_pupils" : "pupils";
        String name = fault == Fault.QUERY_CASTS_A_VALUE ? "CAST(CAST(name AS INT) AS VARCHAR)" : "name";
        String grade = fault == Fault.QUERY_DIVIDES ? "grade / 0" : "grade";
        String tenant = fault == Fault.QUERY_CASTS_A_PARAMETER ? "CAST(:tenant AS INT) = grade" : "tenant = :tenant";
        String columns = "SELECT id, " + name + " AS name, " + grade + " AS grade, born, email FROM " + table;
        String count = fault == Fault.COUNT_QUERY ? "SUM(CAST(name AS INT))" : "COUNT(*)";
        Function<String, ?> key = fault == Fault.FIND_BY_KEY ? Integer::valueOf : text -> text;
        return JdbcRecordSource.builder(crm(), Pupil.class)
                .query(columns + " WHERE " + tenant)
                .countQuery("SELECT " + count + " FROM pupils WHERE tenant = :tenant")
                .findByKey(columns + " WHERE id IN (:keys) AND " + tenant, key)
                .mapper(this::pupil)
                .build();
    }

    private Pupil pupil(Row row) {
        outlets.add("toString of a row", row.toString());
        if (fault == Fault.ROW_OF_ANOTHER_TYPE) {
            row.integer("NAME");
        }
        if (fault == Fault.ROW_MAPPER) {
            Integer.parseInt(String.valueOf(row.string("NAME")));
        }
        return new Pupil(
                String.valueOf(row.string("ID")),
                String.valueOf(row.string("NAME")),
                requireNonNull(row.number("GRADE")),
                requireNonNull(row.date("BORN")),
                String.valueOf(row.string("EMAIL")));
    }

    private void fields(Fields.Builder<Pupil> fields) {
        fields.field("id", Pupil::id);
        fields.field("name", pupil -> fault == Fault.FIELD ? Integer.valueOf(pupil.name()) : pupil.name());
        switch (fault) {
            case TRANSFORMATION ->
                fields.field("grade", Pupil::name, Transformations.of((String text) -> LocalDate.parse(text)));
            case MATCH_CODE, TOO_MANY_REJECTS ->
                fields.field(
                        "grade",
                        Pupil::name,
                        MatchCodes.<String>builder().code("other", "O").build());
            case SOME_REJECTS ->
                fields.field(
                        "grade",
                        pupil -> pupil.id().equals(Canary.KEY.text) ? "other" : pupil.name(),
                        MatchCodes.<String>builder().code("other", "O").build());
            default -> fields.field("grade", Pupil::grade);
        }
        fields.field("born", Pupil::born);
        if (fault == Fault.REQUIRED) {
            fields.field("email", pupil -> " ", FieldMark.REQUIRED);
        } else {
            fields.field("email", Pupil::email);
        }
    }

    private RecordFormat format() {
        CsvFormat csv = CsvFormat.builder().charset(StandardCharsets.ISO_8859_1).build();
        return fault != Fault.FORMAT ? csv : (headers, out) -> new FailingWriter(csv.open(headers, out));
    }

    /** Takes no name. */
    private record FailingWriter(RecordWriter csv) implements RecordWriter {

        @Override
        public void write(RecordCells cells) {
            Integer.parseInt(String.valueOf(cells.text(1)));
        }

        @Override
        public long bytes() {
            return csv.bytes();
        }

        @Override
        public void flush() throws IOException {
            csv.flush();
        }

        @Override
        public void close() throws IOException {
            csv.close();
        }
    }

    private void at(Fault place) {
        if (fault == place) {
            throw new IllegalStateException(Canary.all());
        }
    }

    // ---- mails

    private void script() {
        String said = Canary.SMTP_TEXT.text + " to <" + Canary.RECIPIENT.text + ">";
        switch (fault) {
            case SMTP_GREETING -> mailbox.on("CONNECT", "554 " + said);
            case SMTP_LOGIN, SMTP_LOGIN_WITH_TOKEN -> mailbox.on("AUTH", "535 5.7.8 " + said);
            case SMTP_LOGIN_BREAKS -> mailbox.on("AUTH", Mailbox.DROP);
            case SMTP_SENDER -> mailbox.on("MAIL", "550 5.7.1 " + said);
            case SMTP_RECIPIENT -> mailbox.on("RCPT", "550 5.1.1 " + said);
            case SMTP_RECIPIENT_LATER -> mailbox.on("RCPT", "450 4.2.1 " + said);
            case SMTP_DATA -> mailbox.on("DATA", "554 5.6.0 " + said);
            case SMTP_MESSAGE -> mailbox.on(".", "552 5.3.4 " + said);
            case SMTP_DROP -> mailbox.on(".", Mailbox.DROP);
            case NOTIFIER_LOGIN -> notices.on("AUTH", "535 5.7.8 " + said);
            case NOTIFIER_RECIPIENT -> notices.on("RCPT", "550 5.1.1 " + said);
            default -> {}
        }
    }

    private MailServer mailServer(Mailbox server) {
        MailServer.Builder builder = MailServer.builder("127.0.0.1")
                .port(server.port())
                .security(MailSecurity.PLAIN_LOOPBACK_ONLY)
                .user("outfeed");
        return switch (fault) {
            case SMTP_TOKEN, SMTP_LOGIN_WITH_TOKEN ->
                builder.accessToken(new Token()).build();
            case SMTP_TOKEN_SUPPLIER ->
                builder.accessToken(() -> {
                            throw new IllegalStateException(Canary.all());
                        })
                        .build();
            case SMTP_PASSWORD_SUPPLIER ->
                builder.password(() -> {
                            throw new AssertionError(Canary.all());
                        })
                        .build();
            default -> builder.password(Canary.SMTP_PASSWORD.text).build();
        };
    }

    /** A supplier that shows what it supplies. */
    private record Token() implements Supplier<String> {

        @Override
        public String get() {
            return Canary.ACCESS_TOKEN.text;
        }

        @Override
        public String toString() {
            return Canary.ACCESS_TOKEN.text;
        }
    }

    private MailDelivery mail() {
        return MailDelivery.builder("partner", mailServer(mailbox))
                .from("exports@vendor.example")
                .to(Canary.RECIPIENT.text)
                .subject("{rows} {definition} of {job}")
                .build();
    }

    private MailNotifier notifier() {
        MailNotifier.Builder builder = MailNotifier.builder("notices", mailServer(notices))
                .from("exports@vendor.example")
                .to("office@vendor.example")
                .events(event -> true)
                .link((run, file) -> {
                    at(Fault.NOTIFIER_LINK);
                    return URI.create("https://portal.vendor.example/" + run.number());
                });
        if (fault == Fault.NOTIFIER_RECIPIENTS_OF_HOST) {
            builder.to(event -> {
                throw new IllegalStateException(Canary.all());
            });
        } else if (fault == Fault.NOTIFIER_INVALID_RECIPIENT) {
            builder.to(event -> List.of(Canary.NAME.text));
        }
        return builder.build();
    }

    private Executor listenerExecutor() {
        return task -> {
            if (fault == Fault.LISTENER_EXECUTOR && failing.get()) {
                throw new RejectedExecutionException(Canary.all());
            }
            task.run();
        };
    }

    // ---- the end

    /** Adds what is kept: the mails of the notifier, and what the store has, but for positions. */
    @Override
    public void close() throws Exception {
        engine.close();
        store.close();
        notices.messages().forEach(message -> outlets.add("notice", message));
        try (Statement statement = keepsState.createStatement()) {
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
        mailbox.close();
        notices.close();
        keepsCrm.close();
        keepsState.close();
    }
}
