package io.outfeed.xlsx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordWriter;
import io.outfeed.xlsx.XlsxFormat.Header;
import io.outfeed.xlsx.XlsxFormat.WhenFull;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sheets with as many rows as they have room for: 1,048,576. */
@Tag("slow")
class FullSheetTest {

    private static final FileLayout LAYOUT = FileLayout.of("id");

    private static void write(RecordWriter writer, int records) throws IOException {
        TestRecord record = TestRecord.of(7L);
        for (int i = 0; i < records; i++) {
            writer.write(record);
        }
    }

    /** Returns how many rows each sheet has, and that their numbers are without a gap. */
    private static Map<String, Integer> rows(byte[] file) throws Exception {
        Map<String, Integer> rows = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().startsWith("xl/worksheets/")) {
                    rows.put(
                            entry.getName(),
                            rows(XMLInputFactory.newFactory()
                                    .createXMLStreamReader(new ByteArrayInputStream(zip.readAllBytes()))));
                }
            }
        }
        return rows;
    }

    private static int rows(XMLStreamReader xml) throws Exception {
        int rows = 0;
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamReader.START_ELEMENT
                    && xml.getLocalName().equals("row")) {
                rows++;
                assertThat(xml.getAttributeValue(null, "r")).isEqualTo(Integer.toString(rows));
            }
        }
        return rows;
    }

    @Test
    void should_fail_when_a_sheet_is_full() throws Exception {
        XlsxFormat format = XlsxFormat.builder().build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(LAYOUT, bytes)) {
            write(writer, 1_048_575);
            assertThatThrownBy(() -> writer.write(TestRecord.of(8L)))
                    .isInstanceOf(InvalidDefinitionException.class)
                    .hasMessage("the spreadsheet has 1 problem: the sheet is full after 1048575 records: add"
                            + " splitAfterRows to the file, or whenFull(NEXT_SHEET) to the format");
            writer.finish(new FileTotals(1_048_575, Map.of()));
        }

        assertThat(rows(bytes.toByteArray())).isEqualTo(Map.of("xl/worksheets/sheet1.xml", 1_048_576));
    }

    @Test
    void should_use_the_last_row_for_the_trailer() throws Exception {
        XlsxFormat format = XlsxFormat.builder().trailer("{rows}").build();
        try (RecordWriter writer = format.open(LAYOUT, OutputStream.nullOutputStream())) {
            write(writer, 1_048_574);
            assertThatThrownBy(() -> writer.write(TestRecord.of(8L)))
                    .hasMessageContaining("the sheet is full after 1048574 records");
        }
    }

    @Test
    void should_begin_another_sheet_when_one_is_full() throws Exception {
        XlsxFormat format = XlsxFormat.builder().whenFull(WhenFull.NEXT_SHEET).build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(LAYOUT, bytes)) {
            write(writer, 1_048_575 + 1_048_575 + 1);
            writer.finish(new FileTotals(0, Map.of()));
        }

        assertThat(rows(bytes.toByteArray()))
                .isEqualTo(Map.of(
                        "xl/worksheets/sheet1.xml",
                        1_048_576,
                        "xl/worksheets/sheet2.xml",
                        1_048_576,
                        "xl/worksheets/sheet3.xml",
                        2));
    }

    @Test
    void should_fill_a_sheet_without_a_header() throws Exception {
        XlsxFormat format = XlsxFormat.builder()
                .header(Header.ABSENT)
                .whenFull(WhenFull.NEXT_SHEET)
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(LAYOUT, bytes)) {
            write(writer, 1_048_576);
            writer.finish(new FileTotals(0, Map.of()));
        }

        assertThat(rows(bytes.toByteArray())).isEqualTo(Map.of("xl/worksheets/sheet1.xml", 1_048_576));
    }
}
