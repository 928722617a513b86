package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.operation.JobCheck;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.MinaServer.Lie;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.sshd.sftp.common.SftpConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs against a server that does not do what it says. */
class SftpLiesTest {

    @TempDir
    private Path root;

    @TempDir
    private Path work;

    private MinaServer server;
    private ExportEngine engine;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectory(root.resolve("exports"));
        server = MinaServer.start(root);
        engine = ExportEngine.builder()
                .directory(work)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        engine.close();
        server.close();
    }

    private JobHandle add(SftpDelivery.Builder delivery, IfExists ifExists) {
        return engine.add(job(ifExists).deliverTo(delivery.build()).build());
    }

    private static ExportJob.Builder job(IfExists ifExists) {
        ExportDefinition<Integer> numbers = ExportDefinition.builder("numbers", Integer.class)
                .source(RecordSource.of(window -> Stream.of(1, 2, 3)))
                .recordKey(number -> number)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("number", number -> number))
                .file(f -> f.name("numbers.csv").ifExists(ifExists))
                .build();
        return ExportJob.builder("numbers", numbers);
    }

    private JobHandle add(IfExists ifExists) {
        return add(server.delivery(), ifExists);
    }

    private static Publication publication(ExportRun run) {
        return run.deliveries().get(0).receipt().orElseThrow().publication();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "REPLACE"})
    void should_recognize_a_file_whose_rename_is_answered_with_a_failure(IfExists ifExists) {
        server.faults().tell(Lie.RENAME_FAILED_BUT_DONE);

        ExportRun run = add(ifExists).runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(publication(run)).isEqualTo(Publication.INFERRED);
        assertThat(server.files()).containsExactly("exports/numbers.csv");
        assertThat(server.faults().renames()).isEqualTo(1);
    }

    @Test
    void should_read_a_file_back_whose_time_a_hook_has_changed() {
        server.faults().tell(Lie.RENAME_FAILED_BUT_TOUCHED);

        ExportRun run = add(IfExists.FAIL).runNow();

        assertThat(publication(run)).isEqualTo(Publication.INFERRED);
        assertThat(server.files()).containsExactly("exports/numbers.csv");
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "REPLACE"})
    void should_send_no_second_file_when_the_receiver_takes_the_first_at_once(IfExists ifExists) {
        server.faults().tell(Lie.RENAME_FAILED_BUT_TAKEN);

        ExportRun run = add(ifExists).runNow();

        assertThat(publication(run)).isEqualTo(Publication.ASSUMED);
        assertThat(run.unconfirmed()).isTrue();
        assertThat(server.faults().taken()).containsExactly("numbers.csv");
        assertThat(server.files()).isEmpty();
    }

    @Test
    void should_fail_when_a_rename_is_acknowledged_and_not_done() {
        server.faults().tell(Lie.RENAME_DONE_BUT_NOT);
        JobHandle job = add(IfExists.REPLACE);

        assertThatThrownBy(job::runNow)
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("has acknowledged the rename of numbers.csv, and has not done it");

        server.faults().tell(null);
        assertThat(server.files()).singleElement().asString().startsWith("exports/.numbers.csv");
        job.runNow();
        assertThat(engine.run(1).run().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_upload_two_files_and_no_third_to_a_server_that_takes_every_name() {
        server.faults().tell(Lie.TAKES_AT_CLOSE);
        JobHandle job = add(IfExists.FAIL);

        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.TEMPORARY_TAKEN));

        assertThat(server.faults().taken()).hasSize(2);
        assertThat(engine.run(1).run().publishing())
                .as("nothing was to be visible")
                .isFalse();
    }

    @Test
    void should_send_one_file_to_a_server_that_is_known_to_take_at_close() {
        server.faults().tell(Lie.TAKES_AT_CLOSE);

        ExportRun run = add(server.delivery().publication(SftpPublication.TAKEN_AT_CLOSE), IfExists.FAIL)
                .runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(publication(run)).isEqualTo(Publication.ACCEPTED);
        assertThat(server.faults().taken()).containsExactly("numbers.csv");
    }

    @ParameterizedTest
    @ValueSource(ints = {SftpConstants.SSH_FX_PERMISSION_DENIED, SftpConstants.SSH_FX_FAILURE})
    void should_settle_a_run_by_another_publication_when_renames_are_refused(int status) {
        server.faults().refuseRenames(status);
        JobHandle job = add(IfExists.FAIL);
        assertThat(job.check().problems()).extracting(JobCheck.Finding::name).containsExactly("lakeside");
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(engine.run(1).run().publishing()).isTrue();

        add(server.delivery().publication(SftpPublication.DIRECT), IfExists.REPLACE)
                .runNow();

        assertThat(engine.run(1).run().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(publication(engine.run(1).run())).isEqualTo(Publication.DIRECT);
        assertThat(server.files()).containsExactly("exports/numbers.csv");
    }

    @Test
    void should_find_in_a_check_what_a_run_would_find() {
        JobHandle job = add(IfExists.FAIL);
        assertThat(job.check().ok()).isTrue();

        for (Lie lie : List.of(Lie.RENAME_DONE_BUT_NOT, Lie.TAKES_AT_CLOSE, Lie.DOT_FILES_REFUSED)) {
            server.faults().tell(lie);
            assertThat(job.check().ok()).as(lie.toString()).isFalse();
        }

        server.faults().tell(null);
        assertThat(server.files()).isEmpty();
    }

    /** Version 3 of the protocol tells size and time of a file, and no key. */
    @ParameterizedTest
    @EnumSource(names = {"FAIL", "REPLACE"})
    void should_recognize_its_file_at_openssh_when_the_answer_is_lost(IfExists ifExists, @TempDir Path home)
            throws Exception {
        try (OpenSshServer openSsh = OpenSshServer.start(home)) {
            ExportRun run = engine.add(job(ifExists)
                            .deliverTo(new LostAnswer(openSsh.withLogin().build()))
                            .build())
                    .runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(publication(run)).isEqualTo(Publication.INFERRED);
            assertThat(run.unconfirmed()).isFalse();
        }
    }

    /** Publishes, and loses the answer. */
    private record LostAnswer(SftpDelivery delivery) implements Delivery {

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
                    return session.prepare(file);
                }

                @Override
                public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
                    assertThat(session.publish(prepared, file)).isPresent();
                    throw DeliveryException.retryable(id(), "the answer is lost", null);
                }

                @Override
                public void discard(OutgoingFile file) throws Exception {
                    session.discard(file);
                }

                @Override
                public Inspection inspect(String location) throws Exception {
                    return session.inspect(location);
                }

                @Override
                public void close() {
                    session.close();
                }
            };
        }
    }
}
