package io.outfeed.format.fixed;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.CellType;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import io.outfeed.format.fixed.FixedWidthFormat.WidthUnit;
import io.outfeed.internal.format.Encodable;
import io.outfeed.internal.format.EncodedOutput;
import io.outfeed.internal.format.LineText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The writer of {@link FixedWidthFormat}. */
final class FixedWidthWriter implements RecordWriter {

    private static final int TEXT = -1;

    private final FixedWidthFormat format;
    private final FileLayout layout;
    private final EncodedOutput out;
    private final Encodable encodable;
    private final List<FixedLine.Slot> slots;

    /** For each slot its column, or {@link #TEXT}. */
    private final int[] columns;

    /** The rendered texts of the record's line, for slots that are no columns. */
    private final String[] texts;

    private final StringBuilder line = new StringBuilder();

    FixedWidthWriter(FixedWidthFormat format, FileLayout layout, OutputStream out) throws IOException {
        this.format = format;
        this.layout = layout;
        this.out = new EncodedOutput(out, format.charset());
        this.encodable = new Encodable(format.charset());
        this.slots = format.record().slots();
        this.columns = new int[slots.size()];
        this.texts = new String[slots.size()];
        LineText.Values values =
                new LineText.Values(layout.sequence(), layout.fireTime(), OptionalLong.empty(), Map.of());
        for (int i = 0; i < slots.size(); i++) {
            FixedLine.Slot slot = slots.get(i);
            columns[i] = slot.isColumn() ? index(slot.content()) : TEXT;
            texts[i] = slot.isColumn() ? "" : slot.text().render(values);
        }
        if (format.header().isPresent()) {
            writeLine("header", format.header().get(), values);
        }
    }

    private int index(String name) {
        for (int i = 0; i < layout.size(); i++) {
            if (layout.columns().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is a place for '" + name + "', which is no column of " + layout);
    }

    /** Builds the whole line before it is written. */
    @Override
    public void write(RecordCells cells) throws IOException {
        line.setLength(0);
        int at = 1;
        for (int i = 0; i < columns.length; i++) {
            FixedLine.Slot slot = slots.get(i);
            at = fillUpTo(slot.position(), at);
            int column = columns[i];
            String text = column == TEXT ? texts[i] : cells.text(column);
            CellType type = column == TEXT ? CellType.TEXT : cells.type(column);
            Optional<String> problem = append(text, type, slot.field());
            if (problem.isPresent()) {
                throw new RejectedCellException(Math.max(column, 0), problem.get());
            }
            at += slot.field().width();
        }
        writeLine();
    }

    private void writeLine(String what, FixedLine fields, LineText.Values values) throws IOException {
        line.setLength(0);
        int at = 1;
        for (FixedLine.Slot slot : fields.slots()) {
            at = fillUpTo(slot.position(), at);
            CellType type = slot.field().kind() == FixedField.Kind.NUMBER ? CellType.DECIMAL : CellType.TEXT;
            Optional<String> problem = append(slot.text().render(values), type, slot.field());
            if (problem.isPresent()) {
                throw new InvalidDefinitionException(
                        "the " + what + " of the file", List.of(slot.what() + " can't be written: " + problem.get()));
            }
            at += slot.field().width();
        }
        writeLine();
    }

    private int fillUpTo(int position, int at) {
        line.append(" ".repeat(Math.max(0, position - at)));
        return Math.max(at, position);
    }

    private void writeLine() throws IOException {
        out.write(line.toString());
        out.write(format.lineEnding().text());
    }

    /** Appends a value to the line; returns why it can't be, as a clause. */
    private Optional<String> append(@Nullable String text, CellType type, FixedField field) {
        if (text == null) {
            line.append(Character.toString(field.empty()).repeat(field.width()));
            return Optional.empty();
        }
        return field.kind() == FixedField.Kind.NUMBER
                ? FixedNumber.append(text, type, field, line)
                : appendText(text, field);
    }

    private Optional<String> appendText(String given, FixedField field) {
        String text = given;
        if (!encodable.carries(text)) {
            if (format.replacement().isEmpty()) {
                return Optional.of(encodable.why(text));
            }
            text = encodable.replaced(text, format.replacement().get());
        }
        if (text.chars().anyMatch(FixedWidthWriter::isControl)) {
            return Optional.of("its text has a line end or another control character: correct the record, or let a"
                    + " transformation remove it");
        }
        int width = width(text);
        if (width > field.width()) {
            if (field.tooLong() == FixedField.TooLong.REJECT) {
                return Optional.of("its text has " + width + " " + unit() + ", and its place " + field.width()
                        + ": correct the record, use a wider field, or cut it with tooLong(CUT)");
            }
            text = cut(text, field.width());
            width = width(text);
        }
        String padding = Character.toString(field.padding()).repeat(field.width() - width);
        line.append(field.align() == FixedField.Align.LEFT ? text + padding : padding + text);
        return Optional.empty();
    }

    private static boolean isControl(int c) {
        return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
    }

    private String unit() {
        return format.widthUnit() == WidthUnit.BYTES ? "bytes" : "characters";
    }

    private int width(String text) {
        return format.widthUnit() == WidthUnit.BYTES
                ? text.getBytes(format.charset()).length
                : text.codePointCount(0, text.length());
    }

    /** Cuts behind the last whole character that fits. */
    private String cut(String text, int width) {
        int end = Math.min(text.length(), 2 * width); // a code point has one or two characters
        while (width(text.substring(0, end)) > width) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end);
    }

    @Override
    public void finish(FileTotals totals) throws IOException {
        if (format.trailer().isPresent()) {
            writeLine(
                    "trailer",
                    format.trailer().get(),
                    new LineText.Values(
                            layout.sequence(), layout.fireTime(), OptionalLong.of(totals.rows()), totals.sums()));
        }
    }

    @Override
    public long bytes() {
        return out.count();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
