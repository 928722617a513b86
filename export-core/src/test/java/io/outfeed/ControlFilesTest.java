package io.outfeed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileName;
import org.junit.jupiter.api.Test;

class ControlFilesTest {

    @Test
    void should_be_none_by_default() {
        ControlFiles files = ControlFiles.builder().build();

        assertThat(files).isEqualTo(ControlFiles.none()).hasToString("no control files");
        assertThat(files.manifest()).isEmpty();
        assertThat(files.checksumFile()).isEmpty();
        assertThat(files.doneFile()).isEmpty();
    }

    @Test
    void should_be_a_value() {
        ControlFiles files = ControlFiles.builder()
                .manifest("{job}.json")
                .checksumFile("{file}.sha256")
                .doneFile("{file}.done")
                .build();

        assertThat(files)
                .isEqualTo(ControlFiles.builder()
                        .manifest(FileName.of("{job}.json"))
                        .checksumFile("{file}.sha256")
                        .doneFile("{file}.done")
                        .build())
                .isNotEqualTo(ControlFiles.builder().manifest("{job}.json").build())
                .isNotEqualTo(ControlFiles.builder().doneFile("{file}.done").build())
                .isNotEqualTo(files.toBuilder().checksumFile("{file}.sum").build())
                .hasToString("manifest '{job}.json', checksum file '{file}.sha256', done file '{file}.done'");
    }

    @Test
    void should_not_be_changed_by_its_builder() {
        ControlFiles.Builder builder = ControlFiles.builder();
        ControlFiles before = builder.build();

        builder.doneFile("done");

        assertThat(before.doneFile()).isEmpty();
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> ControlFiles.builder()
                        .manifest("a b")
                        .checksumFile("{none}")
                        .doneFile("{nope}")
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .hasSize(3)
                                .satisfiesExactly(
                                        problem -> assertThat(problem).startsWith("manifest 'a b': "),
                                        problem -> assertThat(problem).startsWith("checksumFile '{none}': "),
                                        problem -> assertThat(problem).startsWith("doneFile '{nope}': ")));
    }

    @Test
    void should_keep_what_a_copy_does_not_change() {
        ControlFiles files = ControlFiles.builder().manifest("{job}.json").build();

        assertThat(files.toBuilder().doneFile("done").build())
                .isEqualTo(ControlFiles.builder()
                        .manifest("{job}.json")
                        .doneFile("done")
                        .build());
        assertThat(files.doneFile()).isEmpty();
    }
}
