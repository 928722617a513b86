package io.outfeed.format;

import io.outfeed.format.fixed.FixedField;
import io.outfeed.format.fixed.FixedWidthFormat;
import io.outfeed.testing.contract.RecordFormatContract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class FixedWidthFormatContractTest extends RecordFormatContract {

    private static final int WIDTH = 24;

    @Override
    protected RecordFormat format(FileLayout layout) {
        FixedWidthFormat.Builder format = FixedWidthFormat.builder()
                .header(line -> line.text("H"))
                .trailer(line -> line.text("T").field("{rows}", FixedField.number(9)));
        layout.columns().forEach(column -> format.column(column.name(), FixedField.text(WIDTH)));
        return format.build();
    }

    @Override
    protected List<List<String>> read(byte[] file, FileLayout layout) {
        List<String> lines = new String(file, StandardCharsets.UTF_8).lines().toList();
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < layout.size(); i++) {
                row.add(line.substring(i * WIDTH, (i + 1) * WIDTH));
            }
            rows.add(row);
        }
        return rows;
    }
}
