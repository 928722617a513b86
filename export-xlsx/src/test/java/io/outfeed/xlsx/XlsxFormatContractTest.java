package io.outfeed.xlsx;

import io.outfeed.format.FileLayout;
import io.outfeed.format.RecordFormat;
import io.outfeed.testing.contract.RecordFormatContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Row.MissingCellPolicy;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

class XlsxFormatContractTest extends RecordFormatContract {

    @Override
    protected RecordFormat format(FileLayout layout) {
        return XlsxFormat.builder().build();
    }

    @Override
    protected List<List<String>> read(byte[] file, FileLayout layout) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        DataFormatter texts = new DataFormatter();
        try (XSSFWorkbook workbook = new XSSFWorkbook(new ByteArrayInputStream(file))) {
            Sheet sheet = workbook.getSheetAt(0);
            for (int i = 1; i <= sheet.getLastRowNum(); i++) {
                Row row = sheet.getRow(i);
                List<String> cells = new ArrayList<>();
                for (int column = 0; column < layout.size(); column++) {
                    cells.add(texts.formatCellValue(row.getCell(column, MissingCellPolicy.RETURN_BLANK_AS_NULL)));
                }
                rows.add(cells);
            }
        }
        return rows;
    }
}
