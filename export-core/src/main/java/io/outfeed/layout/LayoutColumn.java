package io.outfeed.layout;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A column that a layout has chosen: a field of the definition, the same text for each record, or an empty cell.
 *
 * <p>Immutable; each step returns another column.
 *
 * @param field the name of the field; empty for a text or an empty cell
 * @param constant the text for each record; empty for a field or an empty cell
 * @param name what the column is called in messages and options; the name of the field, or the header, by default
 * @param header the header; that of the field by default
 * @param transformations what turns the field's value into the column's, in order
 * @param codes the receiver's codes, which follow the transformations
 */
public record LayoutColumn(
        Optional<String> field,
        Optional<String> constant,
        Optional<String> name,
        Optional<String> header,
        List<NamedChoice> transformations,
        Optional<LayoutCodes> codes) {

    /**
     * Copies the list.
     *
     * @param field the name of the field; empty for a text or an empty cell
     * @param constant the text for each record; empty for a field or an empty cell
     * @param name what the column is called in messages and options; the name of the field, or the header, by default
     * @param header the header; that of the field by default
     * @param transformations what turns the field's value into the column's, in order
     * @param codes the receiver's codes, which follow the transformations
     */
    public LayoutColumn {
        transformations = List.copyOf(transformations);
    }

    /**
     * Chooses a field.
     *
     * @param field the name by which the definition declares it
     * @return a column with the field's value and header
     */
    public static LayoutColumn of(String field) {
        return new LayoutColumn(
                Optional.of(field), Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * Adds the same text for each record.
     *
     * @param header the header
     * @param text the text
     * @return a column
     */
    public static LayoutColumn constant(String header, String text) {
        return new LayoutColumn(
                Optional.empty(),
                Optional.of(text),
                Optional.empty(),
                Optional.of(header),
                List.of(),
                Optional.empty());
    }

    /**
     * Adds a column without values, which the receiver expects.
     *
     * @param header the header
     * @return a column
     */
    public static LayoutColumn blank(String header) {
        return new LayoutColumn(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(header), List.of(), Optional.empty());
    }

    /**
     * Sets what the column is called, such as for a field that is in two columns.
     *
     * @param columnName the name, unique in the layout
     * @return another column
     */
    public LayoutColumn name(String columnName) {
        return new LayoutColumn(field, constant, Optional.of(columnName), header, transformations, codes);
    }

    /**
     * Sets the header.
     *
     * @param columnHeader the header, unique in the file
     * @return another column
     */
    public LayoutColumn header(String columnHeader) {
        return new LayoutColumn(field, constant, name, Optional.of(columnHeader), transformations, codes);
    }

    /**
     * Adds a transformation without arguments.
     *
     * @param transformation the name by which the definition declares it
     * @return another column
     */
    public LayoutColumn transform(String transformation) {
        return transform(transformation, Map.of());
    }

    /**
     * Adds a transformation.
     *
     * @param transformation the name by which the definition declares it
     * @param arguments its arguments by their names
     * @return another column
     */
    public LayoutColumn transform(String transformation, Map<String, Object> arguments) {
        List<NamedChoice> more = new ArrayList<>(transformations);
        more.add(new NamedChoice(transformation, arguments));
        return new LayoutColumn(field, constant, name, header, more, codes);
    }

    /**
     * Sets the receiver's codes.
     *
     * @param chosen the codes
     * @return another column
     */
    public LayoutColumn codes(LayoutCodes chosen) {
        return new LayoutColumn(
                field, constant, name, header, transformations, Optional.of(requireNonNull(chosen, "chosen")));
    }

    /**
     * Returns what the column is called.
     *
     * @return its own name, else that of the field, else the header
     */
    public String title() {
        return name.or(() -> field).or(() -> header).orElse("");
    }

    /** The name. A constant may be data. */
    @Override
    public String toString() {
        return title();
    }
}
