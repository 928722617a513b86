package io.outfeed.xlsx;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.CellType;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordWriter;
import io.outfeed.internal.format.LineText;
import io.outfeed.xlsx.Styles.Kind;
import io.outfeed.xlsx.XlsxFormat.Header;
import io.outfeed.xlsx.XlsxFormat.WhenFull;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The writer of {@link XlsxFormat}. The first sheet begins with the first record, whose values give widths to columns
 * without a declared type.
 */
final class XlsxWriter implements RecordWriter {

    /** How many rows a sheet has, the header and the trailer counted. */
    static final int MOST_ROWS = 1_048_576;

    /**
     * How many bytes a sheet may have before compression: below 4 GiB, from where on programs differ about what an
     * entry of a zip archive looks like.
     */
    static final long MOST_SHEET_BYTES = 4_000_000_000L;

    /** The most bytes of one char of a Java string in UTF-8. */
    private static final int MOST_BYTES_PER_CHAR = 3;

    private final XlsxFormat format;
    private final FileLayout layout;
    private final Styles styles;
    private final Workbook workbook;
    private final long mostSheetBytes;
    private final int columns;
    private final RowXml record;

    /** The header and the trailer. */
    private final RowXml line;

    private final int headerRows;

    /** The last row that a record may have. */
    private final int lastRow;

    /** The widths of the columns; null before the first sheet. */
    private int @Nullable [] widths;

    /** The last row of the current sheet so far, from 1. */
    private int row;

    XlsxWriter(XlsxFormat format, FileLayout layout, OutputStream out, long mostSheetBytes) throws IOException {
        this.format = format;
        this.layout = layout;
        this.mostSheetBytes = mostSheetBytes;
        this.styles = new Styles(format, layout);
        this.columns = Math.max(layout.size(), format.trailer().size());
        this.record = new RowXml(format, styles, columns);
        this.line = new RowXml(format, styles, columns);
        this.headerRows = format.header() == Header.ABSENT ? 0 : 1;
        this.lastRow = MOST_ROWS - (format.trailer().isEmpty() ? 0 : 1);
        this.workbook = new Workbook(out, styles, layout.fireTime());
    }

    @Override
    public void write(RecordCells cells) throws IOException {
        boolean first = workbook.sheets() == 0;
        boolean full = !first && row >= lastRow;
        int number = first || full ? headerRows + 1 : row + 1;
        record.begin(number).record(cells);
        if (!first && !full && isTooLarge(record.length())) {
            full = true;
            record.begin(headerRows + 1).record(cells);
        }
        if (full && format.whenFull() == WhenFull.FAIL) {
            throw new InvalidDefinitionException(
                    "the spreadsheet",
                    List.of("the sheet is full after " + (row - headerRows)
                            + " records: add splitAfterRows to the file, or whenFull(NEXT_SHEET) to the format"));
        }
        if (first || full) {
            beginSheet(cells);
        }
        workbook.write(record.end());
        row++;
    }

    private boolean isTooLarge(int characters) {
        return workbook.sheetBytes() + (long) MOST_BYTES_PER_CHAR * characters > mostSheetBytes;
    }

    private void beginSheet(@Nullable RecordCells first) throws IOException {
        if (workbook.sheets() > 0) {
            endSheet();
        }
        int number = workbook.sheets() + 1;
        workbook.beginSheet(number == 1 ? format.sheetName() : format.sheetName() + " " + number);
        StringBuilder xml = new StringBuilder("<worksheet xmlns=\"" + Workbook.MAIN + "\"><sheetViews><sheetView")
                .append(number == 1 ? " tabSelected=\"1\"" : "")
                .append(" workbookViewId=\"0\">");
        if (format.header() == Header.FROZEN) {
            xml.append("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>");
        }
        xml.append("</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>");
        int[] chosen = widths(first);
        for (int i = 0; i < chosen.length; i++) {
            xml.append("<col min=\"")
                    .append(i + 1)
                    .append("\" max=\"")
                    .append(i + 1)
                    .append("\" width=\"");
            xml.append(chosen[i]).append("\" customWidth=\"1\"/>");
        }
        workbook.write(xml.append("</cols><sheetData>"));
        row = headerRows;
        if (headerRows > 0) {
            writeHeader();
        }
    }

    private int[] widths(@Nullable RecordCells first) {
        int[] chosen = widths;
        if (chosen == null) {
            chosen = new int[layout.size()];
            for (int i = 0; i < chosen.length; i++) {
                CellType type = first == null ? CellType.TEXT : first.type(i);
                chosen[i] = Widths.of(format, layout.columns().get(i), type);
            }
            widths = chosen;
        }
        return chosen;
    }

    private void writeHeader() throws IOException {
        line.begin(row);
        for (int i = 0; i < layout.size(); i++) {
            line.text(layout.columns().get(i).header(), i, styles.header());
        }
        workbook.write(line.end());
    }

    /** Ends a sheet, and lets no spreadsheet warn of texts that look like numbers. */
    private void endSheet() throws IOException {
        StringBuilder xml = new StringBuilder("</sheetData>");
        if (row > 0) {
            xml.append("<ignoredErrors><ignoredError sqref=\"A1:")
                    .append(RowXml.name(columns - 1))
                    .append(row)
                    .append("\" numberStoredAsText=\"1\"/></ignoredErrors>");
        }
        workbook.write(xml.append("</worksheet>"));
    }

    @Override
    public void finish(FileTotals totals) throws IOException {
        if (workbook.sheets() == 0) {
            beginSheet(null);
        }
        if (!format.trailer().isEmpty()) {
            writeTrailer(totals);
        }
        endSheet();
        workbook.finish();
    }

    private void writeTrailer(FileTotals totals) throws IOException {
        LineText.Values values = new LineText.Values(
                layout.sequence(), layout.fireTime(), OptionalLong.of(totals.rows()), totals.sums());
        row++;
        line.begin(row);
        for (int i = 0; i < format.trailer().size(); i++) {
            String pattern = format.trailer().get(i);
            String text = new LineText(pattern).render(values);
            if (LineText.isNumber(pattern) && CellNumber.problem(text, text).isEmpty()) {
                line.number(text, i, styleOfTotal(pattern));
            } else {
                line.text(text, i, styles.text());
            }
        }
        workbook.write(line.end());
    }

    /** A sum is shown as the values of its column are. */
    private int styleOfTotal(String pattern) {
        for (String field : new LineText(pattern).sums()) {
            for (int i = 0; i < layout.size(); i++) {
                if (layout.columns().get(i).name().equals(field)) {
                    return styles.of(i, Kind.DECIMAL);
                }
            }
        }
        return styles.integer();
    }

    @Override
    public long bytes() {
        return workbook.bytes();
    }

    @Override
    public void flush() throws IOException {
        workbook.flush();
    }

    @Override
    public void close() throws IOException {
        workbook.close();
    }
}
