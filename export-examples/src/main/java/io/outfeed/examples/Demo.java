package io.outfeed.examples;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.delivery.Delivery;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The demonstration: a host with two exports, a receiver with an SFTP server, an FTPS server, buckets and mailboxes,
 * and a comparison of what arrived with the host's database. The process ends with 1 if anything differs.
 */
public final class Demo {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final String EXPORTS = "/exports";
    private static final String REGISTRATIONS = "/registrations";
    private static final String BUCKET = "registrations";
    private static final List<String> RECIPIENTS = List.of("office@lakeside.example", "data@partner.example");
    private static final String NOTIFIED = "registrar@lakeside.example";

    /** Two minutes are usual; too long for a demonstration. */
    private static final Duration SETTLE_TIME = Duration.ofSeconds(1);

    private static final int MOST_DIFFERENCES = 40;

    private final Clock clock = Clock.systemUTC();
    private final Report report = new Report();
    private final RunWatch scheduledRuns = new RunWatch();
    private final DemoDatabase database;
    private final DemoSftpServer sftp;
    private final DemoFtpServer ftps;
    private final DemoObjectServer objects;
    private final DemoMailServer mail;
    private final ExportEngine engine;
    private final Comparison comparison;

    private Demo(
            DemoDatabase database,
            DemoSftpServer sftp,
            DemoFtpServer ftps,
            DemoObjectServer objects,
            DemoMailServer mail,
            Path home) {
        this.database = database;
        this.sftp = sftp;
        this.ftps = ftps;
        this.objects = objects;
        this.mail = mail;
        this.comparison = new Comparison(database.dataSource());
        this.engine = ExportEngine.builder()
                .directory(home)
                .clock(clock)
                .listener(scheduledRuns)
                .listener(mail.notifier("lakeside-notices", InteractionsExport.JOB, NOTIFIED))
                .build();
    }

    /**
     * Runs the demonstration in a temporary directory, which is removed in the end. With the system property {@code
     * demo.console} it serves pages for operators until Enter is pressed.
     *
     * @param arguments none
     * @throws Exception if anything fails
     */
    public static void main(String... arguments) throws Exception {
        System.exit(show(Boolean.getBoolean("demo.console")) ? 0 : 1);
    }

    /**
     * Runs it.
     *
     * @param console whether to serve pages for operators until Enter is pressed
     * @return whether what arrived is what the database has
     */
    static boolean show(boolean console) throws Exception {
        try (TemporaryDirectory directory = TemporaryDirectory.create("outfeed-demo");
                DemoDatabase database = DemoDatabase.create(Clock.systemUTC());
                DemoSftpServer sftp = DemoSftpServer.start(directory.path());
                DemoFtpServer ftps = DemoFtpServer.start(directory.path());
                DemoObjectServer objects = DemoObjectServer.start(directory.path());
                DemoMailServer mail = DemoMailServer.start(directory.path())) {
            return new Demo(
                            database,
                            sftp,
                            ftps,
                            objects,
                            mail,
                            directory.path().resolve("outfeed"))
                    .run(console);
        }
    }

    private boolean run(boolean console) throws Exception {
        try (engine) {
            engine.start();
            introduce();
            interactions();
            registrations();
            mails();
            jobs();
            history();
            boolean same = compare();
            if (console) {
                serveConsole();
            }
            return same;
        }
    }

    private void serveConsole() throws IOException {
        report.chapter("Pages for operators");
        try (DemoConsole console = DemoConsole.serve(engine, NEW_YORK)) {
            report.line("open " + console.address() + " in a browser; Ctrl-C, or Enter, ends the demonstration");
            int pressed = System.in.read(); // the end of the input ends it too
            report.line(pressed < 0 ? "there is no input to wait for" : "the pages are gone");
        }
    }

    private void introduce() throws SQLException {
        report.chapter("A host with two customers, and a receiver: all of it on this machine");
        report.table(database.sizes());
        report.line(sftp.description());
        report.line(ftps.description());
        report.line(objects.description());
        report.line(mail.description());
    }

    // ---- a daily file of what changed, by SFTP and by mail

    private void interactions() throws Exception {
        report.chapter(InteractionsExport.JOB + ": each day what changed, to a directory and to two mailboxes");
        ExportDefinition<Interaction> definition = InteractionsExport.definition(
                InteractionsExport.source(database.dataSource()), InteractionsExport.watermark(SETTLE_TIME));
        Delivery[] deliveries = {sftp.delivery("lakeside-sftp", EXPORTS), mail.delivery("lakeside-mail", RECIPIENTS)};

        JobHandle job = engine.add(InteractionsExport.job(definition, dailySoon(), deliveries));
        report.nextFire(job, NEW_YORK);
        scheduledInteractions();

        report.emptyLine();
        report.line(database.editInteractions(37) + " interactions are edited and " + database.addInteractions(12)
                + " added; then the job gets another time");
        engine.add(InteractionsExport.job(definition, dailySoon(), deliveries));
        report.nextFire(job, NEW_YORK);
        scheduledInteractions();
        comparison.interactionsAfterAll();
        report.directory(EXPORTS, sftp.directory(EXPORTS));
    }

