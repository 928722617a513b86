package io.outfeed.examples;

import static io.outfeed.field.Transformations.instant;
import static io.outfeed.field.Transformations.maxLength;
import static io.outfeed.field.Transformations.strip;
import static io.outfeed.field.Transformations.upperCase;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.examples.Interaction.Kind;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.JdbcWatermark;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** The interactions of a tenant: each day a new file with those that were added or changed since the last one. */
final class InteractionsExport {

    static final String JOB = "interactions-lakeside";

    private static final String CHANGED_IN_WINDOW = """
            SELECT interactions.*, interaction_id AS id FROM interactions
            WHERE tenant = :tenant AND updated_at >= :from AND updated_at < :until
            ORDER BY updated_at
            """;

    private static final String BY_KEY = """
            SELECT interactions.*, interaction_id AS id FROM interactions
            WHERE tenant = :tenant AND interaction_id IN (:keys)
            """;

    private InteractionsExport() {}

    /** What is exported. The definition knows no tenant, no time and no destination: many jobs share it. */
    static ExportDefinition<Interaction> definition(
            RecordSource<Interaction> source, Watermark<Interaction> watermark) {
        return ExportDefinition.builder("interactions", Interaction.class)
                .source(source)
                .recordKey(Interaction::id)
                .watermark(watermark)
                .fields(f -> f.field("interaction_id", Interaction::id)
                        .field("constituent_id", Interaction::constituentId)
                        .matchCodes(
                                "kind",
                                Interaction::kind,
                                c -> c.code(Kind.CALL, "C")
                                        .code(Kind.VISIT, "V")
                                        .code(Kind.EMAIL, "M")
                                        .code(Kind.EVENT, "E"))
                        .field("occurred_on", Interaction::occurredOn)
                        .field("channel", Interaction::channel, upperCase())
                        .field("note", Interaction::note, strip().andThen(maxLength(120)))
                        .field("updated_at", Interaction::updatedAt, instant("yyyy-MM-dd HH:mm:ss", ZoneOffset.UTC))
                        .skip("entered_by", "staff are not part of the agreement"))
                .file(f -> f.name("interactions-{sequence}-{window.until:yyyyMMdd'T'HHmmss}.csv"))
                .build();
    }

    /** By the database's clock; a test on a list has a watermark by its own clock. */
    static Watermark<Interaction> watermark(Duration settleTime) {
        return JdbcWatermark.timestamp("updated_at", Interaction::updatedAt).settleTime(settleTime);
    }

    /** When it runs, and where it delivers to. */
    static ExportJob job(ExportDefinition<Interaction> definition, Schedule schedule, Delivery... deliveries) {
        return ExportJob.builder(JOB, definition)
                .parameter("tenant", "lakeside")
                .schedule(schedule)
                .deliverTo(deliveries)
                .build();
    }

    /** Reads the host's table by the time of the last change. */
    static RecordSource<Interaction> source(DataSource database) {
        return JdbcRecordSource.builder(database, Interaction.class)
                .query(CHANGED_IN_WINDOW)
                .findByKey(BY_KEY)
                .build();
    }
}
