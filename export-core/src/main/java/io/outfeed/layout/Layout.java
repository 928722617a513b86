package io.outfeed.layout;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a customer has chosen of a definition: the columns, their order, headers, codes and transformations, the records
 * by values, the format, the name of the file, and what compresses or encrypts it.
 *
 * <p>Data, without code: a host keeps one for each customer, as a tree of maps and lists in JSON, in YAML or in a row
 * of a table. A layout is checked against a definition's {@link LayoutChoices} when a job is built with it. What it
 * does not choose is as the definition has it. Immutable, comparable and thread-safe.
 */
public final class Layout {

    private static final Layout NONE = builder().build();

    private final List<LayoutColumn> columns;
    private final Map<String, List<String>> filters;
    private final @Nullable NamedChoice format;
    private final @Nullable String fileName;
    private final List<NamedChoice> transforms;

    private Layout(Builder builder) {
        this.columns = List.copyOf(builder.columns);
        this.filters = Collections.unmodifiableMap(new LinkedHashMap<>(builder.filters));
        this.format = builder.format;
        this.fileName = builder.fileName;
        this.transforms = List.copyOf(builder.transforms);
    }

    /**
     * Returns a layout that chooses nothing: all is as the definition has it.
     *
     * @return the layout
     */
    public static Layout none() {
        return NONE;
    }

    /**
     * Starts a layout.
     *
     * @return a builder that has chosen nothing
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a layout from a tree of maps and lists, as readers of JSON, YAML or properties make it:
     *
     * <pre>{@code
     * columns:
     *   - student_id
     *   - field: birth_date
     *     header: Date of birth
     *     transform: {date: {pattern: dd.MM.yyyy}}
     *   - field: status
     *     codes: {A: "1", I: "2"}
     *   - {header: Source, constant: SIS}
     * filter:
     *   grade: ["9", "10"]
     * format: {csv: {delimiter: ";"}}
     * fileName: "students-{fire:yyyyMMdd}.csv.gz"
     * transforms: gzip
     * }</pre>
     *
     * <p>{@link #jsonSchema()} describes it.
     *
     * @param tree the tree
     * @return the layout
     * @throws InvalidDefinitionException if it is no layout; all problems are listed with their paths, without values
     */
    public static Layout of(Map<String, ?> tree) {
        return LayoutReader.read(tree);
    }

    /**
     * Returns a JSON Schema of the trees that {@link #of} reads, for editors and pages.
     *
     * @return the schema, of draft 2020-12
     */
    public static String jsonSchema() {
        try (InputStream schema = requireNonNull(Layout.class.getResourceAsStream("layout.schema.json"))) {
            return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the layout as a tree of maps, lists, texts, numbers and booleans.
     *
     * @return a tree that {@link #of} reads as this layout
     */
    public Map<String, Object> toTree() {
        return LayoutWriter.write(this);
    }

    /**
     * Returns the columns.
     *
     * @return the columns in order; empty if they are those of the definition
     */
    public List<LayoutColumn> columns() {
        return columns;
    }

    /**
     * Returns which records are exported.
     *
     * @return the texts that a value may have, by the name of the filter; empty for all records of the definition
     */
    public Map<String, List<String>> filters() {
        return filters;
    }

    /**
     * Returns the format.
     *
     * @return the format; empty if it is that of the definition
     */
    public Optional<NamedChoice> format() {
        return Optional.ofNullable(format);
    }

    /**
     * Returns the name of the file.
     *
     * @return the pattern of a {@link io.outfeed.file.FileName}; empty if it is that of the definition
     */
    public Optional<String> fileName() {
        return Optional.ofNullable(fileName);
    }

    /**
     * Returns what compresses or encrypts the file.
     *
     * @return the transforms in order; empty if they are those of the definition
     */
    public List<NamedChoice> transforms() {
        return transforms;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout that
                && columns.equals(that.columns)
                && filters.equals(that.filters)
                && Objects.equals(format, that.format)
                && Objects.equals(fileName, that.fileName)
                && transforms.equals(that.transforms);
    }

    @Override
    public int hashCode() {
        return Objects.hash(columns, filters, format, fileName, transforms);
    }

    /** The names of what is chosen, without values. */
    @Override
    public String toString() {
        return "layout (columns " + columns + ", filters " + filters.keySet() + ", format " + format + ", fileName "
                + fileName + ", transforms " + transforms + ")";
    }

    /** Collects what is chosen. Not thread-safe. */
    public static final class Builder {

        private final List<LayoutColumn> columns = new ArrayList<>();
        private final Map<String, List<String>> filters = new LinkedHashMap<>();
        private @Nullable NamedChoice format;
        private @Nullable String fileName;
        private final List<NamedChoice> transforms = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a field as a column, as the definition has it.
         *
         * @param field the name of the field
         * @return this builder
         */
        public Builder column(String field) {
            return column(LayoutColumn.of(field));
        }

        /**
         * Adds a field as a column.
         *
         * @param field the name of the field
         * @param column sets header, transformations or codes, such as {@code c -> c.header("Date of birth")}
         * @return this builder
         */
        public Builder column(String field, UnaryOperator<LayoutColumn> column) {
            return column(column.apply(LayoutColumn.of(field)));
        }

        /**
         * Adds a column.
         *
         * @param column the column
         * @return this builder
         */
        public Builder column(LayoutColumn column) {
            columns.add(requireNonNull(column, "column"));
            return this;
        }

        /**
         * Exports only records that have one of these values. With several filters a record must pass all. Default: all
         * records of the definition.
         *
         * @param name the name of the filter
         * @param values the texts that the value may have; replaces those that were set before
         * @return this builder
         */
        public Builder filter(String name, List<String> values) {
            filters.put(requireNonNull(name, "name"), List.copyOf(values));
            return this;
        }

        /**
         * Sets the format. Default: that of the definition.
         *
         * @param name the name by which the definition declares it, such as {@code csv}
         * @param arguments its arguments by their names
         * @return this builder
         */
        public Builder format(String name, Map<String, Object> arguments) {
            format = new NamedChoice(name, arguments);
            return this;
        }

        /**
         * Sets the name of the file. Default: that of the definition.
         *
         * @param pattern the pattern of a {@link io.outfeed.file.FileName}
         * @return this builder
         */
        public Builder fileName(String pattern) {
            fileName = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Adds what compresses or encrypts the file, after those that were added before. Default: the transforms of the
         * definition, which these replace. The name of the file must end with their endings; one that the layout does
         * not choose gets them.
         *
         * @param name the name by which the definition declares it, such as {@code gzip}
         * @param arguments its arguments by their names
         * @return this builder
         */
        public Builder transform(String name, Map<String, Object> arguments) {
            transforms.add(new NamedChoice(name, arguments));
            return this;
        }

        /**
         * Builds the layout. It is checked when a job is built with it.
         *
         * @return the layout; later changes of this builder do not affect it
         */
        public Layout build() {
            return new Layout(this);
        }
    }
}
