package io.outfeed.examples;

import static io.outfeed.field.Transformations.maxLength;
import static io.outfeed.field.Transformations.strip;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.examples.Interaction.Kind;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.stream.Stream;

/** The example of the guide: what lies between the two marks is printed there. */
final class QuickStart {

    private QuickStart() {}

    /** What the host already has. */
    interface InteractionRepository {
        Stream<Interaction> changedBetween(Instant from, Instant until);
    }

    static ExportEngine start(InteractionRepository repository, Path home, Path outbox) {
        // quick-start:begin
        ExportDefinition<Interaction> interactions = ExportDefinition.builder("interactions", Interaction.class)
                .source(RecordSource.between(repository::changedBetween))
                .recordKey(Interaction::id)
                .watermark(Watermark.timestamp(Interaction::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("interaction_id", Interaction::id)
                        .matchCodes(
                                "kind",
                                Interaction::kind,
                                c -> c.code(Kind.CALL, "C").code(Kind.VISIT, "V"))
                        .field("note", Interaction::note, strip().andThen(maxLength(500))))
                .file(f -> f.name("interactions-{sequence}.csv"))
                .build();

        ExportEngine engine = ExportEngine.builder().directory(home).build(); // durable, such as /var/lib/outfeed
        engine.add(ExportJob.builder("interactions-lakeside", interactions)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneId.of("America/New_York")))
                .deliverTo(DirectoryDelivery.to("lakeside", outbox))
                .build());
        engine.start(); // and engine.close() when the host shuts down
        // quick-start:end
        return engine;
    }
}
