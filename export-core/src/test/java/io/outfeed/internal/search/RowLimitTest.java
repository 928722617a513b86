package io.outfeed.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.format.CsvFormat;
import io.outfeed.format.CsvFormat.Header;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row that does not end, such as a quoted cell in the wrong dialect, does not fill the memory. */
class RowLimitTest {

    private static final CsvFormat CSV =
            CsvFormat.builder().header(Header.ABSENT).build();

    /** An endless line. */
    private static InputStream endless(String start) {
        return new SequenceInputStream(
                new ByteArrayInputStream(start.getBytes(StandardCharsets.UTF_8)), new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                });
    }

    @Test
    void should_give_up_a_cell_of_csv_that_does_not_end() {
        assertThatThrownBy(() -> new CsvRows(CSV, List.of(), endless("\"")).next())
                .isInstanceOf(IOException.class);
    }

    @Test
    void should_give_up_a_line_of_json_that_does_not_end() {
        assertThatThrownBy(() -> new JsonRows(endless("{\"")).next()).isInstanceOf(IOException.class);
    }

    @Test
    void should_read_more_than_the_limit_in_many_rows() throws IOException {
        byte[] rows = ("x".repeat(1 << 20) + "\n").repeat(20).getBytes(StandardCharsets.UTF_8);
        CsvRows reader = new CsvRows(CSV, List.of(), new ByteArrayInputStream(rows));
        int count = 0;
        while (reader.next()) {
            count++;
        }

        assertThat(count).isEqualTo(20);
    }
}
