package io.outfeed.sftp;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.internal.transfer.SftpSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored of a run may be damaged, or forged: it must lead to no other file of the server. */
class ForeignLocationTest {

    private static final String INSIDE = "/exports/interactions-12.csv";
    private static final String TEMPORARY = "/exports/" + OutgoingFiles.TEMPORARY;

    /** Paths that are no places of files below {@code /exports}. Some would lead to a file that is there. */
    private static final List<String> FORGED = List.of(
            "",
            "/",
            "/exports",
            "/exports/",
            "/exports/../private/keys.csv",
            "/exports/2026/../../private/keys.csv",
            "/exports/./interactions-12.csv",
            "/exports//interactions-12.csv",
            "/exports/..\\..\\private\\keys.csv",
            "/exports/a\u0000.csv",
            "/exports/a\r\nb.csv",
            "/exports/a\u001B[2Jb.csv",
            "/exports/a\u202Eb.csv",
            "/exports2/keys.csv",
            "/private/keys.csv",
            "private/keys.csv",
            "../private/keys.csv",
            "interactions-12.csv");

    /** What is done with a location of the ledger. */
    private record Action(String name, BiConsumer<SftpSession, Use> call) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Action RENAME_FROM = new Action(
            "rename from",
            (session, use) -> assertThat(
                            session.publish(PreparedFile.renamed(INSIDE, orSlash(use.location())), use.file()))
                    .isEmpty());

    private static final List<Action> ACTIONS = List.of(
            RENAME_FROM,
            new Action(
                    "rename to",
                    (session, use) -> assertThat(
                                    session.publish(PreparedFile.renamed(use.location(), TEMPORARY), use.file()))
                            .isEmpty()),
            new Action(
                    "write to",
                    (session, use) -> assertThat(session.publish(PreparedFile.direct(use.location()), use.file()))
                            .isEmpty()),
            new Action(
                    "delete",
                    (session, use) ->
                            assertThat(session.delete(use.location(), 4)).isNull()),
            new Action(
                    "read",
                    (session, use) -> assertThat(session.sha256(use.location())).isEmpty()));

    private record Use(String location, OutgoingFile file) {}

    /** A temporary name can't be empty. */
    private static String orSlash(String location) {
        return location.isEmpty() ? "/" : location;
    }

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    private MinaServer server;

    @BeforeEach
    void start() throws IOException {
        for (String folder : List.of("exports", "exports2", "private")) {
            Files.createDirectory(root.resolve(folder));
            Files.writeString(root.resolve(folder).resolve("keys.csv"), "k\r\n");
        }
        Files.writeString(root.resolve(TEMPORARY.substring(1)), "a\r\n");
        server = MinaServer.start(root);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private OutgoingFile file(IfExists ifExists) {
        return OutgoingFiles.file(staging, "a\r\n", ifExists);
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String file : server.files()) {
            contents.put(file, Files.readString(root.resolve(file)));
        }
        return contents;
    }

    /** Nothing is sent either. */
    private void assertRefused(SftpDelivery delivery, BiConsumer<SftpSession, Use> use, Use forged, String shown)
            throws IOException {
        Map<String, String> before = contents();
        try (SftpSession session = openSession(delivery)) {
            int requests = server.faults().requests();

            assertThatThrownBy(() -> use.accept(session, forged))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_REFUSED))
                    .hasMessageStartingWith("'" + shown + "' is no place of a file below /exports at 127.0.0.1:"
                            + server.port() + ": nothing was touched there. If the delivery had another directory, set"
                            + " that one again, or give the run up; else the store is damaged (delivery=lakeside")
                    .message()
                    .doesNotContainPattern("\\p{Cntrl}");

            assertThat(server.faults().requests()).isEqualTo(requests);
        }
        assertThat(contents()).isEqualTo(before);
    }

    static Stream<Arguments> actions_with_forged_locations() {
        return ACTIONS.stream().flatMap(action -> FORGED.stream().map(location -> Arguments.of(action, location)));
    }

    @ParameterizedTest
    @MethodSource("actions_with_forged_locations")
    void should_refuse_a_location_elsewhere(Action action, String location) throws IOException {
        String stored = action.equals(RENAME_FROM) ? orSlash(location) : location;
        String shown = stored.replaceAll("[\\p{Cntrl}\u202E]", "?");

        for (SftpPublication publication : List.of(SftpPublication.PROBE, SftpPublication.TAKEN_AT_CLOSE)) {
            assertRefused(
                    server.delivery().publication(publication).build(),
                    action.call(),
                    new Use(stored, file(IfExists.REPLACE)),
                    shown);
        }
    }

    /** A temporary file elsewhere is not this file's, though both are below the directory. */
    @ParameterizedTest
    @ValueSource(strings = {"/exports/2026/.a.part", "/exports/.a/a.part"})
    void should_refuse_to_rename_from_another_folder(String temporary) throws IOException {
        assertRefused(
                server.delivery().build(), RENAME_FROM.call(), new Use(temporary, file(IfExists.REPLACE)), temporary);
    }

    static Stream<Arguments> forged_files() {
        return Stream.of(
                Arguments.of("../private", "keys.csv"),
                Arguments.of("..", "keys.csv"),
                Arguments.of("2026/../..", "keys.csv"),
                Arguments.of("", "../private/keys.csv"),
                Arguments.of("", "/private/keys.csv"),
                Arguments.of("", ""),
                Arguments.of("", ".."),
                Arguments.of("", "a\u0000.csv"),
                Arguments.of("a\nb", "a.csv"));
    }

    @ParameterizedTest
    @MethodSource("forged_files")
    void should_refuse_a_staged_file_with_a_path_elsewhere(String folder, String name) throws IOException {
        OutgoingFile file = file(IfExists.REPLACE);
        StagedFile forged = new StagedFile(
                "interactions",
                folder,
                name,
                1,
                file.file().bytes(),
                file.file().sha256());
        Use use = new Use("", new OutgoingFile(file.job(), 41, 97, forged, file.content(), IfExists.REPLACE));
        String shown = "/exports/" + forged.path().replaceAll("\\p{Cntrl}", "?");

        assertRefused(
                server.delivery().build(),
                (session, at) -> assertThat(session.prepare(at.file())).isNull(),
                use,
                shown);
        for (SftpPublication publication : List.of(SftpPublication.PROBE, SftpPublication.DIRECT)) {
            assertRefused(
                    server.delivery().publication(publication).build(),
                    (session, at) -> session.discard(at.file()),
                    use,
                    shown);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/exports/../private/keys.csv",
                "/exports/..\\private\\keys.csv",
                "/exports/a\u0000.csv",
                "/exports/a\r\nb.csv",
                "/private/../private/keys.csv",
                "private/keys.csv",
                "../private/keys.csv",
            })
    void should_not_inspect_what_is_no_plain_path(String location) throws IOException {
        assertRefused(
                server.delivery().build(),
                (session, use) -> assertThat(session.inspect(use.location())).isNull(),
                new Use(location, file(IfExists.FAIL)),
                location.replaceAll("\\p{Cntrl}", "?"));
    }

    /** The delivery may have had another directory. */
    @Test
    void should_inspect_a_file_elsewhere() {
        try (SftpSession session = openSession(server.delivery().build())) {
            assertThat(session.inspect("/private/keys.csv").bytes()).isEqualTo(3);
            assertThat(session.inspect("/private/none.csv")).isEqualTo(Inspection.missing());
        }
    }
}
