package io.outfeed.sftp.lifecycle;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.run.RunStatus;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A host that builds an engine, exports once, and closes it. */
final class SmallHost implements Runnable {

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");

    /** Longer than any test: a connection that stays open is not closed by its timeout. */
    private static final Duration LONG = Duration.ofHours(1);

    private final Path directory;
    private final int port;
    private final String hostKey;

    SmallHost(Path directory, int port, String hostKey) {
        this.directory = directory;
        this.port = port;
        this.hostKey = hostKey;
    }

    record Interaction(String id, Instant updatedAt) {}

    @Override
    public void run() {
        try (ExportEngine engine = ExportEngine.builder().directory(directory).build()) {
            engine.add(job("interactions-lakeside"));
            engine.add(job("interactions-lakeside-too"));
            engine.start();
            for (String job : List.of("interactions-lakeside", "interactions-lakeside-too")) {
                RunStatus status = engine.job(job).runNow().status();
                if (status != RunStatus.COMMITTED) {
                    throw new IllegalStateException("the run of " + job + " is " + status);
                }
            }
        }
    }

    private ExportJob job(String name) {
        ListSource<Interaction> interactions = ListSource.create(Interaction::id, Interaction::updatedAt);
        interactions.put(new Interaction("i-1", SEVEN));
        ExportDefinition<Interaction> definition = ExportDefinition.builder("interactions", Interaction.class)
                .source(interactions)
                .recordKey(Interaction::id)
                .watermark(Watermark.timestamp(Interaction::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("interaction_id", Interaction::id))
                .file(f -> f.name("{job}-{run}.csv"))
                .build();
        return ExportJob.builder(name, definition)
                .maxDuration(LONG)
                .deliverTo(delivery())
                .build();
    }

    private Delivery delivery() {
        return SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(port)
                .user("outfeed")
                .password(() -> "secret".toCharArray())
                .hostKey(hostKey)
                .directory("/exports")
                .idleTimeout(LONG)
                .build();
    }
}
