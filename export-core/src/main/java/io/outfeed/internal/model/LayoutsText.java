package io.outfeed.internal.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.run.RunLayout;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Layouts as a text, one part a line: {@code layout students 41}, then lines such as {@code column id ID 0a1b},
 * {@code part the+format 2c3d} and {@code change column+id+is+new}. All but the first words are URL-encoded.
 */
public final class LayoutsText {

    private LayoutsText() {}

    public static String write(Iterable<RunLayout> layouts) {
        List<String> lines = new ArrayList<>();
        for (RunLayout layout : layouts) {
            lines.add(line(
                    "layout", layout.definition(), Long.toString(layout.since().orElse(0))));
            layout.columns()
                    .forEach(column -> lines.add(line("column", column.name(), column.header(), column.mapping())));
            layout.parts().forEach((part, text) -> lines.add(line("part", part, text)));
            layout.changes().forEach(change -> lines.add(line("change", change)));
        }
        return String.join("\n", lines);
    }

    private static String line(String word, String... texts) {
        return word + " "
                + Stream.of(texts).map(text -> URLEncoder.encode(text, UTF_8)).collect(Collectors.joining(" "));
    }

    /** Reads what {@link #write} has written. */
    public static List<RunLayout> read(String text) {
        List<Draft> drafts = new ArrayList<>();
        text.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                words[i] = URLDecoder.decode(words[i], UTF_8);
            }
            if (words[0].equals("layout")) {
                drafts.add(new Draft(words[1], Long.parseLong(words[2])));
            } else {
                drafts.get(drafts.size() - 1).add(words);
            }
        });
        return drafts.stream().map(Draft::layout).toList();
    }

    /** A layout whose lines are being read. */
    private static final class Draft {

        private final String definition;
        private final long since;
        private final List<RunLayout.Column> columns = new ArrayList<>();
        private final Map<String, String> parts = new LinkedHashMap<>();
        private final List<String> changes = new ArrayList<>();

        Draft(String definition, long since) {
            this.definition = definition;
            this.since = since;
        }

        void add(String... words) {
            switch (words[0]) {
                case "column" -> columns.add(new RunLayout.Column(words[1], words[2], words[3]));
                case "part" -> parts.put(words[1], words[2]);
                case "change" -> changes.add(words[1]);
                default -> throw new IllegalArgumentException("a line of layouts begins with '" + words[0] + "'");
            }
        }

        RunLayout layout() {
            return new RunLayout(
                    definition, columns, parts, since == 0 ? OptionalLong.empty() : OptionalLong.of(since), changes);
        }
    }
}
