package io.outfeed.format;

import io.outfeed.testing.contract.RecordFormatContract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;

class JsonFormatContractTest {

    /** A name and a plain value. */
    private static final Pattern PAIR = Pattern.compile("\"\\w+\":(\"[^\"]*\"|[^,}]+)");

    private static List<List<String>> rows(String lines) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            List<String> row = new ArrayList<>();
            for (Matcher pair = PAIR.matcher(line); pair.find(); ) {
                row.add(pair.group(1).replace("\"", "").replace("null", ""));
            }
            rows.add(row);
        }
        return rows;
    }

    @Nested
    class Lines extends RecordFormatContract {

        @Override
        protected RecordFormat format(FileLayout layout) {
            return JsonFormat.lines();
        }

        @Override
        protected List<List<String>> read(byte[] file, FileLayout layout) {
            return rows(new String(file, StandardCharsets.UTF_8));
        }
    }

    @Nested
    class Array extends RecordFormatContract {

        @Override
        protected RecordFormat format(FileLayout layout) {
            return JsonFormat.array();
        }

        @Override
        protected List<List<String>> read(byte[] file, FileLayout layout) {
            String text = new String(file, StandardCharsets.UTF_8);
            return rows(text.substring(1, text.length() - "]\n".length()).strip());
        }
    }
}
