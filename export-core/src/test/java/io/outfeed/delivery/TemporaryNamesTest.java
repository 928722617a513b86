package io.outfeed.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemporaryNamesTest {

    private static OutgoingFile file(String folder, int upload) {
        StagedFile staged = new StagedFile("visits", folder, "visits.csv", 1, 10, "0".repeat(64));
        return new OutgoingFile(
                "visits-lakeside", 41, 97, upload, staged, Path.of("unused"), IfExists.FAIL, bytes -> {});
    }

    @Test
    void should_be_hidden_next_to_the_file() {
        TemporaryNames names = TemporaryNames.hidden();

        assertThat(names.path(file("", 1))).isEqualTo(".visits.csv.r41-t97.part");
        assertThat(names.path(file("2026-27/north", 2))).isEqualTo("2026-27/north/.visits.csv.r41-t97-2.part");
    }

    @Test
    void should_name_job_and_run_in_messages_unless_a_destination_is_checked() {
        StagedFile staged = file("", 1).file();

        assertThat(file("", 1).origin()).isEqualTo("job=visits-lakeside, run=41");
        assertThat(new OutgoingFile("visits-lakeside", 0, 0, staged, Path.of("unused"), IfExists.FAIL).origin())
                .isEqualTo("job=visits-lakeside");
    }

    @Test
    void should_have_another_prefix() {
        assertThat(TemporaryNames.prefixed("tmp_").path(file("2026-27", 1)))
                .isEqualTo("2026-27/tmp_visits.csv.r41-t97.part");
    }

    @Test
    void should_be_in_a_directory_of_their_own_with_the_folder_of_the_file() {
        assertThat(TemporaryNames.hidden().inDirectory("in/.parts").path(file("2026-27", 1)))
                .isEqualTo("in/.parts/2026-27/.visits.csv.r41-t97.part");
        assertThat(TemporaryNames.prefixed("tmp_").inDirectory("incoming").path(file("", 1)))
                .isEqualTo("incoming/tmp_visits.csv.r41-t97.part");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a/", "..", "a b", "a\n", "aaaaaaaaaaaaaaaaaaaaa", "\u00e9"})
    void should_refuse_a_prefix_that_is_no_safe_name(String prefix) {
        assertThatThrownBy(() -> TemporaryNames.prefixed(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prefix '" + prefix + "' of temporary names must have 1 to 20 of A-Z, a-z, 0-9, '.', '_'"
                        + " and, after the first, '-', such as tmp_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "/in", "in/", "in//parts", "in/../..", "in\\parts", "con", "-in"})
    void should_refuse_a_directory_that_leads_elsewhere(String path) {
        assertThatThrownBy(() -> TemporaryNames.hidden().inDirectory(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of the directory '" + path + "' of temporary names can't be used: ");
    }

    @ParameterizedTest
    @CsvSource({
        ".visits.csv.r41-t97.part, true",
        "tmp_visits.csv.r41-t1.part, true",
        "visits.csv.r41-t97-12.part, true",
        ".visits.csv.r4-t97.part, false",
        ".visits.csv.r411-t97.part, false",
        ".visits.csv.r41-t97.par, false",
        ".visits.csv.r41-t97-.part, false",
        ".visits.csv.r41-t.part, false",
        ".visits.csv.r41-t97.part.csv, false",
        ".rows.csv.r41-t97.part, false",
        "visits.csv, false",
        "aaaaaaaaaaaaaaaaaaaaavisits.csv.r41-t97.part, false",
        "'', false",
    })
    void should_recognize_the_uploads_of_a_file(String name, boolean expected) {
        assertThat(TemporaryNames.isOf(name, file("", 1))).isEqualTo(expected);
    }

    @Test
    void should_be_comparable() {
        assertThat(TemporaryNames.prefixed("tmp_").inDirectory("in"))
                .isEqualTo(TemporaryNames.prefixed("tmp_").inDirectory("in"))
                .hasSameHashCodeAs(TemporaryNames.prefixed("tmp_").inDirectory("in"))
                .hasToString("in/tmp_*.part")
                .isNotEqualTo(TemporaryNames.prefixed("tmp_"))
                .isNotEqualTo(TemporaryNames.hidden().inDirectory("in"));
        assertThat(TemporaryNames.hidden()).hasToString(".*.part");
    }
}
