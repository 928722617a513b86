package io.outfeed.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ratios of one approach over the rounds, printed as their median, smallest and largest. Used by one thread. */
final class Ratios {

    private final String title;
    private final List<Double> values = new ArrayList<>();

    Ratios(String title) {
        this.title = title;
    }

    void add(double ratio) {
        values.add(ratio);
    }

    @Override
    public String toString() {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%-24s %.2f (%.2f to %.2f)",
                title,
                CsvBenchmark.median(values),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }
}
