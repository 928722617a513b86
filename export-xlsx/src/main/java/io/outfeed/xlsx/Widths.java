package io.outfeed.xlsx;

import io.outfeed.format.CellType;
import io.outfeed.format.Column;
import io.outfeed.format.ColumnType;
import java.util.OptionalInt;

/** The widths of columns, in characters. */
final class Widths {

    /** No column is made wider than this, unless the format says so. */
    private static final int MOST = 60;

    /** Between a text and the borders of its cell. */
    private static final int MARGIN = 2;

    private Widths() {}

    /** @param first the type of the column's first value, which counts if no type is declared */
    static int of(XlsxFormat format, Column column, CellType first) {
        OptionalInt chosen = format.width(column.name());
        if (chosen.isPresent()) {
            return chosen.getAsInt();
        }
        int header = column.header().length() + MARGIN;
        int values = values(column.type().map(ColumnType::cells).orElse(first)) + MARGIN;
        int shown = format.numberFormat(column.name())
                .map(code -> code.length() + MARGIN)
                .orElse(0);
        return Math.min(MOST, Math.max(Math.max(header, values), shown));
    }

    private static int values(CellType type) {
        return switch (type) {
            case TEXT -> 18;
            case INTEGER, DECIMAL -> 12;
            case BOOLEAN -> 6;
            case DATE -> 10;
            case TIME -> 12;
            case TIMESTAMP, INSTANT -> 23;
        };
    }
}
