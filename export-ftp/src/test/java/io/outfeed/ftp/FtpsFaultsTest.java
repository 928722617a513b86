package io.outfeed.ftp;

import static io.outfeed.ftp.fixture.OutgoingFiles.TEMPORARY;
import static io.outfeed.ftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.ftp.FtpsDelivery.DataConnections;
import io.outfeed.ftp.fixture.OutgoingFiles;
import io.outfeed.ftp.fixture.ScriptedFtpServer;
import io.outfeed.ftp.fixture.ScriptedFtpServer.Fault;
import io.outfeed.ftp.internal.transfer.FtpSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server does wrong, and what becomes of the file. */
class FtpsFaultsTest {

    private static final String WHERE = " (delivery=lakeside, job=interactions-lakeside, run=41)";
    private static final String FINAL = "interactions-12.csv";

    @TempDir
    private Path exports;

    @TempDir
    private Path staging;

    private ScriptedFtpServer server;

    @BeforeEach
    void start() {
        server = ScriptedFtpServer.start(exports);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private OutgoingFile file(IfExists ifExists) {
        return OutgoingFiles.file(staging, "id\r\n1\r\n", ifExists);
    }

    private static OutgoingFile large(Path staging) {
        return OutgoingFiles.file(staging, "", new byte[1 << 20], IfExists.FAIL);
    }

    private String at() {
        return "127.0.0.1:" + server.port();
    }

    /** What the delivery of a file ends with. */
    private DeliveryException failure(FtpsDelivery delivery, OutgoingFile file) {
        try (FtpSession session = openSession(delivery)) {
            session.publish(session.prepare(file), file);
            throw new AssertionError("it was delivered");
        } catch (DeliveryException e) {
            return e;
        }
    }

    // ---- refusals

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "452 disk | DESTINATION_FULL | : check the free space and the quota on the server",
                "552 quota | DESTINATION_FULL | : check the free space and the quota on the server",
                "550 no | PERMISSION_DENIED | : give user 'outfeed' the permission",
                "553 name | PERMISSION_DENIED | : give user 'outfeed' the permission",
                "530 login | LOGIN_REFUSED | : it does not know user 'outfeed' any more, or wants an account",
                "425 port | DESTINATION_UNAVAILABLE | , since the data connection failed: check the firewall and the"
                        + " server's range of passive ports; some servers answer so to a session of TLS that is not"
                        + " resumed",
                "426 cut | DESTINATION_UNAVAILABLE | , since the data connection broke: check the network, and the free"
                        + " space on the server",
                "451 why | DESTINATION_UNAVAILABLE |  with code 451: ask its operator why",
                "502 what | DESTINATION_REFUSED | , which it can't: have its operator enable the command",
                "534 tls | DESTINATION_REFUSED | : it demands another protection of the connection: have its operator"
                        + " say which",
            })
    void should_say_what_a_refused_upload_means(String answer, FailureCode code, String words) {
        server.answer("STOR", answer);

        DeliveryException failure = failure(server.delivery().build(), file(IfExists.FAIL));

        assertThat(failure)
                .hasMessage(
                        at() + " refused to upload /exports/" + TEMPORARY + words.replaceAll("^with", " with") + WHERE);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.status()).contains(answer.substring(0, 3));
        assertThat(exports).isEmptyDirectory();
    }

    @Test
    void should_say_that_sessions_must_be_resumed() {
        server.answer("STOR", "522 reuse");

        assertThat(failure(server.delivery().build(), file(IfExists.FAIL)))
                .hasMessage(
                        at() + " refused to upload /exports/" + TEMPORARY + ": it demands that data connections resume"
                                + " the session of TLS, and this JVM did not. Start it with"
                                + " -Djdk.tls.client.enableSessionTicketExtension=false, or have the server's operator"
                                + " turn the demand off" + WHERE);
    }

    /** The reply in the middle says why, and the half file is removed. */
    @Test
    void should_remove_what_the_server_has_broken_off() {
        server.takes(70_000, "552 quota");

        DeliveryException failure = failure(server.delivery().build(), large(staging));

        assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_FULL);
        assertThat(failure.status()).contains("552");
        assertThat(exports).isEmptyDirectory();
    }

    @Test
    void should_say_that_the_connection_is_closed() {
        server.answer("STOR", "421 bye");

        assertThat(failure(server.delivery().build(), file(IfExists.FAIL)))
                .hasMessage(at() + " closed the connection, to upload /exports/" + TEMPORARY
                        + " failed: it is busy or shutting down, or has too many connections" + WHERE)
                .extracting(DeliveryException::code)
                .isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
    }

    @Test
    void should_say_that_the_directory_is_missing() {
        FtpsDelivery delivery = server.delivery().directory("/exports/none").build();

        assertThat(failure(delivery, file(IfExists.FAIL)))
                .hasMessage("the directory /exports/none is not there at " + at()
                        + ": make it there, or correct the directory of the delivery" + WHERE)
                .extracting(DeliveryException::code)
                .isEqualTo(FailureCode.DESTINATION_MISSING);
        assertThat(exports).isEmptyDirectory();
    }

    @Test
    void should_create_the_directory_where_it_is_told_to() {
        FtpsDelivery delivery = server.delivery()
                .directory("/exports/new/one")
                .missingDirectory(FtpsDelivery.MissingDirectory.CREATE)
                .build();
        OutgoingFile file = file(IfExists.FAIL);
        try (FtpSession session = openSession(delivery)) {
            session.publish(session.prepare(file), file);
        }

        assertThat(exports.resolve("new/one").resolve(FINAL)).hasContent("id\n1\n");
    }

    // ---- the login

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PASS | 530 no | LOGIN_REFUSED | refused the login of user 'outfeed': check the password, whether the"
                        + " server demands TLS, and whether the account is locked",
                "PASS | 332 account | LOGIN_REFUSED | asks user 'outfeed' for an account, which is not supported: have"
                        + " its operator leave it out",
                "TYPE | 504 no | DESTINATION_REFUSED | does not take files as they are: it refuses TYPE I. No file was"
                        + " sent",
            })
    void should_say_why_it_can_not_log_in(String command, String answer, FailureCode code, String words) {
        server.answer(command, answer);

        assertThatThrownBy(() -> openSession(server.delivery().build()))
                .hasMessage(at() + " " + words + " (delivery=lakeside)")
                .extracting(e -> ((DeliveryException) e).code())
                .isEqualTo(code);
    }

    @Test
    void should_say_that_the_server_is_busy() {
        server.answer("", "421 too many");

        assertThatThrownBy(() -> openSession(server.delivery().build()))
                .hasMessage(at() + " does not take the connection: it is busy or shutting down, or has too many"
                        + " connections (delivery=lakeside)")
                .extracting(e -> ((DeliveryException) e).retryable())
                .isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2", "HTTP/1.1 400 Bad Request", "22"})
    void should_say_that_it_is_no_server_of_ftp(String greeting) {
        server.answer("", greeting);

        assertThatThrownBy(() -> openSession(server.delivery().build()))
                .hasMessage(at() + " sent what is no reply of FTP, to connect failed: check host and port, and whether"
                        + " TLS is explicit or implicit there (delivery=lakeside)")
                .hasNoSuppressedExceptions()
                .rootCause()
                .hasMessageNotContaining("OpenSSH");
    }

    /** It would fill the memory. */
    @Test
    void should_read_no_endless_reply() {
        server.answer("FEAT", "211-" + "x".repeat(1 << 17));

        assertThatThrownBy(() -> openSession(server.delivery().build()))
                .hasMessage(
                        at() + " sent what is no reply of FTP, to log in failed: check host and port, and whether TLS"
                                + " is explicit or implicit there (delivery=lakeside)");
    }

    @Test
    void should_send_no_second_command_in_a_password() {
        FtpsDelivery delivery =
                server.delivery().password("secret\r\nDELE /exports/x").build();

        assertThatThrownBy(() -> openSession(delivery))
                .hasMessage("the password has a line break, which FTP can't send: correct what supplies it"
                        + " (delivery=lakeside)");
        assertThat(server.commands()).last().isEqualTo("USER outfeed");
    }

    @Test
    void should_wait_for_a_secret_that_is_not_there() {
        FtpsDelivery delivery = server.delivery()
                .password(() -> {
                    throw new IllegalStateException("secret");
                })
                .build();

        assertThatThrownBy(() -> openSession(delivery))
                .hasMessage("the supplier of the password failed (delivery=lakeside)")
                .extracting(e -> ((DeliveryException) e).code())
                .isEqualTo(FailureCode.SECRET_UNAVAILABLE);
    }

    // ---- silence and broken connections

    @ParameterizedTest
    @ValueSource(strings = {"USER", "PASS", "FEAT", "OPTS", "TYPE", "PWD"})
    void should_not_wait_for_ever_to_log_in(String command) {
        server.fault(command, Fault.SILENT);

        assertThatThrownBy(() -> openSession(
                        server.delivery().connectTimeout(Duration.ofMillis(200)).build()))
                .hasMessage(at() + " gave no answer within 200 ms to log in: check the server and the network"
                        + " (delivery=lakeside)")
                .extracting(e -> ((DeliveryException) e).retryable())
                .isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "RNFR", "CWD", "EPSV", "STOR"})
    void should_not_wait_for_ever_to_upload(String command) {
        server.fault(command, Fault.SILENT);

        assertThat(failure(
                        server.delivery()
                                .operationTimeout(Duration.ofMillis(200))
                                .build(),
                        file(IfExists.FAIL)))
                .hasMessage(at() + " gave no answer within 200 ms to upload /exports/" + TEMPORARY
                        + ": check the server and the network" + WHERE);
    }

    @Test
    void should_not_wait_for_ever_to_rename() {
        server.fault("RNTO", Fault.SILENT);

        assertThat(failure(
                        server.delivery()
                                .operationTimeout(Duration.ofMillis(200))
                                .build(),
                        file(IfExists.FAIL)))
                .hasMessage(at() + " gave no answer within 200 ms to rename /exports/" + TEMPORARY + " to /exports/"
                        + FINAL + ": check the server and the network" + WHERE);
    }

    /** A write to a server that no longer reads blocks: only a closed socket ends it. */
    @Test
    void should_not_write_for_ever_to_a_server_that_does_not_read() {
        server.takes(1000, "");
        OutgoingFile file = OutgoingFiles.file(staging, "", new byte[20 << 20], IfExists.FAIL);

        assertThat(failure(
                        server.delivery()
                                .operationTimeout(Duration.ofMillis(300))
                                .build(),
                        file))
                .hasMessage(at() + " gave no answer within 300 ms to upload /exports/" + TEMPORARY
                        + ": check the server and the network" + WHERE);
    }

    @Test
    void should_end_soon_when_it_is_interrupted() throws InterruptedException {
        server.takes(1000, "");
        OutgoingFile file = OutgoingFiles.file(staging, "", new byte[20 << 20], IfExists.FAIL);
        FutureTask<DeliveryException> upload =
                new FutureTask<>(() -> failure(server.delivery().build(), file));
        Thread thread = new Thread(upload);
        thread.start();
        server.awaitTaken();

        thread.interrupt();

        assertThat(get(upload))
                .hasMessage("it was interrupted to upload /exports/" + TEMPORARY + " at " + at() + WHERE)
                .extracting(DeliveryException::code)
                .isEqualTo(FailureCode.STOPPED);
    }

    private static <R> R get(FutureTask<R> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    // ---- an upload whose connection broke

    @Test
    void should_resume_at_what_the_server_has() throws IOException {
        server.takes(300_000, "cut");
        FtpsDelivery delivery = server.delivery().build();
        OutgoingFile file = large(staging);
        assertThat(failure(delivery, file).retryable()).isTrue();
        assertThat(exports.resolve(TEMPORARY)).hasSize(300_000);
        server.obey();

        try (FtpSession session = openSession(delivery)) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }

        assertThat(server.commands()).contains("REST 300000");
        assertThat(exports.resolve(FINAL)).hasSameBinaryContentAs(file.content());
    }

    @Test
    void should_begin_anew_where_the_server_does_not_resume() {
        server.takes(300_000, "cut");
        FtpsDelivery delivery = server.delivery().build();
        OutgoingFile file = large(staging);
        failure(delivery, file);
        server.obey();
        server.answer("REST", "502 no");

        try (FtpSession session = openSession(delivery)) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }

        assertThat(exports.resolve(FINAL)).hasSameBinaryContentAs(file.content());
    }

    /** What another program has written meanwhile is longer than what was sent. */
    @Test
    void should_not_resume_what_is_longer_than_what_was_sent() throws IOException {
        server.takes(300_000, "cut");
        FtpsDelivery delivery = server.delivery().build();
        OutgoingFile file = large(staging);
        failure(delivery, file);
        server.obey();
        Files.write(exports.resolve(TEMPORARY), new byte[2 << 20]);

        try (FtpSession session = openSession(delivery)) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }

        assertThat(server.commands()).noneMatch(command -> command.startsWith("REST"));
        assertThat(exports.resolve(FINAL)).hasSameBinaryContentAs(file.content());
    }

    /** Only the answer at the end was lost: nothing is sent again. */
    @Test
    void should_not_send_again_what_the_server_has() {
        server.fault("STOR", Fault.CUT_AFTER);
        FtpsDelivery delivery = server.delivery().build();
        OutgoingFile file = file(IfExists.FAIL);
        assertThat(failure(delivery, file).retryable()).isTrue();
        server.obey();

        try (FtpSession session = openSession(delivery)) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }

        assertThat(server.commands())
                .filteredOn(command -> command.startsWith("STOR"))
                .hasSize(1);
        assertThat(exports.resolve(FINAL)).hasSameBinaryContentAs(file.content());
    }

    /** The run is given up: a later run of the job removes what it has left. */
    @Test
    void should_remove_what_an_earlier_run_has_left() {
        server.takes(300_000, "cut");
        FtpsDelivery delivery = server.delivery().build();
        OutgoingFile file = large(staging);
        failure(delivery, file);
        server.obey();
        OutgoingFile next = OutgoingFiles.nextRun(file);

        try (FtpSession session = openSession(delivery)) {
            assertThat(session.publish(session.prepare(next), next)).isPresent();
        }

        assertThat(exports).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void should_not_use_a_temporary_name_that_something_has() throws IOException {
        Path other = Files.writeString(exports.resolve(TEMPORARY), "other");

        assertThat(failure(server.delivery().build(), file(IfExists.FAIL)))
                .hasMessage("something has the temporary name /exports/" + TEMPORARY + " at " + at()
                        + ", which only this upload uses: nothing was written, and no link is followed. Find out what"
                        + " has made it there" + WHERE);
        assertThat(other).hasContent("other");
    }

    // ---- what was uploaded

    @Test
    void should_notice_a_file_that_is_shorter_than_what_was_sent() {
        server.takes(5, "226 done"); // although it has not taken all

        assertThat(failure(server.delivery().build(), file(IfExists.FAIL)))
                .hasMessage("/exports/" + TEMPORARY + " has 5 bytes instead of 7 at " + at() + WHERE)
                .extracting(DeliveryException::retryable)
                .isEqualTo(true);
        assertThat(exports).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"HASH, HASH SHA-256*;SHA-1", "XSHA256, XSHA256"})
    void should_compare_the_hash_where_the_server_computes_it(String command, String feature) {
        server.features("UTF8", "SIZE", feature);
        String other = "ab".repeat(32);
        server.answer(command, "213 SHA-256 0-7 " + other + " /exports/" + TEMPORARY);
        OutgoingFile file = file(IfExists.FAIL);

        assertThat(failure(server.delivery().build(), file))
                .hasMessage("/exports/" + TEMPORARY + " has another content at " + at()
                        + " than what was sent, its SHA-256 is " + other + " instead of "
                        + file.file().sha256() + WHERE);
        assertThat(exports).isEmptyDirectory();
    }

    // ---- the rename

    @Test
    void should_find_that_a_rename_was_done_whose_answer_was_lost() {
        server.fault("RNTO", Fault.CUT_AFTER);
        FtpsDelivery delivery = server.delivery().build();
        OutgoingFile file = file(IfExists.FAIL);
        PreparedFile prepared;
        try (FtpSession session = openSession(delivery)) {
            prepared = session.prepare(file);
            Inspection before = session.inspect(prepared.temporary().orElseThrow());
            assertThatThrownBy(() -> session.publish(prepared, file))
                    .hasMessage("the connection to " + at() + " broke, to rename /exports/" + TEMPORARY
                            + " to /exports/" + FINAL + " failed: check the server and the network" + WHERE);
            server.obey();
            try (FtpSession next = openSession(delivery)) {
                assertThat(next.inspect(prepared.temporary().orElseThrow())).isEqualTo(Inspection.missing());
                assertThat(next.inspect(prepared.location())).isEqualTo(before);
                assertThat(next.publish(prepared, file)).isEmpty();
            }
        }
        assertThat(exports.resolve(FINAL)).hasContent("id\n1\n");
    }

    @Test
    void should_rename_again_what_was_not_renamed() {
        server.fault("RNTO", Fault.CUT_BEFORE);
        FtpsDelivery delivery = server.delivery().build();
        OutgoingFile file = file(IfExists.FAIL);
        PreparedFile prepared;
        try (FtpSession session = openSession(delivery)) {
            prepared = session.prepare(file);
            assertThatThrownBy(() -> session.publish(prepared, file)).isInstanceOf(DeliveryException.class);
        }
        server.obey();

        try (FtpSession next = openSession(delivery)) {
            assertThat(next.publish(prepared, file))
                    .contains(new DeliveryReceipt("/exports/" + FINAL, Publication.ATOMIC));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"550 no", "553 no"})
    void should_keep_the_upload_when_the_rename_is_refused(String answer) {
        server.answer("RNTO", answer);

        assertThat(failure(server.delivery().build(), file(IfExists.FAIL)))
                .hasMessage(at() + " refused to rename /exports/" + TEMPORARY + " to /exports/" + FINAL
                        + ": give user 'outfeed' the permission" + WHERE);
        assertThat(exports.resolve(TEMPORARY)).exists();
    }

    /** Servers that do not rename onto a file: it is removed first, and the receipt says so. */
    @Test
    void should_remove_the_old_file_first_where_a_rename_does_not_replace() throws IOException {
        Files.writeString(exports.resolve(FINAL), "old");
        FtpsDelivery delivery = server.delivery().build();
        OutgoingFile file = file(IfExists.REPLACE);
        try (FtpSession session = openSession(delivery)) {
            PreparedFile prepared = session.prepare(file);
            server.answerOnce("RNTO", "553 exists");

            assertThat(session.publish(prepared, file))
                    .contains(new DeliveryReceipt("/exports/" + FINAL, Publication.NOT_ATOMIC));
        }
        assertThat(exports.resolve(FINAL)).hasContent("id\n1\n");
    }

    /** The rename would replace it. */
    @Test
    void should_not_replace_a_file_that_has_appeared() throws IOException {
        OutgoingFile file = file(IfExists.FAIL);
        try (FtpSession session = openSession(server.delivery().build())) {
            PreparedFile prepared = session.prepare(file);
            Files.writeString(exports.resolve(FINAL), "other");

            assertThatThrownBy(() -> session.publish(prepared, file))
                    .hasMessage("/exports/" + FINAL
                            + " exists already: let the receiver take it, or give the file a name that is"
                            + " free: with {sequence}, or, where a new store counts from 1 again, with another text"
                            + " before {sequence}; or choose ifExists(REPLACE)" + WHERE);
        }
        assertThat(server.commands()).noneMatch(command -> command.startsWith("RNTO"));
        assertThat(exports.resolve(FINAL)).hasContent("other");
    }

    /** A damaged or forged ledger. */
    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "/exports/../etc/passwd", "/exports", "/exports/a\rDELE b", "exports/a"})
    void should_touch_nothing_elsewhere(String location) {
        OutgoingFile file = file(IfExists.FAIL);
        try (FtpSession session = openSession(server.delivery().build())) {
            int before = server.commands().size();
            assertThatThrownBy(() -> session.publish(PreparedFile.renamed(location, "/exports/" + TEMPORARY), file))
                    .hasMessageContaining("is no place of a file below /exports at " + at() + ": nothing was touched");
            assertThatThrownBy(() -> session.publish(PreparedFile.renamed("/exports/" + FINAL, location), file))
                    .hasMessageContaining("is no place of a file below /exports");
            assertThatThrownBy(() -> session.delete(location, 7)).hasMessageContaining("is no place of a file");
            assertThatThrownBy(() -> session.sha256(location)).hasMessageContaining("is no place of a file");
            assertThat(server.commands()).hasSize(before);
        }
    }

    // ---- data connections

    /** Its answer names another host, which another server would get the file from. */
    @Test
    void should_ignore_the_address_that_the_server_names() {
        server.answer("EPSV", "502 no");
        OutgoingFile file = file(IfExists.FAIL);

        try (FtpSession session = openSession(server.delivery().build())) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }

        assertThat(server.commands()).contains("PASV");
        assertThat(exports.resolve(FINAL)).hasContent("id\n1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"229 no port", "229 (|||x|)", "229 )(", "229 ()"})
    void should_refuse_a_port_that_is_none(String answer) {
        server.answer("EPSV", answer);

        assertThat(failure(server.delivery().build(), file(IfExists.FAIL)))
                .hasMessage(at() + " sent what is no reply of FTP, to upload /exports/" + TEMPORARY
                        + " failed: check host and port, and whether TLS is explicit or implicit there" + WHERE);
    }

    @Test
    void should_let_the_server_connect_where_that_is_chosen() {
        OutgoingFile file = file(IfExists.FAIL);
        FtpsDelivery delivery =
                server.delivery().dataConnections(DataConnections.ACTIVE).build();

        try (FtpSession session = openSession(delivery)) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }

        assertThat(server.commands()).anyMatch(command -> command.startsWith("PORT 127,0,0,1,"));
        assertThat(exports.resolve(FINAL)).hasContent("id\n1\n");
    }

    @Test
    void should_read_a_file_back() throws IOException {
        OutgoingFile file = file(IfExists.FAIL);
        Files.copy(file.content(), exports.resolve(FINAL));

        try (FtpSession session = openSession(server.delivery().build())) {
            assertThat(session.sha256("/exports/" + FINAL)).contains(file.file().sha256());
            assertThat(session.sha256("/exports/none.csv")).isEmpty();
        }
    }

    // ---- names

    @Test
    void should_refuse_names_that_the_server_would_change() {
        server.features("SIZE");
        server.answer("OPTS", "501 no");
        OutgoingFile file = OutgoingFiles.file(staging, "Zürich", "id\r\n1\r\n", IfExists.FAIL);

        assertThat(failure(server.delivery().build(), file))
                .hasMessage(at() + " does not offer UTF8, so that /exports/Zürich/" + FINAL
                        + " would get another name there: nothing was sent. Have its operator enable UTF8, or choose"
                        + " names of A-Z, a-z and digits" + WHERE);
        assertThat(exports).isEmptyDirectory();
    }

    @Test
    void should_begin_at_the_home_of_the_login() {
        server.answer("PWD", "257 \"/exports\" is it");
        OutgoingFile file = file(IfExists.FAIL);

        try (FtpSession session = openSession(server.delivery().directory(".").build())) {
            assertThat(session.prepare(file).location()).isEqualTo("/exports/" + FINAL);
        }
    }

    @Test
    void should_ask_for_an_absolute_directory_where_the_home_is_not_known() {
        server.answer("PWD", "550 no");

        assertThatThrownBy(() -> openSession(server.delivery().directory("in").build()))
                .hasMessage(
                        at() + " does not say where the home of user 'outfeed' is: set a directory that begins with a"
                                + " slash instead of in (delivery=lakeside)");
    }

    // ---- what is known of a file

    /** A name is free for certain only if the server could say what has it. */
    @ParameterizedTest
    @CsvSource({
        "550 no, 550 no, 250 fine, MISSING",
        "550 no, 350 fine, 250 fine, OTHER",
        "550 no, 350 fine, 550 no, NOT_SAID",
        "550 no, 550 no, 550 no, DIRECTORY_MISSING",
        "550 no, 502 what, 250 fine, NOT_SAID",
        "550 no, 550 no, 502 what, NOT_SAID",
        "213 many, 550 no, 250 fine, NOT_SAID"
    })
    void should_say_only_what_is_certain(String size, String rename, String enter, Inspection.Presence expected) {
        try (FtpSession session = openSession(server.delivery().build())) {
            server.answer("SIZE", size).answer("RNFR", rename).answer("CWD", enter);

            assertThat(session.inspect("/exports/a.csv").presence()).isEqualTo(expected);
        }
    }

    @Test
    void should_not_delete_what_it_does_not_know() {
        try (FtpSession session = openSession(server.delivery().build())) {
            assertThat(session.delete("/exports/a.csv", 7)).isEqualTo(Deletion.NOT_THERE);
            server.answer("SIZE", "213 7").answer("DELE", "550 no");
            assertThat(session.delete("/exports/a.csv", 8)).isEqualTo(Deletion.DIFFERENT);
            assertThat(session.delete("/exports/a.csv", 7)).isEqualTo(Deletion.NOT_SAID);
        }
    }
}
