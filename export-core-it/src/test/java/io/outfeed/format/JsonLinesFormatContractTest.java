package io.outfeed.format;

import io.outfeed.testing.contract.RecordFormatContract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class JsonLinesFormatContractTest extends RecordFormatContract {

    /** A name and a plain value. */
    private static final Pattern PAIR = Pattern.compile("\"\\w+\":(\"[^\"]*\"|[^,}]+)");

    @Override
    protected RecordFormat format(FileLayout layout) {
        return JsonLinesFormat.standard();
    }

    @Override
    protected List<List<String>> read(byte[] file, FileLayout layout) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : new String(file, StandardCharsets.UTF_8).lines().toList()) {
            List<String> row = new ArrayList<>();
            for (Matcher pair = PAIR.matcher(line); pair.find(); ) {
                row.add(pair.group(1).replace("\"", "").replace("null", ""));
            }
            rows.add(row);
        }
        return rows;
    }
}
