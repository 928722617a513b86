package io.outfeed.internal.search;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads JSON as the library writes it: an object on each line, alone or in an array. Used by one thread. */
final class JsonRows implements RowReader {

    private final RowLimit text;
    private final BufferedReader lines;
    private final List<String> names = new ArrayList<>();
    private final List<@Nullable String> values = new ArrayList<>();

    JsonRows(InputStream in) {
        this.text = new RowLimit(in, StandardCharsets.UTF_8);
        this.lines = new BufferedReader(text);
    }

    @Override
    public boolean next() throws IOException {
        text.beginRow();
        names.clear();
        values.clear();
        String line = lines.readLine();
        if (line != null && line.equals("[")) {
            line = lines.readLine();
        }
        if (line == null || line.equals("]") || line.equals("[]")) {
            return false;
        }
        new JsonObject(line.endsWith(",") ? line.substring(0, line.length() - 1) : line).read((name, value) -> {
            names.add(name);
            values.add(value);
        });
        return true;
    }

    @Override
    public int columns() {
        return values.size();
    }

    @Override
    public @Nullable String text(int column) {
        return values.get(column);
    }

    @Override
    public Optional<String> header(int column) {
        return Optional.of(names.get(column));
    }
}
