package io.outfeed.internal.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.backfill.Backfill;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.source.Position;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The progress of a backfill as a text of words, each URL-encoded: definition, kind of its positions, from, until,
 * length of chunks, status, chunks that are done, number of the run or 0, time of the request, note.
 */
public final class BackfillText {

    private BackfillText() {}

    public static String write(BackfillProgress progress) {
        Backfill backfill = progress.backfill();
        return Stream.of(
                        backfill.definition(),
                        backfill.window().from().kind(),
                        backfill.window().from().text(),
                        backfill.window().until().text(),
                        backfill.chunkSize(),
                        progress.status().name(),
                        Integer.toString(progress.done()),
                        Long.toString(progress.run().orElse(0)),
                        progress.requestedAt().toString(),
                        progress.note())
                .map(word -> URLEncoder.encode(word, UTF_8))
                .collect(Collectors.joining(" "));
    }

    /** Reads what {@link #write} has written. */
    public static BackfillProgress read(String text) {
        String[] words = text.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            words[i] = URLDecoder.decode(words[i], UTF_8);
        }
        long run = Long.parseLong(words[7]);
        return new BackfillProgress(
                backfill(words),
                BackfillProgress.Status.valueOf(words[5]),
                Integer.parseInt(words[6]),
                run == 0 ? OptionalLong.empty() : OptionalLong.of(run),
                Instant.parse(words[8]),
                words[9]);
    }

    private static Backfill backfill(String[] words) {
        Backfill whole = Backfill.of(words[0], new Position(words[1], words[2]), new Position(words[1], words[3]));
        String size = words[4];
        int zone = size.indexOf(' ');
        if (size.isEmpty()) {
            return whole;
        } else if (zone > 0) {
            return whole.inChunksOf(Period.parse(size.substring(0, zone)), ZoneId.of(size.substring(zone + 1)));
        } else if (size.startsWith("P")) {
            return whole.inChunksOf(Duration.parse(size));
        }
        return whole.inChunksOf(Long.parseLong(size));
    }
}
