package io.outfeed.sftp.internal.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteDirectoryTest {

    /** The answers of a server are pairs, such as {@code .=/home/lakeside}; what is not there is refused. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "nothing",
            value = {
                // configured,  the server's answers,            the directory
                "exports,       exports=/home/lakeside/exports,  /home/lakeside/exports",
                "exports,       exports=/data/out,               /data/out",
                "exports,       exports=/,                       /",
                "exports,       .=/home/lakeside,                /home/lakeside/exports",
                "exports,       .=/,                             /exports",
                "in/exports,    .=/home/lakeside,                /home/lakeside/in/exports",
                "exports,       nothing,                         exports",
                ".,             .=/home/lakeside,                /home/lakeside",
                ".,             .=/,                             /",
                ".,             nothing,                         .",
                // not usable
                "exports,       exports=exports,                 exports",
                "exports,       exports=/home/../etc,            exports",
                "exports,       exports=/home//etc,              exports",
                "exports,       exports=/home/lakeside/,         exports",
                "exports,       'exports=/home/a\u0007b',        exports",
                "exports,       'exports=/home/a\u202Eb',        exports",
                "exports,       exports=C:\\out,                 exports",
                "exports,       'exports=x .=/home/lakeside',    /home/lakeside/exports",
                "exports,       .=../x,                          exports",
            })
    void should_be_the_real_path_that_the_server_tells(String configured, @Nullable String answers, String expected)
            throws IOException {
        Map<String, String> told = answers == null
                ? Map.of()
                : Arrays.stream(answers.split(" ", -1))
                        .map(answer -> answer.split("=", 2))
                        .collect(Collectors.toMap(answer -> answer[0], answer -> answer[1]));

        assertThat(RemoteDirectory.resolve(
                        configured, TemporaryNames.hidden(), path -> Optional.ofNullable(told.get(path))))
                .isEqualTo(new RemoteDirectory(expected, TemporaryNames.hidden()));
    }

    @Test
    void should_not_ask_for_an_absolute_path() throws IOException {
        List<String> asked = new ArrayList<>();

        RemoteDirectory directory = RemoteDirectory.resolve("/exports", TemporaryNames.hidden(), path -> {
            asked.add(path);
            return Optional.of("/elsewhere");
        });

        assertThat(directory).isEqualTo(new RemoteDirectory("/exports", TemporaryNames.hidden()));
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/exports, a.csv,      /exports/a.csv,      /exports/.a.csv.r41-t97.part",
        "/exports, 2026/a.csv, /exports/2026/a.csv, /exports/2026/.a.csv.r41-t97.part",
        "/,        a.csv,      /a.csv,              /.a.csv.r41-t97.part",
        "exports,  a.csv,      exports/a.csv,       exports/.a.csv.r41-t97.part",
        ".,        a.csv,      a.csv,               .a.csv.r41-t97.part",
        ".,        2026/a.csv, 2026/a.csv,          2026/.a.csv.r41-t97.part",
    })
    void should_place_files(String directory, String path, String target, String temporary) {
        int slash = path.lastIndexOf('/') + 1;
        StagedFile staged = new StagedFile(
                "interactions", path.substring(0, Math.max(0, slash - 1)), path.substring(slash), 1, 1, "0".repeat(64));
        OutgoingFile file = new OutgoingFile("job", 41, 97, staged, Path.of("a.csv"), IfExists.FAIL);

        assertThat(new RemoteDirectory(directory, TemporaryNames.hidden()).target(file))
                .isEqualTo(target);
        assertThat(new RemoteDirectory(directory, TemporaryNames.hidden()).temporary(file))
                .isEqualTo(temporary);
        assertThat(new RemoteDirectory(directory, TemporaryNames.hidden()).contains(target))
                .isTrue();
        assertThat(new RemoteDirectory(directory, TemporaryNames.hidden()).contains(temporary))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/exports, ''",
        "/exports, /",
        "/exports, /exports",
        "/exports, /exports/",
        "/exports, /exports//a.csv",
        "/exports, /exports/./a.csv",
        "/exports, /exports/../etc/passwd",
        "/exports, /exports/2026/../../etc/passwd",
        "/exports, '/exports/..\\..\\a.csv'",
        "/exports, /exports2/a.csv",
        "/exports, /etc/passwd",
        "/exports, exports/a.csv",
        "/exports, a.csv",
        "/exports, '/exports/a\u0000.csv'",
        "/exports, '/exports/a\n.csv'",
        "/exports, '/exports/a\u202E.csv'",
        "/exports, '/exports/a\u2028.csv'",
        "/,        /",
        "/,        //a.csv",
        "/,        a.csv",
        "exports,  /exports/a.csv",
        "exports,  exports",
        "exports,  ../exports/a.csv",
        "exports,  exports/../a.csv",
        ".,        /a.csv",
        ".,        .",
        ".,        ../a.csv",
        ".,        ''",
    })
    void should_contain_no_other_path(String directory, String location) {
        assertThat(new RemoteDirectory(directory, TemporaryNames.hidden()).contains(location))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/exports/Größe 7 €.csv", "/exports/a~b.csv", "/exports/.hidden", "/exports/a..b"})
    void should_contain_any_name(String location) {
        assertThat(new RemoteDirectory("/exports", TemporaryNames.hidden()).contains(location))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"/a/b, /a", "/a, /", "/, /", "a/b, a", "a, .", "., ."})
    void should_find_the_parent(String path, String parent) {
        assertThat(RemotePaths.parent(path)).isEqualTo(parent);
    }
}
