package io.outfeed.internal.document;

import io.outfeed.internal.state.Document;
import io.outfeed.run.DailySequence;
import io.outfeed.run.JobPositions;
import io.outfeed.source.Position;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes and reads the positions of a job as a file of the store. */
public final class PositionsDocument {

    private PositionsDocument() {}

    public static Document write(JobPositions positions) {
        Document document = new Document();
        write(document, "", positions);
        return document;
    }

    /** Writes positions as a part of a document, whose keys begin with a prefix. */
    static void write(Document document, String prefix, JobPositions positions) {
        document.put(prefix + "run", positions.run());
        document.put(prefix + "sequence", positions.sequence());
        writeDaily(document, prefix, positions.dailySequence());
        int i = 0;
        for (Map.Entry<String, Position> entry : positions.positions().entrySet()) {
            String key = prefix + "position." + i++;
            document.put(key + ".definition", entry.getKey());
            document.put(key + ".kind", entry.getValue().kind());
            document.put(key + ".text", entry.getValue().text());
        }
    }

    public static JobPositions read(Document document) {
        return read(document, "");
    }

    static JobPositions read(Document document, String prefix) {
        Map<String, Position> positions = new TreeMap<>();
        for (int i = 0; i < document.count(prefix + "position"); i++) {
            String key = prefix + "position." + i;
            positions.put(
                    document.text(key + ".definition"),
                    new Position(document.text(key + ".kind"), document.text(key + ".text")));
        }
        return new JobPositions(
                positions,
                document.number(prefix + "run"),
                document.number(prefix + "sequence"),
                readDaily(document, prefix));
    }

    static void writeDaily(Document document, String prefix, Optional<DailySequence> sequence) {
        sequence.ifPresent(daily -> {
            document.put(prefix + "dailySequence.day", daily.day().toString());
            document.put(prefix + "dailySequence.number", daily.number());
        });
    }

    static Optional<DailySequence> readDaily(Document document, String prefix) {
        return document.find(prefix + "dailySequence.day")
                .map(day -> new DailySequence(LocalDate.parse(day), document.number(prefix + "dailySequence.number")));
    }
}
