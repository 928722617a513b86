package io.outfeed.xlsx;

import io.outfeed.format.CellType;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RejectedCellException;
import io.outfeed.xlsx.Styles.Kind;
import io.outfeed.xlsx.XlsxFormat.LongNumbers;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;

/** One row of a sheet, built as a whole before it is written. Used by one thread. */
final class RowXml {

    /** Some spreadsheets show a longer text as number signs if its cell has the format of texts. */
    private static final int MOST_FORMATTED_TEXT = 255;

    private static final int LETTERS = 26;

    private final XlsxFormat format;
    private final Styles styles;

    /** The names of the columns: A, B, and so on. */
    private final String[] names;

    private final StringBuilder xml = new StringBuilder();
    private int number;

    RowXml(XlsxFormat format, Styles styles, int columns) {
        this.format = format;
        this.styles = styles;
        this.names = new String[columns];
        for (int i = 0; i < columns; i++) {
            names[i] = name(i);
        }
    }

    /** Returns the name of a column: A, B, …, Z, AA, AB, …. */
    static String name(int column) {
        String last = Character.toString('A' + column % LETTERS);
        return column < LETTERS ? last : name(column / LETTERS - 1) + last;
    }

    /** Begins a row, from 1. */
    RowXml begin(int number) {
        this.number = number;
        xml.setLength(0);
        xml.append("<row r=\"").append(number).append("\">");
        return this;
    }

    StringBuilder end() {
        return xml.append("</row>");
    }

    int length() {
        return xml.length();
    }

    /** Appends the cells of a record. */
    void record(RecordCells cells) throws RejectedCellException {
        for (int i = 0; i < cells.size(); i++) {
            Object value = cells.value(i);
            Optional<String> problem = value == null ? Optional.empty() : value(cells.type(i), value, cells, i);
            if (problem.isPresent()) {
                throw new RejectedCellException(i, problem.get());
            }
        }
    }

    /** Appends a value; returns why it can't be, as a clause. */
    private Optional<String> value(CellType type, Object value, RecordCells cells, int column) {
        return switch (type) {
            case TEXT -> checkedText((String) value, column);
            case INTEGER, DECIMAL -> {
                String text = cells.text(column);
                yield number(value, text == null ? value.toString() : text, kind(type), column);
            }
            case BOOLEAN -> {
                begin(column, 0).append(" t=\"b\"><v>").append((Boolean) value ? '1' : '0');
                yield endValue();
            }
            case DATE -> date((LocalDate) value, column);
            case TIME -> time((LocalTime) value, column);
            case TIMESTAMP -> timestamp((LocalDateTime) value, column);
            case INSTANT -> timestamp(SerialTime.local((Instant) value, format.zone()), column);
        };
    }

    private static Kind kind(CellType type) {
        return type == CellType.INTEGER ? Kind.INTEGER : Kind.DECIMAL;
    }

    private StringBuilder begin(int column, int style) {
        xml.append("<c r=\"").append(names[column]).append(number).append('"');
        return style == 0 ? xml : xml.append(" s=\"").append(style).append('"');
    }

    private Optional<String> endValue() {
        xml.append("</v></c>");
        return Optional.empty();
    }

    private Optional<String> checkedText(String text, int column) {
        Optional<String> problem = CellText.problem(text);
        if (problem.isEmpty()) {
            text(text, column, styles.text());
        }
        return problem;
    }

    /** Appends a text that a cell can have, in place; nothing for an empty one. */
    void text(String text, int column, int style) {
        if (text.isEmpty()) {
            return;
        }
        begin(column, text.length() > MOST_FORMATTED_TEXT ? 0 : style)
                .append(" t=\"inlineStr\"><is><t")
                .append(CellText.hasBlankEnd(text) ? " xml:space=\"preserve\">" : ">");
        CellText.append(text, xml);
        xml.append("</t></is></c>");
    }

    private Optional<String> number(Object value, String digits, Kind kind, int column) {
        Optional<String> problem = CellNumber.problem(value, digits);
        if (problem.isEmpty()) {
            number(digits, column, styles.of(column, kind));
        } else if (format.longNumbers() == LongNumbers.TEXT) {
            return checkedText(digits, column);
        }
        return problem;
    }

    /** Appends a number that a cell can have. */
    void number(String digits, int column, int style) {
        begin(column, style).append("><v>").append(digits);
        endValue();
    }

    private Optional<String> date(LocalDate date, int column) {
        Optional<String> problem = SerialTime.problem(date);
        if (problem.isPresent()) {
            return problem;
        }
        begin(column, styles.of(column, Kind.DATE)).append("><v>");
        SerialTime.append(date, xml);
        return endValue();
    }

    private Optional<String> time(LocalTime time, int column) {
        Kind kind = SerialTime.hasMillis(time) ? Kind.TIME_MILLIS : Kind.TIME;
        begin(column, styles.of(column, kind)).append("><v>");
        SerialTime.append(time, xml);
        return endValue();
    }

    private Optional<String> timestamp(LocalDateTime time, int column) {
        Optional<String> problem = SerialTime.problem(time.toLocalDate());
        if (problem.isPresent()) {
            return problem;
        }
        Kind kind = SerialTime.hasMillis(time.toLocalTime()) ? Kind.TIMESTAMP_MILLIS : Kind.TIMESTAMP;
        begin(column, styles.of(column, kind)).append("><v>");
        SerialTime.append(time, xml);
        return endValue();
    }
}
