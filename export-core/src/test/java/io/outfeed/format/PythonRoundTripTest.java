package io.outfeed.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.format.CsvFormat.Header;
import io.outfeed.internal.format.Encodable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read back by Python's csv and json modules. */
class PythonRoundTripTest {

    /** Prints each cell in hexadecimal digits behind its type: any other output would have to be parsed too. */
    private static final String READ_CSV = """
            import csv, sys
            csv.field_size_limit(2**30)
            for i in range(1, len(sys.argv), 6):
                path, encoding, delimiter, quote, escape, name = sys.argv[i:i + 6]
                print('str:' + name.encode('utf-8').hex())
                with open(path, newline='', encoding=encoding) as f:
                    for row in csv.reader(f, delimiter=chr(int(delimiter)), quotechar=chr(int(quote)), strict=True,
                                          doublequote=not escape, escapechar=escape or None):
                        print(','.join('str:' + cell.encode('utf-8').hex() for cell in row))
            """;

    private static final String READ_JSON = """
            import json, sys
            def unique(pairs):
                assert len(pairs) == len(dict(pairs))
                return pairs
            with open(sys.argv[1], newline='\\n', encoding='utf-8') as f:
                text = f.read()
            texts = [text] if text.startswith('[') else text.split('\\n')[:-1]
            for text in texts:
                read = json.loads(text, object_pairs_hook=unique, parse_int=str, parse_float=str)
                for row in [read] if isinstance(read[0], tuple) else read:
                    print(','.join(type(v).__name__ + ':' + ('' if v is None else str(v)).encode('utf-8').hex()
                                   for k, v in row))
            """;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needPython() {
        boolean there;
        try {
            there = new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            there = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            there = false;
        }
        assumeTrue(there, "skipped: python3 3.11 or newer is not installed (older ones can't read NUL)");
    }

    private List<List<String>> python(String script, String... arguments) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of("python3", "-c", script));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        return Files.readAllLines(output, US_ASCII).stream()
                .map(line -> Stream.of(line.split(",", -1))
                        .map(PythonRoundTripTest::decoded)
                        .toList())
                .toList();
    }

    private static String decoded(String cell) {
        int colon = cell.indexOf(':');
        return cell.substring(0, colon + 1) + new String(HexFormat.of().parseHex(cell.substring(colon + 1)), UTF_8);
    }

    /** All in one process: starting one takes longer than reading. */
    @Test
    void should_be_read_back_by_the_csv_module() throws Exception {
        List<String> arguments = new ArrayList<>();
        List<List<String>> expected = new ArrayList<>();
        for (Dialects.Case dialect : CsvRoundTripTest.dialects().toList()) {
            CsvFormat format = dialect.format();
            if (format.charset().name().equals("IBM037")) {
                continue; // Python takes other bytes of it for line ends than Java does
            }
            if (format.escape() == CsvFormat.Escape.BACKSLASH
                    && format.nullText().orElse("").contains("\\")) {
                continue; // Python takes the backslash of \N for an escape
            }
            Encodable encodable = new Encodable(format.charset());
            List<@Nullable String> cells = new ArrayList<>(Tables.NASTY);
            cells.addAll(List.of("\0", "a\0b"));
            cells.removeIf(cell -> cell != null && !encodable.carries(cell));
            for (List<@Nullable String[]> rows : List.of(Tables.rowsOf(cells), Tables.columnOf(cells))) {
                if (format.problems(Tables.layout(rows.get(0).length)).isEmpty()) {
                    expected.add(List.of("str:" + format));
                    expected.addAll(expected(format, rows));
                    arguments.addAll(arguments(format, rows, directory.resolve(arguments.size() + ".csv")));
                }
            }
        }

        List<List<String>> read = python(READ_CSV, arguments.toArray(String[]::new));

        assertThat(read).hasSameSizeAs(expected).hasSizeGreaterThan(10_000);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i)).as("line %d", i).isEqualTo(expected.get(i));
        }
    }

    private static List<String> arguments(CsvFormat format, List<@Nullable String[]> rows, Path file)
            throws IOException {
        Files.write(file, Tables.write(format, rows));
        return List.of(
                file.toString(),
                encoding(format),
                Integer.toString(format.delimiter()),
                Integer.toString(format.quote().character()),
                format.escape() == CsvFormat.Escape.BACKSLASH ? "\\" : "",
                format.toString());
    }

    private static List<List<String>> expected(CsvFormat format, List<@Nullable String[]> rows) {
        List<List<String>> expected = new ArrayList<>();
        if (format.header() == Header.PRESENT) {
            expected.add(Tables.layout(rows.get(0).length).headers().stream()
                    .map(header -> "str:" + header)
                    .toList());
        }
        for (List<@Nullable String> row :
                Tables.expected(rows, format.nullText().orElse(""))) {
            expected.add(row.stream().map(cell -> "str:" + cell).toList());
        }
        return expected;
    }

    private static String encoding(CsvFormat format) {
        String name = format.charset().name();
        boolean mark = format.byteOrderMark() == CsvFormat.ByteOrderMark.PRESENT;
        return switch (name) {
            case "UTF-8" -> mark ? "utf-8-sig" : "utf-8";
            case "UTF-16LE", "UTF-16BE" -> mark ? "utf-16" : name;
            case "UTF-32LE", "UTF-32BE" -> mark ? "utf-32" : name;
            default -> name;
        };
    }

    @Test
    void should_be_read_back_by_the_json_module() throws Exception {
        List<@Nullable String> cells = new ArrayList<>(Tables.NASTY);
        cells.addAll(List.of("\0", "a\0b", "\u001f", "\\u0041", "/", "</script>"));
        for (List<@Nullable String[]> rows : List.of(Tables.rowsOf(cells), Tables.columnOf(cells))) {
            List<List<String>> expected = rows.stream()
                    .map(row -> Stream.of(row)
                            .map(cell -> cell == null ? "NoneType:" : "str:" + cell)
                            .toList())
                    .toList();
            for (JsonFormat format : List.of(JsonFormat.lines(), JsonFormat.array())) {
                Path file = Files.write(directory.resolve("t.json"), Tables.write(format, rows));

                assertThat(python(READ_JSON, file.toString())).as("%s", format).isEqualTo(expected);
            }
        }
    }
}
