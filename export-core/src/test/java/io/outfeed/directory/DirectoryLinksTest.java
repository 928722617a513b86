package io.outfeed.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who can write below the directory plants links there, to make the delivery write somewhere else. */
class DirectoryLinksTest {

    private static final String CONTENT = "id\r\n1\r\n";
    private static final String PART = ".rows.csv.r41-t97.part";

    @TempDir
    private Path temporary;

    private Path out;
    private Path content;
    private Path victims;
    private Path victim;

    @BeforeEach
    void setUp() throws IOException {
        out = Files.createDirectory(temporary.resolve("out"));
        content = Files.writeString(temporary.resolve("spooled"), CONTENT);
        victims = Files.createDirectory(temporary.resolve("victims"));
        victim = Files.writeString(victims.resolve("rows.csv"), "of another customer");
    }

    private DirectorySession session(boolean secure) {
        return new DirectorySession(
                "out", out, new RealFolders(out, secure), null, IfReplaced.WAIT, TemporaryNames.hidden());
    }

    private OutgoingFile file(String folder, IfExists ifExists) {
        StagedFile staged = new StagedFile("rows", folder, "rows.csv", 1, CONTENT.length(), "0".repeat(64));
        return new OutgoingFile("job", 41, 97, staged, content, ifExists);
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_REFUSED))
                .hasMessage(message + " (job=job, run=41)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_refuse_a_link_at_the_temporary_name(boolean secure) throws Exception {
        Path link = Files.createSymbolicLink(out.resolve(PART), victim);

        assertRefused(
                () -> session(secure).prepare(file("", IfExists.FAIL)),
                "a link has the temporary name " + link + ", which only this upload uses: nothing was written, and no"
                        + " link is followed. Find out what has made it there");

        session(secure).discard(file("", IfExists.FAIL));
        assertThat(link).as("not of this delivery").isSymbolicLink();
        assertThat(victim).hasContent("of another customer");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_refuse_a_directory_at_the_temporary_name(boolean secure) throws Exception {
        Path directory = Files.createDirectory(out.resolve(PART));

        assertRefused(
                () -> session(secure).prepare(file("", IfExists.FAIL)),
                "something else than a file has the temporary name " + directory + ", which only this upload uses:"
                        + " nothing was written, and no link is followed. Find out what has made it there");

        session(secure).discard(file("", IfExists.FAIL));
        assertThat(directory).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_make_the_temporary_file_anew(boolean secure) throws Exception {
        Path planted = Files.writeString(out.resolve(PART), "x".repeat(1000));
        Path second = Files.createLink(temporary.resolve("second"), planted);

        session(secure).prepare(file("", IfExists.FAIL));

        assertThat(planted).hasContent(CONTENT);
        assertThat(second).as("whatever else leads to it").hasContent("x".repeat(1000));
    }

    @ParameterizedTest
    @CsvSource({"true, 2026", "false, 2026", "true, 2026/11", "false, 2026/11"})
    void should_refuse_a_folder_that_is_a_link(boolean secure, String folder) throws Exception {
        Path link = out.resolve(folder);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, victims);
        OutgoingFile file = file(folder, IfExists.REPLACE);
        String message = "the folder " + link + " is a link, and no link is followed below " + out
                + ": nothing was delivered there. Have a real directory of that name, or choose the directory it"
                + " should lead to as that of the delivery";
        DirectorySession session = session(secure);

        assertRefused(() -> session.prepare(file), message);
        Path part = Files.writeString(victims.resolve(PART), CONTENT);
        PreparedFile prepared = PreparedFile.renamed(link + "/rows.csv", link + "/" + PART);
        assertRefused(() -> session.publish(prepared, file), message);
        assertThatThrownBy(() -> session.discard(file)).isInstanceOf(IOException.class);
        assertThat(session.inspect(link + "/rows.csv")).isEqualTo(Inspection.notSaid());
        assertThat(session.delete(link + "/rows.csv", Files.size(victim))).isEqualTo(Deletion.NOT_SAID);
        assertThatThrownBy(() -> session.sha256(link + "/rows.csv")).isInstanceOf(IOException.class);

        assertThat(victim).hasContent("of another customer");
        assertThat(victims).isDirectoryNotContaining(found -> !found.equals(victim) && !found.equals(part));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_refuse_to_make_a_folder_behind_a_link(boolean secure) throws Exception {
        Files.createSymbolicLink(out.resolve("2026"), victims);

        assertThatThrownBy(() -> session(secure).prepare(file("2026/11", IfExists.FAIL)))
                .isInstanceOf(DeliveryException.class);

        assertThat(victims.resolve("11")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_replace_a_link_that_has_the_final_name(boolean secure) throws Exception {
        Files.createSymbolicLink(out.resolve("rows.csv"), victim);
        OutgoingFile file = file("", IfExists.REPLACE);
        DirectorySession session = session(secure);

        assertThat(session.publish(session.prepare(file), file)).isPresent();

        assertThat(out.resolve("rows.csv")).isRegularFile().hasContent(CONTENT);
        assertThat(out.resolve("rows.csv")).matches(found -> !Files.isSymbolicLink(found));
        assertThat(victim).hasContent("of another customer");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_not_publish_a_link_instead_of_its_upload(boolean secure) throws Exception {
        OutgoingFile file = file("", IfExists.REPLACE);
        DirectorySession session = session(secure);
        PreparedFile prepared = session.prepare(file);
        Path link = out.resolve(PART);
        Files.delete(link);
        Files.createSymbolicLink(link, victim);

        assertRefused(
                () -> session.publish(prepared, file),
                "a link has the temporary name " + link + ", which only this upload uses: nothing was published, and no"
                        + " link is followed. Find out what has made it there");

        assertThat(out.resolve("rows.csv")).doesNotExist();
    }

    /** The folder is replaced after it was opened, which no check can see. */
    @Test
    void should_stay_in_the_folder_that_it_has_opened() throws Exception {
        Path folder = Files.createDirectory(out.resolve("2026"));
        Place place = Place.below(out, folder.resolve("rows.csv")).orElseThrow();

        try (Folder opened = new RealFolders(out, true).open(place)) {
            Files.move(folder, out.resolve("moved"));
            Files.createSymbolicLink(folder, victims);
            opened.create(PART).close();
            opened.rename(PART, opened, "rows.csv");
            assertThat(opened.attributes("rows.csv")).isPresent();
            opened.create(PART).close();
            opened.delete(PART);
        }

        assertThat(out.resolve("moved/rows.csv")).isEmptyFile();
        assertThat(victim).hasContent("of another customer");
    }

    /** The link is made after the folder was verified, which no check can see. */
    @Test
    void should_not_open_a_folder_through_a_link() throws Exception {
        Files.createSymbolicLink(out.resolve("2026"), victims);
        Place place = Place.below(out, out.resolve("any")).orElseThrow();

        try (Folder opened = new RealFolders(out, true).open(place)) {
            assertThatThrownBy(() -> opened.folder("2026").close()).isInstanceOf(IOException.class);
        }
    }

    /** The link is made after the name was found free, which no check can see. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_not_create_through_a_link(boolean secure) throws Exception {
        Files.createSymbolicLink(out.resolve("dangling"), temporary.resolve("nowhere"));
        Files.createSymbolicLink(out.resolve("leading"), victim);
        Place place = Place.below(out, out.resolve("any")).orElseThrow();

        try (Folder opened = new RealFolders(out, secure).open(place)) {
            for (String name : new String[] {"dangling", "leading"}) {
                assertThatThrownBy(() -> create(opened, name)).isInstanceOf(FileAlreadyExistsException.class);
            }
            assertThatThrownBy(() -> opened.read("leading").close()).isInstanceOf(IOException.class);
        }

        assertThat(temporary.resolve("nowhere")).doesNotExist();
        assertThat(victim).hasContent("of another customer");
    }

    private static void create(Folder folder, String name) throws IOException {
        try (FileChannel channel = folder.create(name)) {
            channel.force(true);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_follow_a_directory_of_the_host_that_is_a_link(boolean secure) throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), out);
        DirectorySession session = new DirectorySession(
                "out", link, new RealFolders(link, secure), null, IfReplaced.WAIT, TemporaryNames.hidden());
        OutgoingFile file = file("2026", IfExists.FAIL);

        assertThat(session.publish(session.prepare(file), file)).isPresent();

        assertThat(out.resolve("2026/rows.csv")).hasContent(CONTENT);
    }

    /** As a damaged or forged ledger could say. */
    @ParameterizedTest
    @ValueSource(strings = {"victims/rows.csv", "out/../victims/rows.csv", "out", "out/./rows.csv", "outer/rows.csv"})
    void should_touch_nothing_outside_its_directory(String location) throws Exception {
        OutgoingFile file = file("", IfExists.REPLACE);
        DirectorySession session = session(true);
        String outside = temporary + "/" + location;
        PreparedFile prepared = session.prepare(file);
        String part = prepared.temporary().orElseThrow();

        assertThatThrownBy(() -> session.publish(PreparedFile.renamed(outside, part), file))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith(outside + " is no place of this file below " + out);
        assertThatThrownBy(() -> session.publish(PreparedFile.renamed(prepared.location(), outside), file))
                .isInstanceOf(DeliveryException.class);
        assertThat(session.delete(outside, Files.size(victim))).isEqualTo(Deletion.NOT_SAID);
        assertThat(session.sha256(outside)).isEmpty();

        assertThat(victim).hasContent("of another customer");
        assertThat(session.publish(prepared, file)).isPresent();
    }

    /** As a damaged or forged ledger could say; such a name seems to be another one. */
    @ParameterizedTest
    @ValueSource(strings = {"a\u202Eb.csv", "a\nb.csv", "a\u2028b.csv", "a\\b.csv", "a\u200Bb.csv"})
    void should_not_use_a_stored_name_that_no_file_gets(String name) throws Exception {
        OutgoingFile file = file("", IfExists.REPLACE);
        DirectorySession session = session(true);
        PreparedFile prepared = session.prepare(file);
        String part = prepared.temporary().orElseThrow();
        String stored = out + "/" + name;

        assertThatThrownBy(() -> session.publish(PreparedFile.renamed(stored, part), file))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_REFUSED));
        assertThat(session.inspect(stored)).isEqualTo(Inspection.notSaid());
        assertThat(session.delete(stored, 1)).isEqualTo(Deletion.NOT_SAID);

        assertThat(session.publish(prepared, file)).isPresent();
    }

    @Test
    void should_not_move_a_file_of_another_folder() throws Exception {
        OutgoingFile file = file("", IfExists.REPLACE);
        DirectorySession session = session(true);
        Path other = Files.createDirectory(out.resolve("2026")).resolve("theirs.csv");
        Files.writeString(other, "of another run");
        PreparedFile forged = PreparedFile.renamed(out.resolve("rows.csv").toString(), other.toString());

        assertThatThrownBy(() -> session.publish(forged, file))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith(other + " is no place of this file below " + out);

        assertThat(other).hasContent("of another run");
    }
}
