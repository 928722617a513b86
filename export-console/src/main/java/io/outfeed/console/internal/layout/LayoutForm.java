package io.outfeed.console.internal.layout;

import io.outfeed.console.internal.web.Parameters;
import io.outfeed.layout.Layout;
import io.outfeed.layout.LayoutColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person has written into the form of a layout.
 *
 * @param rows the columns
 * @param format the name of the format; empty for that of the definition
 * @param fileName the pattern of the files' names; empty for that of the definition
 * @param shown identifies the layout that the form was made from
 */
public record LayoutForm(List<LayoutRow> rows, String format, String fileName, String shown) {

    private static final int MOST_ROWS = 500;

    public static LayoutForm of(Layout layout) {
        List<LayoutRow> rows = new ArrayList<>();
        for (LayoutColumn column : layout.columns()) {
            rows.add(LayoutRow.of(rows.size() + 1, column));
        }
        return new LayoutForm(
                rows,
                layout.format().map(format -> format.name()).orElse(""),
                layout.fileName().orElse(""),
                LayoutPage.identity(layout));
    }

    public static LayoutForm of(Parameters form) {
        List<LayoutRow> rows = new ArrayList<>();
        for (int i = 1; i <= MOST_ROWS && form.find("order-" + i).isPresent(); i++) {
            rows.add(new LayoutRow(
                    (int) form.number("order-" + i).orElse(i),
                    (int) form.number("from-" + i).orElse(0),
                    form.text("field-" + i),
                    form.text("header-" + i),
                    form.text("transformation-" + i),
                    form.text("codes-" + i),
                    form.text("note-" + i)));
        }
        rows.removeIf(
                row -> row.field().isEmpty() && (row.from() == 0 || row.note().isEmpty()));
        rows.sort(Comparator.comparingInt(LayoutRow::order));
        return new LayoutForm(rows, form.text("format"), form.text("fileName"), form.text("shown"));
    }

    /** Whether a form was made from a layout, and not from an older one. */
    public static boolean isMadeFrom(LayoutForm form, Layout layout) {
        return form.shown().equals(LayoutPage.identity(layout));
    }

    /** The layout that it says. What the form can't say stays as it is in the layout that it was made from. */
    public Layout layout(Layout before) {
        Layout.Builder layout = Layout.builder();
        for (LayoutRow row : rows) {
            Optional<LayoutColumn> column =
                    row.from() >= 1 && row.from() <= before.columns().size()
                            ? Optional.of(before.columns().get(row.from() - 1))
                            : Optional.empty();
            row.column(column).ifPresent(layout::column);
        }
        before.filters().forEach(layout::filter);
        if (!format.isEmpty()) {
            layout.format(
                    format,
                    before.format()
                            .filter(same -> same.name().equals(format))
                            .map(same -> same.arguments())
                            .orElseGet(Map::of));
        }
        if (!fileName.isEmpty()) {
            layout.fileName(fileName);
        }
        before.transforms().forEach(transform -> layout.transform(transform.name(), transform.arguments()));
        return layout.build();
    }
}
