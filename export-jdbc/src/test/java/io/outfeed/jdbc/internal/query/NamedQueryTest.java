package io.outfeed.jdbc.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.jdbc.internal.connection.SourceDialect;
import io.outfeed.source.Position;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class NamedQueryTest {

    @ParameterizedTest
    @CsvFileSource(resources = "queries.txt", delimiter = '|', quoteCharacter = '~', commentCharacter = '%')
    void should_find_the_parameters_and_nothing_else(String query, String rendered, String names) {
        String sql = query.replace("\\n", "\n");

        NamedQuery.Rendered result = NamedQuery.parse(sql).render(name -> "?");

        assertThat(result.sql()).isEqualTo(rendered == null ? sql : rendered.replace("\\n", "\n"));
        assertThat(String.join(" ", result.names())).isEqualTo(names == null ? "" : names);
    }

    @ParameterizedTest
    @CsvSource({
        "a[lo:hi],             5,  hi",
        "'a[1], b[ f(:x) :y ]', 16, y",
        "a[:n],              3,  n",
    })
    void should_reject_what_may_be_an_array_slice_or_a_parameter(String query, int character, String name) {
        assertThatThrownBy(() -> NamedQuery.parse(query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        ":" + name + " at character " + character + " may be a part of an array slice or a parameter:"
                                + " write [ ... : " + name + "] for a slice, and (:" + name + ") for a parameter");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "broken-queries.txt", delimiter = '|', quoteCharacter = '~', commentCharacter = '%')
    void should_reject_what_has_no_end(String query, String problem) {
        assertThatThrownBy(() -> NamedQuery.parse(query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem + " has no end (a backslash escapes nothing but in E'...')");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "missing-queries.txt", delimiter = '|', quoteCharacter = '~', commentCharacter = '%')
    void should_find_what_no_window_includes(String query, @Nullable String missing) {
        Optional<NamedQuery> made =
                MissingQuery.of(NamedQuery.parse(query), Position.TIMESTAMP, SourceDialect.POSTGRESQL);

        assertThat(made.map(NamedQuery::sql)).isEqualTo(Optional.ofNullable(missing));
    }

    @ParameterizedTest
    @CsvSource({
        "sequence,        POSTGRESQL, id IS NULL AND 1 = 1",
        "postgresql-xid8, POSTGRESQL, id IS NULL AND 1 = 1",
        "timestamp,       MYSQL,      (id IS NULL OR id < '0001-01-01') AND 1 = 1",
        "timestamp,       H2,         (id IS NULL OR id < '0001-01-01') AND 1 = 1",
    })
    void should_ask_for_what_a_watermark_can_not_order(String kind, SourceDialect dialect, String condition) {
        NamedQuery query = NamedQuery.parse("SELECT * FROM t WHERE id >= :from AND id < :until");

        assertThat(MissingQuery.of(query, kind, dialect).orElseThrow().sql())
                .isEqualTo("SELECT * FROM t WHERE " + condition);
    }
}
