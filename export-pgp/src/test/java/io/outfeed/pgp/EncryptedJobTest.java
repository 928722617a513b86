package io.outfeed.pgp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Protection;
import io.outfeed.error.FailureCode;
import io.outfeed.error.TransformException;
import io.outfeed.field.FieldMark;
import io.outfeed.file.transform.Gzip;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose files are encrypted. */
class EncryptedJobTest {

    private static final OpenPGPKey LAKESIDE = TestKeys.curve25519("lakeside");
    private static final OpenPGPKey EXPIRING = TestKeys.expiring(Duration.ofDays(47), Duration.ofDays(47));

    @TempDir
    private Path directory;

    /** 2026-03-02, 46 days after the keys were made. */
    private final SettableClock clock = SettableClock.at(TestKeys.NOON);

    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final InMemoryDelivery mail = InMemoryDelivery.create("mail").protection(Protection.PLAIN);
    private ExportEngine engine;
    private Path key;

    @BeforeEach
    void open() throws Exception {
        key = Files.write(directory.resolve("lakeside.pgp"), TestKeys.publicKey(LAKESIDE));
        engine = ExportEngine.builder()
                .directory(directory.resolve("engine"))
                .store(new InMemoryStore())
                .scheduler(scheduler)
                .clock(clock)
                .checkDestinationsEvery(Duration.ofDays(1))
                .build();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private record Pupil(String name) {}

    private static ExportDefinition.Builder<Pupil> pupils() {
        return ExportDefinition.builder("pupils", Pupil.class)
                .source(RecordSource.ofCollection(window -> List.of(new Pupil("Ada"))))
                .watermark(Watermark.fullSnapshot())
                .recordKey(Pupil::name)
                .fields(f -> f.field("name", Pupil::name, FieldMark.SENSITIVE))
                .file(f -> f.name("pupils-{sequence}.csv"));
    }

    private JobHandle add() {
        return add(pupils().build());
    }

    private JobHandle add(ExportDefinition<Pupil> definition) {
        return engine.add(ExportJob.builder("pupils", definition)
                .schedule(Schedule.daily(LocalTime.of(13, 0), ZoneOffset.UTC))
                .deliverTo(mail)
                .transforms(
                        Gzip.defaults(),
                        PgpEncryption.builder()
                                .recipient(PgpKeySource.file(key))
                                .keyCheck(KeyCheck.AT_RUN)
                                .build())
                .build());
    }

    private byte[] bytes(String path) {
        return mail.file(path).bytes();
    }

    @Test
    void should_send_sensitive_fields_by_a_plain_delivery_and_the_same_bytes_again() throws Exception {
        JobHandle job = add();

        ExportRun run = job.runNow();

        byte[] first = bytes("pupils-1.csv.gz.pgp");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(TestKeys.decrypt(LAKESIDE, first)))) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("name\r\nAda\r\n");
        }
        assertThat(run.files().get(0).encrypted()).isTrue();
        assertThat(plainFiles()).isEmpty();
        mail.takeAll();
        engine.run(run.number()).redeliver();
        assertThat(bytes("pupils-1.csv.gz.pgp")).isEqualTo(first);
    }

    @Test
    void should_leave_nothing_plain_of_files_that_values_decide() throws Exception {
        add(pupils().filePer(pupil -> "all")
                        .file(f -> f.name("{partition}-{sequence}.csv"))
                        .build())
                .runNow();

        assertThat(TestKeys.decrypt(LAKESIDE, bytes("all-1.csv.gz.pgp"))).isNotEmpty();
        assertThat(plainFiles()).isEmpty();
    }

    private List<Path> plainFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("engine"))) {
            return files.filter(file -> Files.isRegularFile(file) && contains(file, "Ada"))
                    .toList();
        }
    }

    private static boolean contains(Path file, String text) {
        return TestKeys.call(() -> new String(Files.readAllBytes(file), UTF_8)).contains(text);
    }

    @Test
    void should_wait_for_a_renewed_key() throws Exception {
        Files.write(key, TestKeys.publicKey(EXPIRING));
        JobHandle job = add();
        engine.start();
        scheduler.runDue();
        assertThat(codes()).containsExactly(FailureCode.KEY_EXPIRING);

        clock.set(TestKeys.NOON.plus(Duration.ofDays(2)));
        scheduler.runDue();
        scheduler.advance(Duration.ofHours(1));

        assertThat(codes()).containsExactly(FailureCode.KEY_UNUSABLE);
        ExportRun waiting =
                engine.runs(RunQuery.ofJob("pupils").limit(1)).runs().get(0);
        assertThat(waiting.status()).isEqualTo(RunStatus.WAITING);
        assertThat(mail.files()).isEmpty();

        Files.write(key, TestKeys.publicKey(LAKESIDE));
        scheduler.advance(Duration.ofHours(2));
        scheduler.advance(Duration.ofMinutes(11));

        assertThat(engine.run(waiting.number()).run().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(codes()).isEmpty();
        assertThat(job.check().ok()).isTrue();
    }

    private List<FailureCode> codes() {
        return engine.incidents(IncidentQuery.open()).stream()
                .map(Incident::code)
                .toList();
    }

    @Test
    void should_say_why_nothing_is_sent() throws Exception {
        Files.delete(key);
        JobHandle job = add();

        assertThatThrownBy(job::runNow)
                .isInstanceOf(TransformException.class)
                .hasMessageStartingWith("there is no key file " + key + ": put it there (job=pupils, run=1)");
        assertThat(job.check().problems())
                .extracting(Object::toString)
                .containsExactly("TRANSFORM PGP for [" + key + "]: there is no key file " + key + ": put it there");
    }
}
