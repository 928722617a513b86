package io.outfeed.support;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads tables of decisions, one case a line. */
public final class DecisionTable {

    private DecisionTable() {}

    /** Returns the words of each line of a resource that is neither blank nor a comment. */
    public static List<List<String>> read(Class<?> test, String resource) {
        try (InputStream table = requireNonNull(test.getResourceAsStream(resource), resource)) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> List.of(line.strip().split("\\s+")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
