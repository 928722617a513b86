package io.outfeed.store;

import io.outfeed.source.Position;
import java.util.Map;
import java.util.TreeMap;

/** Writes and reads the positions of a job as a file of the store. */
final class PositionsDocument {

    private PositionsDocument() {}

    static Document write(JobPositions positions) {
        Document document = new Document();
        document.put("run", positions.run());
        document.put("sequence", positions.sequence());
        int i = 0;
        for (Map.Entry<String, Position> entry : positions.positions().entrySet()) {
            String key = "position." + i++;
            document.put(key + ".definition", entry.getKey());
            document.put(key + ".kind", entry.getValue().kind());
            document.put(key + ".text", entry.getValue().text());
        }
        return document;
    }

    static JobPositions read(Document document) {
        Map<String, Position> positions = new TreeMap<>();
        for (int i = 0; i < document.count("position"); i++) {
            String key = "position." + i;
            positions.put(
                    document.text(key + ".definition"),
                    new Position(document.text(key + ".kind"), document.text(key + ".text")));
        }
        return new JobPositions(positions, document.number("run"), document.number("sequence"));
    }
}
