package io.outfeed.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Publication;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process at a moment of its upload, and lets another one finish. */
@Tag("slow")
@Timeout(120)
class KillTest {

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();

    @TempDir
    private Path work;

    private Gateway gateway;

    @BeforeEach
    void startGateway() throws IOException {
        gateway = Gateway.to(server);
    }

    @AfterEach
    void closeGateway() throws IOException {
        gateway.close();
    }

    /** Kills a process that exports, when the gateway has fallen silent. */
    private void exportAndKill() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExportingHost.class.getName(),
                        work.toString(),
                        gateway.endpoint().toString(),
                        bucket)
                .inheritIO()
                .start();
        try {
            gateway.awaitSilence();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Lets another process, which is this one, finish the run. */
    private ExportRun finish() {
        try (ExportEngine engine = ExportingHost.engine(work, gateway.endpoint(), bucket)) {
            ExportRun last = engine.job(ExportingHost.JOB).runNow();
            List<ExportRun> delivered = engine.runs(RunQuery.ofJob(ExportingHost.JOB)).runs().stream()
                    .filter(run -> run.status() == RunStatus.COMMITTED)
                    .toList();
            assertThat(delivered).as("the runs, of which the last is %s", last).hasSize(1);
            return delivered.get(0);
        }
    }

    private void assertDeliveredOnce(ExportRun run, Publication publication) {
        assertThat(run.deliveries())
                .singleElement()
                .satisfies(step -> assertThat(step.receipt().map(DeliveryReceipt::publication))
                        .contains(publication));
        assertThat(run.unconfirmed()).isFalse();
        assertThat(server.keys(bucket)).containsExactly(ExportingHost.KEY);
        assertThat(TestFiles.sha256(server.read(bucket, ExportingHost.KEY).orElseThrow()))
                .isEqualTo(run.files().get(0).sha256());
        assertThat(server.uploads(bucket)).as("uploads that are left").isEmpty();
    }

    @Test
    void should_upload_anew_and_remove_the_parts_of_a_process_that_was_killed() throws Exception {
        gateway.on("PUT", "partNumber=2").staySilent();

        exportAndKill();
        assertThat(server.uploads(bucket)).hasSize(1);
        assertThat(server.keys(bucket)).isEmpty();

        assertDeliveredOnce(finish(), Publication.ATOMIC);
    }

    @Test
    void should_complete_what_a_killed_process_has_not_completed() throws Exception {
        gateway.on("POST", "uploadId").staySilent();

        exportAndKill();
        assertThat(server.uploads(bucket)).hasSize(1);
        assertThat(server.keys(bucket)).isEmpty();

        assertDeliveredOnce(finish(), Publication.ATOMIC);
        assertThat(gateway.lines("partNumber=1&"))
                .as("the first part is sent once")
                .hasSize(1);
    }

    @Test
    void should_recognize_what_a_killed_process_has_completed() throws Exception {
        gateway.on("POST", "uploadId").staySilentAfterwards();

        exportAndKill();
        assertThat(server.uploads(bucket)).isEmpty();
        assertThat(server.keys(bucket)).containsExactly(ExportingHost.KEY);

        assertDeliveredOnce(finish(), Publication.INFERRED);
    }
}
