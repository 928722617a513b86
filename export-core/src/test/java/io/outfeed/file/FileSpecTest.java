package io.outfeed.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.CsvFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FileSpecTest {

    @Test
    void should_have_safe_defaults() {
        FileSpec spec = FileSpec.builder().name("a.csv").build();

        assertThat(spec.name()).isEqualTo(FileName.of("a.csv"));
        assertThat(spec.format()).isEqualTo(CsvFormat.rfc4180());
        assertThat(spec.whenEmpty()).isEqualTo(WhenEmpty.HEADER_ONLY);
        assertThat(spec.ifExists()).isEqualTo(IfExists.FAIL);
    }

    @Test
    void should_hold_what_was_set() {
        CsvFormat tabs = CsvFormat.builder().delimiter('\t').build();
        FileSpec spec = FileSpec.builder()
                .name(FileName.of("a.csv"))
                .format(tabs)
                .whenEmpty(WhenEmpty.NO_FILE)
                .ifExists(IfExists.REPLACE)
                .build();

        assertThat(spec.format()).isEqualTo(tabs);
        assertThat(spec.whenEmpty()).isEqualTo(WhenEmpty.NO_FILE);
        assertThat(spec.ifExists()).isEqualTo(IfExists.REPLACE);
        assertThat(spec)
                .hasToString("file 'a.csv' (CSV with delimiter TAB, DOUBLE quotes, CRLF, whenEmpty NO_FILE, ifExists"
                        + " REPLACE)");
    }

    @Test
    void should_need_a_name() {
        assertThatThrownBy(() -> FileSpec.builder().build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file has 1 problem: file.name is missing");
    }

    @Test
    void should_report_every_problem_of_the_name() {
        assertThatThrownBy(() -> FileSpec.builder().name("a b{job:0}").build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "file has 2 problems: file.name 'a b{job:0}': 'a b' has characters that are no part of a safe"
                                + " file name: use A-Z, a-z, 0-9, '.', '_' and '-'; file.name 'a b{job:0}': {job:0}:"
                                + " nothing may follow a text");
    }

    @Test
    void should_take_the_last_name() {
        assertThat(FileSpec.builder().name("a b").name("b.csv").build().name()).hasToString("b.csv");
        assertThatThrownBy(() -> FileSpec.builder().name("a.csv").name("{job").build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file has 1 problem: file.name '{job': '{job' has no closing brace");
    }

    @Test
    void should_not_change_with_its_builder() {
        FileSpec.Builder builder = FileSpec.builder().name("a.csv");
        FileSpec spec = builder.build();

        builder.name("b.csv").ifExists(IfExists.REPLACE);

        assertThat(spec).isEqualTo(FileSpec.builder().name("a.csv").build());
        assertThat(builder.build()).isNotEqualTo(spec);
    }

    @Test
    void should_put_a_folder_before_the_name() {
        assertThat(new StagedFile("d", "", "a.csv", 1, 2, "").path()).isEqualTo("a.csv");
        assertThat(new StagedFile("d", "done", "a.csv", 1, 2, "").path()).isEqualTo("done/a.csv");
    }

    @Test
    void should_hold_where_it_is_split() {
        FileSpec spec = FileSpec.builder()
                .name("a-{part}.csv")
                .splitAfterRows(5)
                .splitAfterBytes(1_000)
                .build();

        assertThat(spec.splitAfterRows()).hasValue(5);
        assertThat(spec.splitAfterBytes()).hasValue(1_000);
        assertThat(spec.toString()).endsWith(", ifExists FAIL, splitAfterRows 5, splitAfterBytes 1000)");
        assertThat(spec)
                .isNotEqualTo(FileSpec.builder()
                        .name("a-{part}.csv")
                        .splitAfterRows(5)
                        .build())
                .isNotEqualTo(FileSpec.builder()
                        .name("a-{part}.csv")
                        .splitAfterBytes(1_000)
                        .build());
        assertThat(FileSpec.builder().name("a.csv").build())
                .returns(OptionalLong.empty(), FileSpec::splitAfterRows)
                .returns(OptionalLong.empty(), FileSpec::splitAfterBytes);
    }

    @Test
    void should_need_the_part_in_the_name_exactly_if_it_is_split() {
        assertThatThrownBy(
                        () -> FileSpec.builder().name("a.csv").splitAfterRows(5).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file has 1 problem: file.name 'a.csv' must have {part}, since the file is split");
        assertThatThrownBy(() ->
                        FileSpec.builder().name("a.csv").splitAfterBytes(5).build())
                .hasMessage("file has 1 problem: file.name 'a.csv' must have {part}, since the file is split");
        assertThatThrownBy(() -> FileSpec.builder().name("a-{part}.csv").build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("file has 1 problem: file.name 'a-{part}.csv' has {part}, but the file is not split: add"
                        + " splitAfterRows or splitAfterBytes");
    }

    @Test
    void should_refuse_files_without_rows_or_bytes() {
        assertThatThrownBy(() -> FileSpec.builder().splitAfterRows(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("splitAfterRows must be at least 1, not 0");
        assertThatThrownBy(() -> FileSpec.builder().splitAfterBytes(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("splitAfterBytes must be at least 1, not -1");
    }
}
