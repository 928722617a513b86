package io.outfeed.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Protection;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDeliveryTest {

    private static final String CONTENT = "id\r\n1\r\n";
    private static final Path DEVICES = Path.of("/dev");
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    private Path temporary;

    private Path out;
    private Path content;
    private DirectorySession session;

    @BeforeEach
    void setUp() throws IOException {
        out = Files.createDirectory(temporary.resolve("out"));
        content = Files.writeString(temporary.resolve("spooled"), CONTENT);
        session = (DirectorySession) DirectoryDelivery.to("out", out).open();
    }

    private OutgoingFile file(IfExists ifExists) {
        return file("", ifExists, CONTENT.length());
    }

    private OutgoingFile file(String folder, IfExists ifExists, long bytes) {
        StagedFile staged = new StagedFile("rows", folder, "rows.csv", 1, bytes, "0".repeat(64));
        return new OutgoingFile("job", 41, 97, staged, content, ifExists);
    }

    private static void assertFails(ThrowingCallable call, FailureCode code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(DeliveryException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.delivery()).isEqualTo("out");
                })
                .hasMessage(message);
    }

    @Test
    void should_be_plain_unless_the_host_knows_better() {
        assertThat(DirectoryDelivery.to("out", Path.of("out")).protection()).isEqualTo(Protection.PLAIN);
        assertThat(DirectoryDelivery.builder("out", Path.of("out"))
                        .protection(Protection.PROTECTED)
                        .build()
                        .protection())
                .isEqualTo(Protection.PROTECTED);
    }

    @Test
    void should_upload_under_a_hidden_name_and_then_rename() throws Exception {
        OutgoingFile file = file(IfExists.FAIL);

        PreparedFile prepared = session.prepare(file);

        Path hidden = out.resolve(".rows.csv.r41-t97.part");
        assertThat(prepared)
                .isEqualTo(PreparedFile.renamed(out.resolve("rows.csv").toString(), hidden.toString()));
        assertThat(hidden).hasContent(CONTENT);
        assertThat(out.resolve("rows.csv")).doesNotExist();

        Optional<DeliveryReceipt> receipt = session.publish(prepared, file);

        assertThat(receipt).contains(new DeliveryReceipt(out.resolve("rows.csv").toString(), Publication.ATOMIC));
        assertThat(out.resolve("rows.csv")).hasContent(CONTENT);
        assertThat(hidden).doesNotExist();
    }

    /** A directory that has a directory of another file system in it. */
    private static Path filesInMemory() throws IOException {
        assumeThat(MEMORY).isWritable();
        assumeThat(Files.getFileStore(MEMORY)).isNotEqualTo(Files.getFileStore(DEVICES));
        return Files.createTempDirectory(MEMORY, "outfeed");
    }

    @Test
    void should_say_that_uploads_are_on_another_file_system() throws Exception {
        Path uploads = filesInMemory();
        try (DirectorySession over = (DirectorySession) DirectoryDelivery.builder("out", DEVICES)
                .temporaryNames(TemporaryNames.hidden()
                        .inDirectory(DEVICES.relativize(uploads).toString()))
                .build()
                .open()) {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = over.prepare(file);

            assertFails(
                    () -> over.publish(prepared, file),
                    FailureCode.DESTINATION_REFUSED,
                    uploads + " is of another file system than " + DEVICES
                            + ", and a file can't be renamed from one to the other: nothing was published; have"
                            + " temporaryNames in a directory of the same one, then start an attempt"
                            + " (job=job, run=41)");
            over.discard(file);
        } finally {
            Files.delete(uploads);
        }
    }

    /** It would be visible before it is complete. */
    @Test
    void should_not_copy_an_upload_to_another_file_system() throws IOException {
        Path uploads = filesInMemory();
        try {
            Files.writeString(uploads.resolve("part"), CONTENT);

            assertThatThrownBy(() -> new PathFolder(uploads).rename("part", new PathFolder(out), "rows.csv"))
                    .isInstanceOf(AtomicMoveNotSupportedException.class);

            assertThat(out).isEmptyDirectory();
        } finally {
            Files.delete(uploads.resolve("part"));
            Files.delete(uploads);
        }
    }

    @Test
    void should_report_how_much_is_copied() throws Exception {
        byte[] large = new byte[20_000_000];
        Files.write(content, large);
        StagedFile staged = new StagedFile("rows", "", "rows.csv", 1, large.length, "0".repeat(64));
        List<Long> reported = new ArrayList<>();

        session.prepare(new OutgoingFile("job", 41, 97, 1, staged, content, IfExists.FAIL, reported::add));

        assertThat(reported)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(2)
                .endsWith((long) large.length);
        assertThat(out.resolve(".rows.csv.r41-t97.part")).hasSize(large.length);
    }

    @Test
    void should_find_the_temporary_file_gone_when_it_publishes_twice() throws Exception {
        for (IfExists ifExists : IfExists.values()) {
            OutgoingFile file = file(ifExists);
            PreparedFile prepared = session.prepare(file);
            session.publish(prepared, file);

            assertThat(session.publish(prepared, file)).isEmpty();
            assertThat(out.resolve("rows.csv")).hasContent(CONTENT);
            Files.delete(out.resolve("rows.csv")); // taken by the receiver
            assertThat(session.publish(prepared, file)).isEmpty();
            assertThat(out).isEmptyDirectory();
        }
    }

    @Test
    void should_not_touch_a_file_that_has_the_name() throws Exception {
        OutgoingFile file = file(IfExists.FAIL);
        Path target = out.resolve("rows.csv");
        String message = target + " exists already: let the receiver take it, or give the file a name that is"
                + " free: with {sequence}, or, where a new store counts from 1 again, with another text"
                + " before {sequence}; or choose ifExists(REPLACE) (job=job, run=41)";
        PreparedFile prepared = session.prepare(file);
        Files.writeString(target, "old");

        assertFails(() -> session.publish(prepared, file), FailureCode.NAME_OCCUPIED, message);
        assertThat(out.resolve(".rows.csv.r41-t97.part"))
                .as("kept for a later attempt")
                .hasContent(CONTENT);
        assertFails(() -> session.prepare(file), FailureCode.NAME_OCCUPIED, message);
        assertThat(target).hasContent("old");

        Files.delete(target);
        assertThat(session.publish(prepared, file)).isPresent();
    }

    @Test
    void should_not_follow_a_link_that_has_the_name() throws Exception {
        Files.createSymbolicLink(out.resolve("rows.csv"), temporary.resolve("nowhere"));

        assertThatThrownBy(() -> session.prepare(file(IfExists.FAIL))).isInstanceOf(DeliveryException.class);
        assertThat(temporary.resolve("nowhere")).doesNotExist();
    }

    @Test
    void should_replace_a_file_that_has_the_name() throws Exception {
        OutgoingFile file = file(IfExists.REPLACE);
        Files.writeString(out.resolve("rows.csv"), "old and longer than the new one");

        assertThat(session.publish(session.prepare(file), file)).isPresent();

        assertThat(out.resolve("rows.csv")).hasContent(CONTENT);
    }

    @Test
    void should_overwrite_a_temporary_file_of_an_earlier_attempt() throws Exception {
        Files.writeString(out.resolve(".rows.csv.r41-t97.part"), "x".repeat(1000));

        session.prepare(file(IfExists.FAIL));

        assertThat(out.resolve(".rows.csv.r41-t97.part")).hasContent(CONTENT);
    }

    @Test
    void should_discard_its_own_temporary_file_only() throws Exception {
        OutgoingFile file = file(IfExists.REPLACE);
        Files.writeString(out.resolve("rows.csv"), "published before");
        Files.writeString(out.resolve(".rows.csv.r41-t98.part"), "of another owner");
        session.prepare(file);

        session.discard(file);
        session.discard(file);

        assertThat(out.resolve(".rows.csv.r41-t97.part")).doesNotExist();
        assertThat(out.resolve("rows.csv")).hasContent("published before");
        assertThat(out.resolve(".rows.csv.r41-t98.part")).hasContent("of another owner");
    }

    @Test
    void should_make_a_folder_but_not_the_directory() throws Exception {
        OutgoingFile file = file("2026", IfExists.FAIL, CONTENT.length());

        session.publish(session.prepare(file), file);

        assertThat(out.resolve("2026/rows.csv")).hasContent(CONTENT);
        Path missing = temporary.resolve("not-mounted");
        DeliverySession unmounted = DirectoryDelivery.to("out", missing).open();
        assertFails(
                () -> unmounted.prepare(file),
                FailureCode.DESTINATION_MISSING,
                "the directory " + missing + " is not there: make it, or mount it (job=job, run=41)");
        assertThat(missing).doesNotExist();
    }

    @Test
    void should_not_take_a_directory_that_vanished_for_a_published_file() throws Exception {
        OutgoingFile file = file(IfExists.FAIL);
        PreparedFile prepared = session.prepare(file);
        Files.move(out, temporary.resolve("unmounted"));

        assertFails(
                () -> session.publish(prepared, file),
                FailureCode.DESTINATION_MISSING,
                "the directory " + out + " is gone: make it, or mount it (job=job, run=41)");

        Files.move(temporary.resolve("unmounted"), out);
        assertThat(session.publish(prepared, file)).isPresent();
    }

    @Test
    void should_verify_the_size() {
        Path part = out.resolve(".rows.csv.r41-t97.part");
        assertFails(
                () -> session.prepare(file("", IfExists.FAIL, 99)),
                FailureCode.DESTINATION_UNAVAILABLE,
                part + " has 7 bytes instead of 99 (job=job, run=41)");
    }

    @Test
    void should_say_what_it_can_not_write() throws Exception {
        Files.delete(content);

        assertFails(
                () -> session.prepare(file(IfExists.FAIL)),
                FailureCode.DESTINATION_UNAVAILABLE,
                "can't write " + out.resolve(".rows.csv.r41-t97.part")
                        + ": check space and permissions (job=job, run=41)");
    }

    @Test
    void should_deliver_an_empty_file() throws Exception {
        Files.writeString(content, "");
        OutgoingFile file = file("", IfExists.FAIL, 0);

        assertThat(session.publish(session.prepare(file), file)).isPresent();

        assertThat(out.resolve("rows.csv")).isEmptyFile();
    }

    @Test
    void should_inspect_without_following_links() throws Exception {
        Path file = Files.writeString(out.resolve("a.csv"), "a\r\n");
        Files.createSymbolicLink(out.resolve("link.csv"), file);
        Files.createDirectory(out.resolve("folder"));

        assertThat(session.inspect(file.toString()).bytes()).isEqualTo(3);
        assertThat(session.inspect(out + "/b.csv")).isEqualTo(Inspection.missing());
        assertThat(session.inspect(out + "/2026/b.csv")).isEqualTo(Inspection.directoryMissing());
        assertThat(session.inspect(out + "/link.csv")).isEqualTo(Inspection.other());
        assertThat(session.inspect(out + "/folder")).isEqualTo(Inspection.other());
        assertThat(session.inspect(file + "/b.csv")).as("a file for a folder").isEqualTo(Inspection.notSaid());
    }

    @Test
    void should_delete_a_regular_file_of_the_exact_size_only() throws Exception {
        Path file = Files.writeString(out.resolve("a.csv"), "a\r\n");
        Files.createSymbolicLink(out.resolve("link.csv"), file);
        Files.createDirectory(out.resolve("folder"));

        assertThat(session.delete(file.toString(), 4)).isEqualTo(Deletion.DIFFERENT);
        assertThat(session.delete(out + "/link.csv", 3)).isEqualTo(Deletion.DIFFERENT);
        assertThat(session.delete(out + "/folder", Files.size(out.resolve("folder"))))
                .isEqualTo(Deletion.DIFFERENT);
        assertThat(session.delete(out + "/2026/b.csv", 3)).isEqualTo(Deletion.NOT_SAID);
        assertThat(session.delete(out + "/b.csv", 3)).isEqualTo(Deletion.NOT_THERE);
        assertThat(file).exists();

        assertThat(session.delete(file.toString(), 3)).isEqualTo(Deletion.DELETED);
        assertThat(session.delete(file.toString(), 3)).isEqualTo(Deletion.NOT_THERE);
        assertThat(out.resolve("link.csv")).isSymbolicLink();
        assertThat(out.resolve("folder")).isDirectory();
    }

    @Test
    void should_report_nothing_of_files_unless_a_delivery_can_inspect() throws Exception {
        try (DeliverySession other = new SilentSession()) {
            assertThat(other.inspect("/out/a.csv")).isEqualTo(Inspection.notSaid());
            assertThat(other.delete("/out/a.csv", 3)).isEqualTo(Deletion.NOT_SAID);
        }
    }

    /** A session of a host that was written before {@code inspect} was added. */
    private static final class SilentSession implements DeliverySession {

        @Override
        public PreparedFile prepare(OutgoingFile file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void discard(OutgoingFile file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @Test
    void should_have_a_safe_id() {
        assertThat(DirectoryDelivery.to("out", out).id()).isEqualTo("out");
        assertThat(DirectoryDelivery.to("out", out)).hasToString("directory delivery 'out' to " + out);
        assertThatThrownBy(() -> DirectoryDelivery.to("a/b", out))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "directory delivery has 1 problem: id 'a/b': only letters A-Z and a-z, digits, '.', '_' and '-'"
                                + " are allowed");
    }
}
