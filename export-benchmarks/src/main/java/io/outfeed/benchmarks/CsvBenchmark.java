package io.outfeed.benchmarks;

import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Writes the same records to a CSV file in several ways, in turns and in one JVM, and prints medians of the ratios to a
 * loop written by hand. Once with values of many types, once with their texts. All ways must make the same bytes: the
 * files are read and compared by SHA-256 each time, off the clock.
 *
 * <p>Outfeed is measured as a host has it: an engine is opened, and a job without deliveries runs: source, record key,
 * mapping, file, SHA-256, fsync, and the state in its store. The others hash and fsync their file too; what most people
 * write does not hash, and is measured as well.
 */
final class CsvBenchmark {

    /** One approach to writing a file. */
    private enum Approach {
        HAND("loop by hand"),
        COMMONS("CSVPrinter"),
        COMMONS_UNHASHED("CSVPrinter, no hash"),
        OUTFEED("Outfeed");

        private final String title;

        Approach(String title) {
            this.title = title;
        }
    }

    private final Rounds rounds;
    private final MixedRows rows;

    private CsvBenchmark(Rounds rounds, MixedRows rows) {
        this.rounds = rounds;
        this.rows = rows;
    }

    /** Of the arguments: the number of records, and the number of rounds. */
    public static void main(String[] args) throws Exception {
        Rounds.run(args, "medians of the ratios, smaller is faster", rounds -> {
            System.out.println("values | bytes | "
                    + String.join(
                            " | ",
                            Arrays.stream(Approach.values())
                                    .map(approach -> approach.title)
                                    .toList()));
            new CsvBenchmark(rounds, MixedRows.typed(rounds.records())).run("of many types");
            new CsvBenchmark(rounds, MixedRows.texts(rounds.records())).run("texts");
        });
    }

    private void run(String values) throws Exception {
        Map<Approach, List<Double>> ratios = new EnumMap<>(Approach.class);
        List<Double> seconds = new ArrayList<>();
        long bytes = 0;
        for (int round = rounds.first(); round < rounds.number(); round++) {
            Map<Approach, Double> times = new EnumMap<>(Approach.class);
            String expected = "";
            for (Approach approach : Approach.values()) {
                Path directory = rounds.directory();
                WrittenFile written = approach == Approach.OUTFEED
                        ? WrittenFile.export(rows.definition(), directory)
                        : write(approach, directory);
                if (approach != Approach.HAND && !written.sha256().equals(expected)) {
                    throw new IOException(approach + " has written other bytes");
                }
                expected = written.sha256();
                bytes = written.bytes();
                times.put(approach, written.seconds());
                delete(directory);
            }
            if (round >= 0) {
                double base = times.getOrDefault(Approach.HAND, Double.NaN);
                seconds.add(base);
                times.forEach((approach, time) -> ratios.computeIfAbsent(approach, key -> new ArrayList<>())
                        .add(time / base));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s | %,d | %.2f s = %s%n",
                values,
                bytes,
                median(seconds),
                String.join(
                        " | ",
                        ratios.values().stream()
                                .map(each -> String.format(Locale.ROOT, "%.2f", median(each)))
                                .toList()));
    }

    static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private WrittenFile write(Approach approach, Path directory) throws IOException, NoSuchAlgorithmException {
        Path file = directory.resolve(WrittenFile.NAME);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long start = System.nanoTime();
        try (FileOutputStream out = new FileOutputStream(file.toFile());
                OutputStream hashed =
                        approach == Approach.COMMONS_UNHASHED ? out : new DigestOutputStream(out, digest);
                Writer writer = new BufferedWriter(new OutputStreamWriter(hashed, StandardCharsets.UTF_8))) {
            if (approach == Approach.HAND) {
                byHand(writer);
            } else {
                byCommonsCsv(writer);
            }
            writer.flush();
            out.getFD().sync();
        }
        long nanos = System.nanoTime() - start;
        try (InputStream in = Files.newInputStream(file)) {
            return WrittenFile.in(nanos, in);
        }
    }

    private void byHand(Writer writer) throws IOException {
        line(writer, MixedRows.HEADERS);
        for (MixedRows.Row row : rows) {
            line(writer, row.values());
        }
    }

    private static void line(Writer writer, List<? extends @Nullable Object> values) throws IOException {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                writer.write(',');
            }
            Object value = values.get(i);
            if (value != null) {
                String text = value.toString();
                boolean quoted = text.indexOf(',') >= 0
                        || text.indexOf('"') >= 0
                        || text.indexOf('\n') >= 0
                        || text.indexOf('\r') >= 0;
                writer.write(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
            }
        }
        writer.write("\r\n");
    }

    private void byCommonsCsv(Writer writer) throws IOException {
        CSVPrinter printer = new CSVPrinter(writer, CSVFormat.RFC4180);
        printer.printRecord(MixedRows.HEADERS);
        for (MixedRows.Row row : rows) {
            printer.printRecord(row.values());
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