    private void scheduledInteractions() throws Exception {
        ExportRun run = scheduledRuns.await(Duration.ofSeconds(30));
        Path exports = sftp.directory(EXPORTS);
        report.run(run);
        report.firstLines(exports.resolve(run.files().get(0).path()), 4);
        comparison.interactions(run, exports);
    }

    /** A time of day a few seconds from now: later than the settle time, so that all changes made until now count. */
    private Schedule dailySoon() {
        LocalTime soon = ZonedDateTime.now(clock.withZone(NEW_YORK))
                .plusSeconds(4)
                .toLocalTime()
                .truncatedTo(ChronoUnit.SECONDS);
        return Schedule.daily(soon, NEW_YORK);
    }

    // ---- approved registrations, a file for each school year, on demand

    private void registrations() throws Exception {
        report.chapter(RegistrationsExport.JOB + ": the approved ones, a folder for each school year, when asked,"
                + " by SFTP, by FTPS and to a bucket");
        JobHandle job = engine.add(RegistrationsExport.job(
                RegistrationsExport.definition(RegistrationsExport.source(database.dataSource()), SETTLE_TIME),
                sftp.delivery("lakeside-registrations", REGISTRATIONS),
                ftps.delivery("partner-registrations", REGISTRATIONS),
                objects.delivery("archive-registrations", BUCKET)));

        String approved = database.registrationsIn("APPROVED", 1).get(0);
        String waitlisted = database.registrationsIn("WAITLISTED", 1).get(0);
        String withdrawn = database.registrationsIn("WITHDRAWN", 1).get(0);
        report.line("a preview of three records; nothing is written or sent:");
        report.previews(job.preview(RegistrationsExport.DEFINITION, approved, waitlisted, withdrawn));
        report.emptyLine();
        report.line("one of them is sent as a test:");
        report.run(job.sendTestRecord(RegistrationsExport.DEFINITION, approved));
        report.directory(REGISTRATIONS, sftp.directory(REGISTRATIONS));

        report.emptyLine();
        report.line("all that were approved:");
        ExportRun first = runRegistrations(job);
        report.firstLines(
                sftp.directory(REGISTRATIONS).resolve(first.files().get(0).path()), 3);

        report.emptyLine();
        report.line(database.approveAndSync(25) + " more are approved and synced, " + database.editWithoutSync(40)
                + " are edited but not synced; the files are replaced:");
        waitUntilSettled();
        runRegistrations(job);

        report.emptyLine();
        report.line("and once more, with nothing new:");
        runRegistrations(job);
    }

    private ExportRun runRegistrations(JobHandle job) throws IOException, SQLException {
        ExportRun run = job.runNow();
        report.run(run);
        report.directory(REGISTRATIONS, sftp.directory(REGISTRATIONS));
        comparison.registrations(run, sftp.directory(REGISTRATIONS));
        comparison.copies(run, ftps.directory(REGISTRATIONS));
        comparison.copies(run, objects.directory(BUCKET));
        return run;
    }

    /** What was changed less than the settle time ago belongs to the next window. */
    private void waitUntilSettled() {
        Instant settled = clock.instant().plus(SETTLE_TIME);
        while (!clock.instant().isAfter(settled)) {
            LockSupport.parkNanos(Duration.between(clock.instant(), settled).toNanos());
        }
    }

    // ---- what can be inspected afterwards

    private void mails() throws Exception {
        report.chapter("What is in the mailboxes");
        mail.await(comparison.exports() * (RECIPIENTS.size() + 1));
        report.mails(mail.mails());
        report.emptyLine();
        report.line("and the notifications of the files, with a link to each:");
        report.notices(mail.notices());
        comparison.attachments(mail.mails(), RECIPIENTS);
        comparison.notices(mail.notices(), NOTIFIED);
    }

    private void jobs() {
        report.chapter("All jobs, and whether everything works");
        report.jobs(engine.jobs(JobQuery.all()));
        report.emptyLine();
        JobHandle job = engine.job(InteractionsExport.JOB);
        report.line("the next fires of " + job.job().name() + ":");
        job.job().schedule().orElseThrow().explain(clock.instant(), 3).forEach(fire -> report.line("  " + fire));
        report.emptyLine();
        report.line("a check, which exports nothing:");
        job.check().findings().forEach(finding -> report.line("  " + finding));
    }

    private void history() {
        report.chapter("All runs");
        report.runs(engine.runs(RunQuery.all()).runs().stream()
                .sorted(Comparator.comparingLong(ExportRun::number))
                .toList());
    }

    private boolean compare() {
        report.chapter("What arrived, compared with the host's database");
        List<String> differences = comparison.differences();
        differences.stream().limit(MOST_DIFFERENCES).forEach(report::line);
        report.line(comparison.rows() + " rows and " + comparison.copies() + " copies compared, " + differences.size()
                + " differences");
        return differences.isEmpty();
    }
}
