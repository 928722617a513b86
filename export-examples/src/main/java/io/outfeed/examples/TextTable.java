package io.outfeed.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A table of plain text, its columns aligned: numbers to the right, everything else to the left. */
final class TextTable {

    private final List<List<String>> lines = new ArrayList<>();
    private final boolean[] numbers;

    private TextTable(String... headers) {
        lines.add(List.of(headers));
        numbers = new boolean[headers.length];
    }

    static TextTable of(String... headers) {
        return new TextTable(headers);
    }

    TextTable row(Object... cells) {
        List<String> line = new ArrayList<>();
        for (int column = 0; column < cells.length; column++) {
            if (cells[column] instanceof Number number) {
                numbers[column] = true;
                line.add(String.format(Locale.ROOT, "%,d", number.longValue()));
            } else {
                line.add(cells[column].toString());
            }
        }
        lines.add(line);
        return this;
    }

    List<String> lines() {
        int[] widths = IntStream.range(0, numbers.length)
                .map(column -> lines.stream()
                        .mapToInt(line -> length(line.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        return lines.stream().map(line -> aligned(line, widths)).toList();
    }

    private String aligned(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = line.get(column);
            String padding = " ".repeat(widths[column] - length(cell));
            text.append(numbers[column] ? padding + cell : cell + padding).append("  ");
        }
        return text.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
