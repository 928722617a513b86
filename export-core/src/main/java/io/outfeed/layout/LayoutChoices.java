package io.outfeed.layout;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.Fields;
import io.outfeed.field.MatchCodes;
import io.outfeed.field.Transformation;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.format.RecordFormat;
import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a definition lets the {@link Layout} of a job choose.
 *
 * <p>A layout may always choose among the definition's fields, their order and headers, texts and empty columns, and
 * codes of its own; what else it may choose is declared here. It can't change what a field is marked as: a required
 * field of the definition must be a column, and a sensitive one needs a protected delivery, whatever it is transformed
 * to.
 *
 * <p>Immutable, and thread-safe if the functions are.
 *
 * @param <T> the record type
 */
public final class LayoutChoices<T> {

    private final List<FieldMapping<? super T>> fields;
    private final Map<String, TransformationChoice<?>> transformations;
    private final Map<String, MatchCodes<?>> codes;
    private final Map<String, Function<? super T, ?>> filters;
    private final Map<String, Choice<RecordFormat>> formats;
    private final Map<String, Choice<FileTransform>> transforms;
    private final boolean fileName;

    private LayoutChoices(Builder<T> builder) {
        this.fields = List.copyOf(builder.fields);
        this.transformations = copy(builder.transformations);
        this.codes = copy(builder.codes);
        this.filters = copy(builder.filters);
        this.formats = copy(builder.formats);
        this.transforms = copy(builder.transforms);
        this.fileName = builder.fileName;
    }

    private static <V> Map<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /**
     * Starts the choices of a definition.
     *
     * @param recordType the record type
     * @param <T> the record type
     * @return a builder without choices but those that a layout always has
     */
    public static <T> Builder<T> builder(Class<T> recordType) {
        return new Builder<>(requireNonNull(recordType, "recordType"));
    }

    /**
     * Returns the fields that a layout may choose besides those of the definition.
     *
     * @return the fields, in order
     */
    public List<FieldMapping<? super T>> fields() {
        return fields;
    }

    /**
     * Returns the transformations.
     *
     * @return the transformations by their names, in order
     */
    public Map<String, TransformationChoice<?>> transformations() {
        return transformations;
    }

    /**
     * Returns the tables of codes.
     *
     * @return the codes by their names, in order
     */
    public Map<String, MatchCodes<?>> codes() {
        return codes;
    }

    /**
     * Returns by which values records may be chosen.
     *
     * @return what gives the value of a record, by the name of the filter, in order
     */
    public Map<String, Function<? super T, ?>> filters() {
        return filters;
    }

    /**
     * Returns the formats.
     *
     * @return the formats by their names, in order
     */
    public Map<String, Choice<RecordFormat>> formats() {
        return formats;
    }

    /**
     * Returns what may compress or encrypt the file.
     *
     * @return the transforms by their names, in order
     */
    public Map<String, Choice<FileTransform>> transforms() {
        return transforms;
    }

    /**
     * Tells whether a layout may name the file.
     *
     * @return false by default
     */
    public boolean fileName() {
        return fileName;
    }

    /** The names. */
    @Override
    public String toString() {
        return "choices (fields " + fields.stream().map(FieldMapping::name).toList() + ", transformations "
                + transformations.keySet() + ", codes " + codes.keySet() + ", filters " + filters.keySet()
                + ", formats " + formats.keySet() + ", transforms " + transforms.keySet()
                + (fileName ? ", fileName" : "") + ")";
    }

    /**
     * Collects choices. Not thread-safe.
     *
     * @param <T> the record type
     */
    public static final class Builder<T> {

        private final Class<T> recordType;
        private final List<FieldMapping<? super T>> fields = new ArrayList<>();
        private final Map<String, TransformationChoice<?>> transformations = new LinkedHashMap<>();
        private final Map<String, MatchCodes<?>> codes = new LinkedHashMap<>();
        private final Map<String, Function<? super T, ?>> filters = new LinkedHashMap<>();
        private final Map<String, Choice<RecordFormat>> formats = new LinkedHashMap<>();
        private final Map<String, Choice<FileTransform>> transforms = new LinkedHashMap<>();
        private final Problems problems = new Problems();
        private boolean fileName;

        private Builder(Class<T> recordType) {
            this.recordType = recordType;
        }

        /**
         * Adds fields that a layout may choose, and that are no columns without one.
         *
         * @param more adds the fields
         * @return this builder
         */
        public Builder<T> fields(Consumer<Fields.Builder<T>> more) {
            Fields.Builder<T> builder = Fields.builder(recordType);
            more.accept(builder);
            try {
                fields.addAll(builder.build().mappings());
            } catch (InvalidDefinitionException e) {
                problems.addAll(e.problems());
            }
            return this;
        }

