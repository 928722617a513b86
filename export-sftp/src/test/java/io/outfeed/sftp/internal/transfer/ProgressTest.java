package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.network.FaultyProxy;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The progress that uploads report. */
@Timeout(60)
class ProgressTest {

    private static final byte[] LARGE = new byte[20_000_000]; // enough for several channels

    /** 64 writes of the length that {@link MinaServer#takeLittleAtOnce} allows. */
    private static final long MOST_UNCONFIRMED = 64 * 32_768L;

    static {
        new Random(1).nextBytes(LARGE);
    }

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    private final List<Long> reported = new ArrayList<>();

    @BeforeEach
    void makeDirectory() throws IOException {
        Files.createDirectory(root.resolve("exports"));
    }

    private OutgoingFile file(LongConsumer sent) {
        return OutgoingFiles.withListener(OutgoingFiles.file(staging, "", LARGE, IfExists.FAIL), sent);
    }

    private void assertReportedUpTo(long bytes) {
        assertThat(reported)
                .isSorted()
                .allSatisfy(sent -> assertThat(sent).isBetween(0L, bytes))
                .endsWith(bytes);
    }

    /** However the machine divides its time, no more can be confirmed at once than may be unconfirmed. */
    private static void assertNoneLeftOut(long before, List<Long> reported) {
        long last = before;
        for (long sent : reported) {
            assertThat(sent - last).as("from %s to %s", last, sent).isLessThanOrEqualTo(MOST_UNCONFIRMED);
            last = sent;
        }
    }

    @Test
    void should_report_what_a_server_has_confirmed() throws Exception {
        try (MinaServer server = MinaServer.start(root)) {
            server.takeLittleAtOnce();
            try (SftpSession session = openSession(server.delivery().build())) {
                session.prepare(file(sent -> {
                    assertThat(sent).isLessThanOrEqualTo(server.faults().written());
                    reported.add(sent);
                }));
            }
        }

        assertReportedUpTo(LARGE.length);
        assertNoneLeftOut(0, reported);
    }

    @Test
    void should_report_what_openssh_has_confirmed_over_several_channels(@TempDir Path home) throws Exception {
        try (OpenSshServer server = OpenSshServer.start(home);
                FaultyProxy network = FaultyProxy.to(server.port())) {
            network.delayServer(); // otherwise one channel is used
            try (SftpSession session =
                    openSession(server.withLogin().port(network.port()).build())) {
                session.prepare(file(reported::add));
            }
        }

        assertReportedUpTo(LARGE.length);
    }

    @Test
    void should_report_all_bytes_when_it_resumes_after_a_break() throws Exception {
        try (MinaServer server = MinaServer.start(root);
                FaultyProxy proxy = FaultyProxy.to(server.port())) {
            server.takeLittleAtOnce();
            SftpDelivery delivery = server.delivery()
                    .port(proxy.port())
                    .idleTimeout(Duration.ZERO)
                    .build();
            try (SftpSession session = openSession(delivery)) {
                proxy.cutAfter(10_000_000);
                assertThatThrownBy(() -> session.prepare(file(reported::add))).isInstanceOf(DeliveryException.class);
            }
            proxy.stopCutting();
            server.faults().awaitRest();
            long before = reported.get(reported.size() - 1);
            assertThat(before).isBetween(1L, 10_000_000L);
            reported.clear();

            try (SftpSession session = openSession(delivery)) {
                session.prepare(file(reported::add));
            }

            assertThat(reported.get(0)).isGreaterThanOrEqualTo(before);
            assertReportedUpTo(LARGE.length);
            assertNoneLeftOut(reported.get(0), reported);
        }
    }

    @Test
    void should_show_in_the_progress_of_the_run() throws Exception {
        List<RunProgress> seen = new ArrayList<>();
        ExportDefinition<Integer> numbers = ExportDefinition.builder("numbers", Integer.class)
                .source(RecordSource.of(window -> IntStream.range(0, 200_000).boxed()))
                .recordKey(number -> number)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("number", number -> number).constant("text", "x".repeat(50)))
                .file(f -> f.name("numbers.csv"))
                .build();

        try (MinaServer server = MinaServer.start(root);
                ExportEngine engine = ExportEngine.builder()
                        .directory(staging.resolve("outfeed"))
                        .build()) {
            server.takeLittleAtOnce();
            Delivery observed = new ObservedDelivery(
                    server.delivery().build(), () -> engine.run(1).progress().ifPresent(seen::add));
            ExportRun run = engine.add(ExportJob.builder("numbers", numbers)
                            .deliverTo(observed)
                            .build())
                    .runNow();

            assertNoneLeftOut(0, seen.stream().map(RunProgress::bytesSent).toList());
            assertThat(seen)
                    .isSortedAccordingTo((one, other) -> Long.compare(one.bytesSent(), other.bytesSent()))
                    .isSortedAccordingTo((one, other) -> Integer.compare(
                            one.percent().orElseThrow(), other.percent().orElseThrow()));
            assertThat(seen.get(seen.size() - 1).bytesSent())
                    .isEqualTo(run.bytes())
                    .isGreaterThan(10_000_000);
            assertThat(seen.get(seen.size() - 1)).hasToString("uploading numbers.csv to lakeside, 100 %");
        }
    }

    /** Calls an observer whenever the delivery has reported progress. */
    private record ObservedDelivery(SftpDelivery delivery, Runnable observer) implements Delivery {

        @Override
        public String id() {
            return delivery.id();
        }

        @Override
        @SuppressWarnings("try") // close may be interrupted
        public DeliverySession open() {
            DeliverySession session = delivery.open();
            return new DeliverySession() {
                @Override
                public PreparedFile prepare(OutgoingFile file) throws Exception {
                    return session.prepare(new OutgoingFile(
                            file.job(),
                            file.run(),
                            file.token(),
                            file.upload(),
                            file.file(),
                            file.content(),
                            file.ifExists(),
                            sent -> {
                                file.sent(sent);
                                observer.run();
                            }));
                }

                @Override
                public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
                    return session.publish(prepared, file);
                }

                @Override
                public void discard(OutgoingFile file) throws Exception {
                    session.discard(file);
                }

                @Override
                public void close() {
                    session.close();
                }
            };
        }
    }
}
