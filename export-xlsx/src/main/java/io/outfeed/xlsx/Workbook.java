package io.outfeed.xlsx;

import io.outfeed.internal.format.EncodedOutput;
import io.outfeed.internal.io.UndatedZip;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a workbook, as entries of a zip archive. Those that list the sheets are written last: how many sheets
 * there are is known then. Used by one thread.
 */
final class Workbook implements Closeable {

    static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
    private static final String RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    private static final String PACKAGE_TYPES = "application/vnd.openxmlformats-package.";

    private final OutputStream out;
    private final Counted counted;
    private final UndatedZip zip;
    private final EncodedOutput text;
    private final List<String> sheets = new ArrayList<>();
    private long partBegin;

    Workbook(OutputStream out, Styles styles, Instant created) throws IOException {
        this.out = out;
        this.counted = new Counted(out);
        this.zip = new UndatedZip(counted);
        this.text = new EncodedOutput(zip, StandardCharsets.UTF_8);
        // these first: by them programs recognize the type of the file
        part(
                "_rels/.rels",
                "<Relationships xmlns=\"" + PACKAGE + "relationships\">"
                        + relation(1, RELATIONS + "/officeDocument", "xl/workbook.xml")
                        + relation(2, PACKAGE + "relationships/metadata/core-properties", "docProps/core.xml")
                        + "</Relationships>");
        part(
                "docProps/core.xml",
                "<cp:coreProperties xmlns:cp=\"" + PACKAGE + "metadata/core-properties\""
                        + " xmlns:dcterms=\"http://purl.org/dc/terms/\""
                        + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
                        + "<dcterms:created xsi:type=\"dcterms:W3CDTF\">" + created.truncatedTo(ChronoUnit.SECONDS)
                        + "</dcterms:created></cp:coreProperties>");
        part("xl/styles.xml", styles.xml());
    }

    /** Counts the bytes of the file. */
    private static final class Counted extends FilterOutputStream {

        private long bytes;

        private Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            bytes++;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            out.write(buffer, offset, length);
            bytes += length;
        }
    }

    private void begin(String part) throws IOException {
        text.flush();
        zip.beginEntry(part);
        partBegin = text.count();
        text.write(XML);
    }

    private void part(String name, String xml) throws IOException {
        begin(name);
        text.write(xml);
    }

    private static String relation(int id, String type, String target) {
        return "<Relationship Id=\"rId" + id + "\" Type=\"" + type + "\" Target=\"" + target + "\"/>";
    }

    /** Begins a sheet, and ends the one before it. */
    void beginSheet(String name) throws IOException {
        sheets.add(name);
        begin("xl/worksheets/sheet" + sheets.size() + ".xml");
    }

    /** Writes to the current sheet. */
    void write(CharSequence xml) throws IOException {
        text.append(xml);
    }

    int sheets() {
        return sheets.size();
    }

    /** Returns how many bytes the current sheet has before compression. */
    long sheetBytes() {
        return text.count() - partBegin;
    }

    /** Returns how many bytes of the file were written. */
    long bytes() {
        return counted.bytes;
    }

    void flush() throws IOException {
        text.flush();
    }

    /** Writes the parts that list the sheets. */
    void finish() throws IOException {
        StringBuilder list = new StringBuilder();
        StringBuilder relations = new StringBuilder();
        StringBuilder types = new StringBuilder();
        for (int i = 0; i < sheets.size(); i++) {
            int number = i + 1;
            list.append("<sheet name=\"");
            CellText.append(sheets.get(i), list);
            list.append("\" sheetId=\"")
                    .append(number)
                    .append("\" r:id=\"rId")
                    .append(number)
                    .append("\"/>");
            relations.append(relation(number, RELATIONS + "/worksheet", "worksheets/sheet" + number + ".xml"));
            types.append(type("/xl/worksheets/sheet" + number + ".xml", TYPES + "worksheet+xml"));
        }
        part(
                "xl/workbook.xml",
                "<workbook xmlns=\"" + MAIN + "\" xmlns:r=\"" + RELATIONS + "\"><bookViews><workbookView/></bookViews>"
                        + "<sheets>" + list + "</sheets></workbook>");
        part(
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns=\"" + PACKAGE + "relationships\">" + relations
                        + relation(sheets.size() + 1, RELATIONS + "/styles", "styles.xml") + "</Relationships>");
        part(
                "[Content_Types].xml",
                "<Types xmlns=\"" + PACKAGE + "content-types\">"
                        + "<Default Extension=\"rels\" ContentType=\"" + PACKAGE_TYPES + "relationships+xml\"/>"
                        + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                        + type("/xl/workbook.xml", TYPES + "sheet.main+xml")
                        + type("/xl/styles.xml", TYPES + "styles+xml")
                        + type("/docProps/core.xml", PACKAGE_TYPES + "core-properties+xml")
                        + types + "</Types>");
        text.flush();
    }

    private static String type(String part, String type) {
        return "<Override PartName=\"" + part + "\" ContentType=\"" + type + "\"/>";
    }

    /** Closes the file, also if it is not finished, or its bytes can't be written. Closing twice does nothing. */
    @Override
    public void close() throws IOException {
        try {
            zip.close();
        } finally {
            out.close();
        }
    }
}
