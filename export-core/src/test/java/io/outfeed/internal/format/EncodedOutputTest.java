package io.outfeed.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnmappableCharacterException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes are those of {@link String#getBytes(Charset)}, wherever the buffer ends. */
class EncodedOutputTest {

    private static final int BUFFER = 8 * 1024;

    /** Besides ASCII, the first and the last characters of two, three and four bytes in UTF-8. */
    private static final String ALL_WIDTHS = "a\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfffz";

    private static final String JAPANESE = "a\u65e5\u672c\u8a9e\u3042z\u30ab";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "GB18030"})
    void should_encode_each_character_wherever_the_buffer_ends(Charset charset) throws IOException {
        for (int before = BUFFER - 40; before <= BUFFER + 4; before++) {
            assertEncoded("x".repeat(before) + ALL_WIDTHS.repeat(3), charset);
        }
    }

    /** The first returns to ASCII at the end of a file, which needs bytes of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"ISO-2022-JP", "Shift_JIS", "EUC-JP"})
    void should_end_in_the_state_in_which_it_began_wherever_the_buffer_ends(Charset charset) throws IOException {
        for (int before = BUFFER - 40; before <= BUFFER + 4; before++) {
            assertEncoded("x".repeat(before) + JAPANESE, charset);
        }
    }

    private void assertEncoded(String text, Charset charset) throws IOException {
        byte[] expected = text.getBytes(charset);
        for (int pieces = 1; pieces <= 2; pieces++) {
            bytes.reset();
            EncodedOutput out = new EncodedOutput(bytes, charset);
            try (out) {
                int middle = text.length() / pieces;
                out.write(text.substring(0, middle));
                out.write(text.substring(middle));
            }

            assertThat(bytes.toByteArray()).isEqualTo(expected);
            assertThat(out.count()).isEqualTo(expected.length);
        }
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, 127", "UTF-8, 144", "UTF-16LE, 144"})
    void should_take_single_characters_wherever_the_buffer_ends(Charset charset, int characters) throws IOException {
        StringBuilder text = new StringBuilder();
        try (EncodedOutput out = new EncodedOutput(bytes, charset)) {
            for (int i = 0; i < BUFFER + 10; i++) {
                char c = (char) (i % characters + 1);
                out.write(c);
                text.append(c);
            }
        }

        assertThat(bytes.toByteArray()).isEqualTo(text.toString().getBytes(charset));
    }

    @Test
    void should_take_text_in_all_ways_of_a_writer() throws IOException {
        try (EncodedOutput out = new EncodedOutput(bytes, StandardCharsets.UTF_8)) {
            out.write(new char[] {'x', 'é', 'b', 'x'}, 1, 2);
            out.write("xécx", 1, 2);
            out.append('é').append("d").append("xéex", 1, 3);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("ébécédée");
    }

    @Test
    void should_count_what_is_not_written_yet_and_write_it_when_flushed() throws IOException {
        try (EncodedOutput out = new EncodedOutput(new BufferedOutputStream(bytes), StandardCharsets.UTF_8)) {
            out.write("é");
            assertThat(out.count()).isEqualTo(2);
            assertThat(bytes.size()).isZero();

            out.flush();

            assertThat(bytes.size()).isEqualTo(2);
            out.write("x");
            assertThat(out.count()).isEqualTo(3);
        }
        assertThat(bytes.size()).isEqualTo(3);
    }

    @Test
    void should_refuse_what_was_not_checked() throws IOException {
        try (EncodedOutput utf8 = new EncodedOutput(bytes, StandardCharsets.UTF_8);
                EncodedOutput utf16 = new EncodedOutput(bytes, StandardCharsets.UTF_16LE);
                EncodedOutput latin = new EncodedOutput(bytes, StandardCharsets.ISO_8859_1)) {
            for (String half : new String[] {"a\ud800", "a\ud800b", "a\udc00\ud800"}) {
                assertThatThrownBy(() -> utf8.write(half)).isInstanceOf(MalformedInputException.class);
                assertThatThrownBy(() -> utf16.write(half)).isInstanceOf(MalformedInputException.class);
            }
            assertThatThrownBy(() -> latin.write("\u65e5")).isInstanceOf(UnmappableCharacterException.class);
        }
    }
}
