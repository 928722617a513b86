package io.outfeed.examples;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.file.transform.Gzip;
import io.outfeed.ftp.FtpsDelivery;
import io.outfeed.http.HttpDelivery;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.mail.MailDelivery;
import io.outfeed.mail.MailSecurity;
import io.outfeed.mail.MailServer;
import io.outfeed.pgp.PgpEncryption;
import io.outfeed.pgp.PgpKeySource;
import io.outfeed.run.RunStatus;
import io.outfeed.s3.S3Delivery;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import io.outfeed.xlsx.XlsxFormat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;

/** A host that exports once, and closes its engine. Is loaded by a class loader of its own. */
public final class DeployedHost implements Runnable {

    /** What of the library it uses. */
    enum Part {
        DIRECTORY,
        SFTP,
        FTPS,
        S3,
        HTTP,
        MAIL,
        DATABASE,
        ENCRYPTED_WORKBOOK
    }

    /** Longer than the test: a connection that stays open is not closed by its timeout. */
    private static final Duration LONG = Duration.ofHours(1);

    private final Path directory;
    private final Part part;
    private final List<String> settings;

    /**
     * Takes only types that all class loaders share.
     *
     * @param settings where the server is, and how to log in there
     */
    public DeployedHost(Path directory, String part, List<String> settings) {
        this.directory = directory;
        this.part = Part.valueOf(part);
        this.settings = settings;
    }

    record Visit(String id, Instant at) {}

    @Override
    public void run() {
        ExportEngine.Builder builder = ExportEngine.builder().directory(directory.resolve("engine"));
        if (part == Part.DATABASE) {
            try (JdbcStore store = JdbcStore.builder(database()).migrate().build()) {
                export(builder.store(store));
            }
        } else {
            export(builder);
        }
    }

    private void export(ExportEngine.Builder builder) {
        try (ExportEngine engine = builder.build()) {
            engine.add(job());
            engine.start();
            RunStatus status = engine.job("visits-lakeside").runNow().status();
            if (status != RunStatus.COMMITTED) {
                throw new IllegalStateException("the run is " + status);
            }
        }
    }

    private ExportJob job() {
        boolean workbook = part == Part.ENCRYPTED_WORKBOOK;
        ExportDefinition<Visit> visits = ExportDefinition.builder("visits", Visit.class)
                .source(source())
                .recordKey(Visit::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Visit::id).field("at", Visit::at))
                .file(f -> {
                    f.name(part + "-{run}." + (workbook ? "xlsx" : "csv"));
                    if (workbook) {
                        f.format(XlsxFormat.builder().build());
                    }
                })
                .build();
        ExportJob.Builder job = ExportJob.builder("visits-lakeside", visits).deliverTo(delivery());
        return workbook ? job.transforms(Gzip.defaults(), encryption()).build() : job.build();
    }

    private RecordSource<Visit> source() {
        return part == Part.DATABASE
                ? JdbcRecordSource.builder(database(), Visit.class)
                        .query("SELECT 'v-1' AS id, CURRENT_TIMESTAMP AS at")
                        .build()
                : ListSource.create(Visit::id, Visit::at).put(new Visit("v-1", Instant.parse("2026-03-01T07:00:00Z")));
    }

    private JdbcDataSource database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL(settings.get(0));
        return database;
    }

    private PgpEncryption encryption() {
        return PgpEncryption.builder()
                .recipient(PgpKeySource.file(Path.of(settings.get(0))))
                .build();
    }

    private Delivery delivery() {
        return switch (part) {
            case SFTP ->
                SftpDelivery.builder("lakeside", "127.0.0.1")
                        .port(Integer.parseInt(settings.get(0)))
                        .user("outfeed")
                        .privateKey(Path.of(settings.get(1)))
                        .hostKey(settings.get(2))
                        .directory("/exports")
                        .idleTimeout(LONG)
                        .build();
            case FTPS ->
                FtpsDelivery.builder("lakeside", "127.0.0.1")
                        .port(Integer.parseInt(settings.get(0)))
                        .user("outfeed")
                        .password(settings.get(1))
                        .pinnedCertificate(settings.get(2))
                        .directory("/exports")
                        .idleTimeout(LONG)
                        .build();
            case S3 ->
                S3Delivery.builder("lakeside", "exports")
                        .endpointWithoutEncryption(URI.create(settings.get(0)))
                        .pathStyle()
                        .accessKey(settings.get(1), () -> settings.get(2).toCharArray())
                        .build();
            case HTTP ->
                HttpDelivery.post("lakeside", URI.create(settings.get(0)))
                        .withoutEncryption()
                        .build();
            case MAIL ->
                MailDelivery.builder(
                                "lakeside",
                                MailServer.builder("127.0.0.1")
                                        .port(Integer.parseInt(settings.get(0)))
                                        .security(MailSecurity.PLAIN_LOOPBACK_ONLY)
                                        .build())
                        .from("exports@vendor.example")
                        .to("office@lakeside.example")
                        .build();
            case DIRECTORY, DATABASE, ENCRYPTED_WORKBOOK -> DirectoryDelivery.to("lakeside", directory);
        };
    }
}
