package io.outfeed.internal.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.StoreException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTest {

    private static final String FILE = "jobs/rows/positions";
    private static final String RESTORE =
            "): restore it from a backup; without one, look at the destination for what was delivered last, before"
                    + " you remove it";

    private static Document document() {
        Document document = new Document();
        document.put("run", 4711);
        document.put("at", Instant.parse("2026-03-01T12:00:00Z"));
        return document;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void should_be_readable_and_the_same_each_time() {
        assertThat(new String(document().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("# outfeed 1 crc32=ffec0ae6\nat=2026-03-01T12\\:00\\:00Z\nrun=4711\n");
    }

    @Test
    void should_be_ascii_on_demand() {
        Document document = new Document();
        document.put("note", "Zürich \uD83D\uDE00 \\u0041 \t\u0001 = #");

        String ascii = Document.ascii(document.lines());

        assertThat(ascii).isEqualTo("note=Z\\u00FCrich \\uD83D\\uDE00 \\\\u0041 \\t\\u0001 \\= \\#\n");
        assertThat(Document.ofLines(FILE, ascii).text("note")).isEqualTo(document.text("note"));
    }

    /** Any characters in keys and values. */
    private static Properties random(Random random) {
        String characters = "aZ0 \t\n\r\f\\=:#!.\u0000\u00FC\u2028\uD83D\uDE00";
        Properties properties = new Properties();
        for (int i = random.nextInt(6); i > 0; i--) {
            properties.setProperty(text(random, characters), text(random, characters));
        }
        return properties;
    }

    private static String text(Random random, String characters) {
        return random.ints(random.nextInt(5), 0, characters.length())
                .mapToObj(i -> characters.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    @Test
    void should_write_the_lines_that_properties_write() throws IOException {
        Random random = new Random(17);
        for (int i = 0; i < 5_000; i++) {
            Properties properties = random(random);
            Document document = new Document();
            properties.stringPropertyNames().forEach(key -> document.put(key, properties.getProperty(key)));
            StringWriter written = new StringWriter();
            properties.store(written, null);

            assertThat(document.lines())
                    .isEqualTo(written.toString()
                            .lines()
                            .skip(1) // the date of writing
                            .sorted()
                            .map(line -> line + "\n")
                            .collect(Collectors.joining()));
        }
    }

    @Test
    void should_read_back_what_it_wrote() {
        Document read = Document.parse(FILE, document().bytes());

        assertThat(read.number("run")).isEqualTo(4711);
        assertThat(read.instant("at")).contains(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(read.find("other")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " leading and trailing ",
                "a=b:c",
                "# no comment",
                "! no comment",
                "line\nbreak\r\nand\rothers\f\u0085\u2028",
                "back\\slash\\u0041 at the end \\",
                "\t tab",
                "日本 Zürich \uD83D\uDE00",
                "\0\u0001\u007f",
                "#"
            })
    void should_keep_odd_characters(String text) {
        Document document = new Document();
        document.put("text", text);
        document.put("next", "untouched");

        Document read = Document.parse(FILE, document.bytes());

        assertThat(read.text("text")).isEqualTo(text);
        assertThat(read.text("next")).isEqualTo("untouched");
    }

    @Test
    void should_notice_each_damaged_byte() {
        byte[] whole = document().bytes();
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> Document.parse(FILE, damaged))
                    .as("byte %d", i)
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith(FILE + " ");
        }
    }

    @Test
    void should_notice_a_file_that_is_cut_off() {
        byte[] whole = document().bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Document.parse(FILE, part))
                    .as("%d bytes", length)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(" is damaged (");
        }
    }

    @Test
    void should_say_what_is_damaged_and_what_to_do() {
        assertThatThrownBy(() -> Document.parse(FILE, bytes("")))
                .isInstanceOf(StoreException.class)
                .hasMessage(FILE + " is damaged (it does not begin as a file of the store does" + RESTORE);
        assertThatThrownBy(() -> Document.parse(FILE, bytes("# outfeed 1 crc32=00000000\nrun=1\n")))
                .isInstanceOf(StoreException.class)
                .hasMessage(FILE + " is damaged (its checksum is wrong" + RESTORE);
    }

    @Test
    void should_not_read_the_file_of_a_newer_version() {
        assertThatThrownBy(() -> Document.parse(FILE, bytes("# outfeed 2 sha256=0\nrun=1\n")))
                .isInstanceOf(StoreException.class)
                .hasMessage(FILE + " was written by a newer version of Outfeed: run that version, or a newer one");
    }

    @Test
    void should_name_the_file_that_says_what_is_not_known() {
        assertThatThrownBy(() -> Document.read(FILE, document().bytes(), d -> d.text("sequence")))
                .isInstanceOf(StoreException.class)
                .hasMessage(FILE
                        + " is whole, but says what this version of Outfeed does not know (it lacks 'sequence'): run"
                        + " the version that wrote it, or a newer one");
        assertThatThrownBy(() -> Document.read(FILE, document().bytes(), d -> d.number("at")))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(FILE + " is whole, but says what this version of Outfeed does not know (");
        assertThatThrownBy(() -> Document.read(FILE, document().bytes(), d -> d.instant("run")))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(FILE + " is whole, but says what this version of Outfeed does not know (");
    }

    @Test
    void should_count_the_entries_of_a_list() {
        Document document = new Document();
        for (String key : List.of("step.0.path", "step.0.state", "step.1.path", "step.10.path", "file.0", "steps")) {
            document.put(key, "");
        }

        assertThat(document.count("step")).isEqualTo(11);
        assertThat(document.count("file")).isEqualTo(1);
        assertThat(document.count("window")).isZero();
    }
}