        /**
         * Adds the transformations {@code strip}, {@code collapseWhiteSpace}, {@code stripControls},
         * {@code nullIfBlank}, {@code defaultIfBlank}, {@code upperCase}, {@code lowerCase}, {@code capitalize},
         * {@code padLeft}, {@code padRight}, {@code maxLength}, {@code maskAllButLast}, {@code split}, {@code number}
         * and {@code words}, which are those of {@link io.outfeed.field.Transformations}, with arguments of the same
         * names, and {@code date}, which writes any date or time with a {@code pattern}, a point in time with a
         * {@code zone} too. There is none with a regular expression, which a customer could make run for ever.
         *
         * @return this builder
         */
        public Builder<T> standardTransformations() {
            StandardTransformations.all().forEach(this::add);
            return this;
        }

        /**
         * Adds a transformation.
         *
         * @param name its name
         * @param input the type of the values that it takes: {@code String} for the text of any value
         * @param maker makes it of the arguments; an {@link IllegalArgumentException} is a problem of the layout
         * @param arguments the arguments that it takes
         * @param <V> the type of the values
         * @return this builder
         */
        public <V> Builder<T> transformation(
                String name,
                Class<V> input,
                Function<Arguments, ? extends Transformation<? super V, ?>> maker,
                Argument<?>... arguments) {
            add(new TransformationChoice<>(input, Choice.of(name, maker, arguments)));
            return this;
        }

        private void add(TransformationChoice<?> choice) {
            put("transformation", transformations, choice.choice().name(), choice);
        }

        /**
         * Adds a table of codes.
         *
         * @param name its name
         * @param table the receiver's codes for the values of fields; a value of another type has no code
         * @return this builder
         */
        public Builder<T> codes(String name, MatchCodes<?> table) {
            put("table of codes", codes, name, requireNonNull(table, "table"));
            return this;
        }

        /**
         * Lets a layout choose records by a value. As with {@link io.outfeed.ExportDefinition.Builder#filter}, a value
         * that changes without a new position of its record is not noticed.
         *
         * @param name the name of the filter
         * @param getter reads the value off a record; its text is compared, and null is none of the chosen ones
         * @return this builder
         */
        public Builder<T> filter(String name, Function<? super T, ? extends @Nullable Object> getter) {
            put("filter", filters, name, requireNonNull(getter, "getter"));
            return this;
        }

        /**
         * Adds the formats {@code csv}, {@code jsonLines} and {@code jsonArray}, with the options of
         * {@link io.outfeed.format.CsvFormat} and {@link io.outfeed.format.JsonFormat} as arguments of the same names.
         *
         * @return this builder
         */
        public Builder<T> standardFormats() {
            StandardFormats.all().forEach(this::format);
            return this;
        }

        /**
         * Adds a format, such as one of another module.
         *
         * @param format the format by its name, with its arguments
         * @return this builder
         */
        public Builder<T> format(Choice<RecordFormat> format) {
            put("format", formats, format.name(), format);
            return this;
        }

        /**
         * Adds the transforms {@code gzip} and {@code zip}, both with an optional {@code level}.
         *
         * @return this builder
         */
        public Builder<T> standardTransforms() {
            StandardTransforms.all().forEach(this::transform);
            return this;
        }

        /**
         * Adds what may compress or encrypt the file, such as an encryption for the customer's keys.
         *
         * @param transform the transform by its name, with its arguments
         * @return this builder
         */
        public Builder<T> transform(Choice<FileTransform> transform) {
            put("transform", transforms, transform.name(), transform);
            return this;
        }

        /**
         * Lets a layout name the file, by a pattern with the variables of {@link io.outfeed.file.FileName}.
         *
         * @return this builder
         */
        public Builder<T> fileName() {
            fileName = true;
            return this;
        }

        private <V> void put(String kind, Map<String, V> map, String name, V value) {
            problems.addIf(name.isBlank(), "a " + kind + " has a blank name");
            problems.addIf(map.putIfAbsent(name, value) != null, kind + " '" + name + "' appears twice");
        }

        /**
         * Builds the choices.
         *
         * @return the choices; later changes of this builder do not affect them
         * @throws InvalidDefinitionException if a name is blank or appears twice, or a field is wrong
         */
        public LayoutChoices<T> build() {
            problems.throwIfAny("choices");
            return new LayoutChoices<>(this);
        }
    }
}
