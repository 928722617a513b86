package io.outfeed.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Wide rows and long cells pass through the writers piece by piece. */
class LargeRecordsTest {

    private static final int COLUMNS = 2_000;
    private static final int LONG = 50 * 1024 * 1024;

    /** Counts, and remembers the largest piece. */
    private static final class Pieces extends OutputStream {

        private long bytes;
        private int largest;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes += length;
            largest = Math.max(largest, length);
        }
    }

    @Test
    void should_write_two_thousand_columns() throws IOException {
        @Nullable String[] row = new @Nullable String[COLUMNS];
        Arrays.setAll(row, column -> column % 3 == 0 ? null : "cell, " + column);
        for (RecordFormat format : List.of(CsvFormat.rfc4180(), JsonFormat.lines())) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (RecordWriter writer = format.open(Tables.layout(COLUMNS), bytes)) {
                for (int i = 0; i < 50; i++) {
                    writer.write(Tables.texts(row));
                }
            }

            List<String> lines = bytes.toString(UTF_8).lines().toList();
            boolean header = format instanceof CsvFormat;
            assertThat(lines).hasSize(header ? 51 : 50);
            assertThat(lines.get(lines.size() - 1))
                    .isEqualTo(lines.get(header ? 1 : 0))
                    .contains("cell, 1999");
        }
    }

    @Test
    void should_write_a_cell_of_fifty_megabytes_in_small_pieces() throws IOException {
        String ascii = "x".repeat(LONG);
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE)) {
            int width = charset.equals(StandardCharsets.UTF_8) ? 1 : 2;
            CsvFormat format = CsvFormat.builder()
                    .header(CsvFormat.Header.ABSENT)
                    .charset(charset)
                    .build();
            Pieces pieces = new Pieces();
            try (RecordWriter writer = format.open(FileLayout.of("a", "b"), pieces)) {
                writer.write(Tables.texts("1", ascii));
                assertThat(writer.bytes()).isEqualTo((LONG + 4L) * width);
            }
            assertThat(pieces.bytes).isEqualTo((LONG + 4L) * width);
            assertThat(pieces.largest).isLessThanOrEqualTo(64 * 1024);
        }
        Pieces pieces = new Pieces();
        try (RecordWriter writer = JsonFormat.lines().open(FileLayout.of("a"), pieces)) {
            writer.write(Tables.texts(ascii));
        }
        assertThat(pieces.bytes).isEqualTo(LONG + "{\"a\":\"\"}\n".length());
        assertThat(pieces.largest).isLessThanOrEqualTo(64 * 1024);
    }
}
