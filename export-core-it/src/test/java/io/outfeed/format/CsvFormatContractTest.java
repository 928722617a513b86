package io.outfeed.format;

import io.outfeed.testing.contract.RecordFormatContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

class CsvFormatContractTest extends RecordFormatContract {

    @Override
    protected RecordFormat format(FileLayout layout) {
        return CsvFormat.builder().delimiter(';').build();
    }

    @Override
    protected List<List<String>> read(byte[] file, FileLayout layout) throws IOException {
        CSVFormat dialect = CSVFormat.RFC4180
                .builder()
                .setDelimiter(';')
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        List<List<String>> rows = new ArrayList<>();
        for (CSVRecord record :
                dialect.parse(new InputStreamReader(new ByteArrayInputStream(file), StandardCharsets.UTF_8))) {
            rows.add(record.toList());
        }
        return rows;
    }
}
