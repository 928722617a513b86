package io.outfeed.examples;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.examples.Registration.Program;
import io.outfeed.examples.Registration.Status;
import io.outfeed.field.Transformations;
import io.outfeed.file.IfExists;
import io.outfeed.file.WhenEmpty;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.JdbcWatermark;
import io.outfeed.source.RecordSource;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * The approved registrations of a tenant: one file for each school year, which replaces the one of the run before.
 *
 * <p>It reads the outbox, not the table of registrations: what counts is what was synced, and when. An edit that was
 * not synced is in no file.
 */
final class RegistrationsExport {

    static final String JOB = "registrations-lakeside";
    static final String DEFINITION = "registrations";

    private static final DateTimeFormatter US_DATE = DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.ROOT);

    private static final String SYNCED_IN_WINDOW = """
            SELECT registration_outbox.*, registration_id AS id FROM registration_outbox
            WHERE tenant = :tenant AND synced_at >= :from AND synced_at < :until
            QUALIFY ROW_NUMBER() OVER (PARTITION BY registration_id ORDER BY outbox_id DESC) = 1
            ORDER BY outbox_id
            """;

    private static final String SYNCED_BY_KEY = """
            SELECT registration_outbox.*, registration_id AS id FROM registration_outbox
            WHERE tenant = :tenant AND registration_id IN (:keys)
            QUALIFY ROW_NUMBER() OVER (PARTITION BY registration_id ORDER BY outbox_id DESC) = 1
            """;

    private RegistrationsExport() {}

    /** What is exported. A row of the outbox never changes, so that the filter may use its status. */
    static ExportDefinition<Registration> definition(RecordSource<Registration> source, Duration settleTime) {
        return ExportDefinition.builder(DEFINITION, Registration.class)
                .source(source)
                .recordKey(Registration::id)
                .watermark(JdbcWatermark.timestamp("synced_at", Registration::syncedAt)
                        .settleTime(settleTime))
                .filter(registration -> registration.status() == Status.APPROVED)
                .folderPer(Registration::schoolYear)
                .fields(f -> f.field("registration_id", Registration::id)
                        .field("student_id", Registration::studentId)
                        .field("school_year", Registration::schoolYear)
                        .field("grade", Registration::grade, Transformations.of(RegistrationsExport::gradeText))
                        .matchCodes(
                                "program",
                                Registration::program,
                                c -> c.code(Program.DAY, "D").code(Program.BOARDING, "B"))
                        .matchCodes("status", Registration::status, c -> c.code(Status.APPROVED, "ENR"))
                        .field("starts_on", Registration::startsOn, Transformations.of(US_DATE::format))
                        .skip("financial_aid", "not part of the agreement"))
                .file(f ->
                        f.name("registrations.csv").ifExists(IfExists.REPLACE).whenEmpty(WhenEmpty.NO_FILE))
                .build();
    }

    /** Where it delivers to. It has no schedule: it runs on demand. */
    static ExportJob job(ExportDefinition<Registration> definition, Delivery... deliveries) {
        return ExportJob.builder(JOB, definition)
                .parameter("tenant", "lakeside")
                .deliverTo(deliveries)
                .build();
    }

    /** Reads the latest copy of each registration in the outbox. */
    static RecordSource<Registration> source(DataSource database) {
        return JdbcRecordSource.builder(database, Registration.class)
                .query(SYNCED_IN_WINDOW)
                .findByKey(SYNCED_BY_KEY)
                .build();
    }

    private static String gradeText(int grade) {
        return grade == 0 ? "KG" : String.format(Locale.ROOT, "%02d", grade);
    }
}
