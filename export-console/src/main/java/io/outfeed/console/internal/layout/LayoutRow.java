package io.outfeed.console.internal.layout;

import io.outfeed.layout.LayoutCodes;
import io.outfeed.layout.LayoutColumn;
import io.outfeed.layout.NamedChoice;
import java.util.List;
import java.util.Optional;

/**
 * A column in the form of a layout.
 *
 * @param order where it comes; columns of the same number keep their order
 * @param from the number of the column in the layout that the form was made from, from 1; 0 for another one
 * @param field the name of the field; empty for a column that has none, or is left out
 * @param header the header; empty for that of the field
 * @param transformation the name of its transformation; {@link #KEEP} for those that it has; empty for none
 * @param codes the name of a table of codes; {@link #KEEP} for those that it has; empty for none
 * @param note what the form can't change of it; empty if that is nothing
 */
public record LayoutRow(
        int order, int from, String field, String header, String transformation, String codes, String note) {

    /** What the column has, and the form can't say. */
    public static final String KEEP = "*";

    public static LayoutRow blank(int order) {
        return new LayoutRow(order, 0, "", "", "", "", "");
    }

    public static LayoutRow of(int number, LayoutColumn column) {
        boolean simple = column.transformations().size() == 1
                && column.transformations().get(0).arguments().isEmpty();
        return new LayoutRow(
                number,
                number,
                column.field().orElse(""),
                column.header().orElse(""),
                column.transformations().isEmpty()
                        ? ""
                        : simple ? column.transformations().get(0).name() : KEEP,
                column.codes().isEmpty() ? "" : KEEP,
                column.field().isPresent() ? "" : column.constant().isPresent() ? "the same text" : "empty cells");
    }

    /** The column that the row says; empty if it is left out. */
    Optional<LayoutColumn> column(Optional<LayoutColumn> before) {
        if (field.isEmpty() && before.filter(column -> column.field().isEmpty()).isEmpty()) {
            return Optional.empty();
        }
        LayoutColumn column = field.isEmpty() ? before.orElseThrow() : LayoutColumn.of(field);
        if (!field.isEmpty() && before.isPresent()) {
            column = before.get().name().map(column::name).orElse(column);
        }
        if (!header.isEmpty()) {
            column = column.header(header);
        }
        return Optional.of(withChoices(column, before));
    }

    private LayoutColumn withChoices(LayoutColumn column, Optional<LayoutColumn> before) {
        LayoutColumn next = column;
        if (transformation.equals(KEEP)) {
            for (NamedChoice each : before.map(LayoutColumn::transformations).orElseGet(List::of)) {
                next = next.transform(each.name(), each.arguments());
            }
        } else if (!transformation.isEmpty()) {
            next = next.transform(transformation);
        }
        if (codes.equals(KEEP)) {
            return before.flatMap(LayoutColumn::codes).map(next::codes).orElse(next);
        }
        return codes.isEmpty() ? next : next.codes(LayoutCodes.table(codes));
    }
}
