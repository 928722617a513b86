package io.outfeed.examples;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.run.ExportRun;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceOrder;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Exports a million versions of half a million records, in a heap that could not hold them: as they are, the latest of
 * each, and what changed. Several rounds, one export after the other, so that the load of the machine affects all of
 * them.
 */
public final class MillionVersions {

    private static final int VERSIONS = 1_000_000;
    private static final int KEYS = VERSIONS / 2;
    private static final int ROUNDS = Integer.getInteger("million.rounds", 3);

    private MillionVersions() {}

    /**
     * Exports to a temporary directory, which is removed in the end, and prints a line for each export and round.
     *
     * @param arguments none
     * @throws Exception if an export fails, or has other rows than it must
     */
    public static void main(String... arguments) throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            long asTheyAre = run("as they are", VERSIONS, definition(MillionVersions::shuffled));
            long latest = run(
                    "latest, any order",
                    KEYS,
                    definition(MillionVersions::shuffled).latestPerKey());
            long sorted = run(
                    "latest, by key",
                    KEYS,
                    definition(MillionVersions::byKey).latestPerKey().sourceOrder(SourceOrder.BY_KEY));
            long changes = run(
                    "changes, any order",
                    KEYS,
                    definition(MillionVersions::shuffled)
                            .watermark(Watermark.fullSnapshot())
                            .latestPerKey()
                            .changes(ChangeDetection.keyedBy("gift_id_1")));
            System.out.printf(
                    Locale.ROOT,
                    "round %d: as they are 1.00, latest %.2f, latest of a sorted source %.2f, changes twice %.2f%n",
                    round,
                    (double) latest / asTheyAre,
                    (double) sorted / asTheyAre,
                    (double) changes / asTheyAre);
        }
    }

    private static ExportDefinition.Builder<Gift> definition(Function<Long, Gift> records) {
        return ExportDefinition.builder("gifts", Gift.class)
                .source(RecordSource.of(
                        window -> LongStream.range(0, VERSIONS).boxed().map(records)))
                .recordKey(gift -> gift.number() % KEYS)
                .watermark(Watermark.timestamp(Gift::updatedAt, Duration.ofMinutes(2)))
                .fields(Gift::fields)
                .file(f -> f.name("gifts-{sequence}.csv"));
    }

    /** Every number once, in no order. */
    private static Gift shuffled(long i) {
        return new Gift(i * 611_953 % VERSIONS);
    }

    /** Both versions of a record, one after the other, by key. */
    private static Gift byKey(long i) {
        return new Gift(i % 2 * KEYS + i / 2);
    }

    /** Returns how long it took, in milliseconds. With changes the second run finds nothing. */
    private static long run(String kind, long rows, ExportDefinition.Builder<Gift> definition) throws Exception {
        try (TemporaryDirectory home = TemporaryDirectory.create("outfeed-versions");
                ExportEngine engine =
                        ExportEngine.builder().directory(home.path()).build()) {
            ExportDefinition<Gift> built = definition.build();
            ExportJob job = ExportJob.builder("gifts", built).build();
            long start = System.nanoTime();
            ExportRun run = engine.add(job).runNow();
            check(run, rows);
            if (built.changes().isPresent()) {
                check(engine.job("gifts").runNow(), 0);
            }
            long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %,9d rows, %5.1f s, heap of at most %d MiB%n",
                    kind,
                    run.rows(),
                    took / 1000.0,
                    Runtime.getRuntime().maxMemory() / 1024 / 1024);
            checkNothingIsLeft(home.path());
            return took;
        }
    }

    private static void check(ExportRun run, long rows) {
        if (run.rows() != rows) {
            throw new IllegalStateException(run + " has " + run.rows() + " rows, not " + rows);
        }
    }

    private static void checkNothingIsLeft(Path home) {
        try (Stream<Path> files = Files.walk(home)) {
            if (files.anyMatch(file -> file.toString().endsWith(".sort"))) {
                throw new IllegalStateException("files of the sorting are left");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
