package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.Column;
import io.outfeed.format.ColumnType;
import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a file, in order, and the fields that are skipped on purpose.
 *
 * <p>Immutable, and thread-safe if the functions are.
 *
 * @param <T> the record type
 */
public final class Fields<T> {

    private final List<FieldMapping<? super T>> mappings;
    private final List<SkippedField> skipped;

    private Fields(Builder<T> builder) {
        this.mappings = builder.declaredMappings();
        this.skipped = List.copyOf(builder.skipped);
    }

    /**
     * Starts a list of fields.
     *
     * @param recordType the record type
     * @param <T> the record type
     * @return a builder, empty
     */
    public static <T> Builder<T> builder(Class<T> recordType) {
        requireNonNull(recordType, "recordType");
        return new Builder<>();
    }

    /**
     * Returns the columns, in the order of the file.
     *
     * @return at least one
     */
    public List<FieldMapping<? super T>> mappings() {
        return mappings;
    }

    /**
     * Returns what a format is told of the columns.
     *
     * @return the columns, in the order of the file
     */
    public List<Column> columns() {
        return mappings.stream()
                .map(mapping -> new Column(
                        mapping.name(), mapping.header(), mapping.type(), mapping.required(), mapping.sensitive()))
                .toList();
    }

    /**
     * Returns whether the columns need a protected delivery.
     *
     * @return whether at least one is sensitive
     */
    public boolean hasSensitive() {
        return mappings.stream().anyMatch(FieldMapping::sensitive);
    }

    /**
     * Returns the fields without a column.
     *
     * @return in the order in which they were skipped
     */
    public List<SkippedField> skipped() {
        return skipped;
    }

    /** The names. */
    @Override
    public String toString() {
        return mappings.stream().map(FieldMapping::name).toList().toString();
    }

    /**
     * Collects fields. Not thread-safe.
     *
     * @param <T> the record type
     */
    public static final class Builder<T> {

        private final List<FieldMapping<? super T>> mappings = new ArrayList<>();
        private final List<SkippedField> skipped = new ArrayList<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final Map<String, ColumnType> types = new LinkedHashMap<>();
        private final Map<String, String> descriptions = new LinkedHashMap<>();
        private final List<String> problems = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a column with the record's own value.
         *
         * @param name the field's name, which is the column's header too unless another is set
         * @param getter reads the value off a record; null is an empty cell
         * @param marks what the column is marked as; nothing by default
         * @return this builder
         */
        public Builder<T> field(
                String name, Function<? super T, ? extends @Nullable Object> getter, FieldMark... marks) {
            return mapping(new GetterMapping<>(name, FieldKind.DIRECT, getter, value -> value, marks));
        }

        /**
         * Adds a column with a transformed value.
         *
         * @param name the field's name, which is the column's header too unless another is set
         * @param getter reads the value off a record
         * @param transformation turns it into the column's value
         * @param marks what the column is marked as; nothing by default
         * @param <V> the type of the record's value
         * @return this builder
         */
        public <V> Builder<T> field(
                String name,
                Function<? super T, ? extends @Nullable V> getter,
                Transformation<? super V, ?> transformation,
                FieldMark... marks) {
            return mapping(new GetterMapping<T, V>(name, FieldKind.TRANSFORMATION, getter, transformation, marks));
        }

        /**
         * Adds a column with the receiver's codes for the record's values.
         *
         * @param name the field's name, which is the column's header too unless another is set
         * @param getter reads the value off a record
         * @param codes adds the codes; only values of the field's type compile
         * @param marks what the column is marked as; nothing by default
         * @param <C> the type of the field
         * @return this builder
         */
        public <C> Builder<T> matchCodes(
                String name,
                Function<? super T, ? extends @Nullable C> getter,
                Consumer<MatchCodes.Builder<C>> codes,
                FieldMark... marks) {
            MatchCodes.Builder<C> builder = MatchCodes.builder();
            codes.accept(builder);
            try {
                return matchCodes(name, getter, builder.build(), marks);
            } catch (InvalidDefinitionException e) {
                e.problems().forEach(problem -> problems.add("field '" + name + "': " + problem));
                return this;
            }
        }

        /**
         * Adds a column with the receiver's codes for the record's values.
         *
         * @param name the field's name, which is the column's header too unless another is set
         * @param getter reads the value off a record
         * @param codes the codes
         * @param marks what the column is marked as; nothing by default
         * @param <C> the type of the field
         * @return this builder
         */
        public <C> Builder<T> matchCodes(
                String name,
                Function<? super T, ? extends @Nullable C> getter,
                MatchCodes<C> codes,
                FieldMark... marks) {
            requireNonNull(codes, "codes");
            return mapping(new GetterMapping<T, C>(name, FieldKind.MATCH_CODES, getter, codes, marks));
        }

        /**
         * Adds a column with the same text for every record.
         *
         * @param name the field's name, which is the column's header too unless another is set
         * @param value the text
         * @return this builder
         */
        public Builder<T> constant(String name, String value) {
            requireNonNull(value, "value");
            return mapping(new GetterMapping<>(name, FieldKind.CONSTANT, record -> value, text -> text));
        }

        /**
         * Adds a column without values, which the receiver expects.
         *
         * @param name the field's name, which is the column's header too unless another is set
         * @return this builder
         */
        public Builder<T> blank(String name) {
            return mapping(new GetterMapping<>(name, FieldKind.BLANK, record -> null, nothing -> nothing));
        }

        /**
         * Adds the columns of a set, with their kinds and marks, and the fields that the set skips.
         *
         * @param fields the set, of the record type or of a supertype
         * @return this builder
         */
        public Builder<T> include(Fields<? super T> fields) {
            mappings.addAll(fields.mappings());
            skipped.addAll(fields.skipped());
            return this;
        }

        /**
         * Adds the columns of a set of an object that the record holds, such as its address. Where there is no such
         * object, all of these columns are empty, constants too.
         *
         * @param getter reads the object off a record; null if it has none
         * @param fields the set
         * @param <N> the type of the object
         * @return this builder
         */
        public <N> Builder<T> include(Function<? super T, ? extends @Nullable N> getter, Fields<N> fields) {
            return include("", getter, fields);
        }

        /**
         * Adds the columns of a set of an object that the record holds, with longer names and headers, so that a record
         * may hold several: {@code home_city}, {@code work_city}. Where there is no such object, all of these columns
         * are empty, constants too.
         *
         * @param prefix what each name and header begins with, such as {@code home_}
         * @param getter reads the object off a record; null if it has none
         * @param fields the set
         * @param <N> the type of the object
         * @return this builder
         */
        public <N> Builder<T> include(
                String prefix, Function<? super T, ? extends @Nullable N> getter, Fields<N> fields) {
            requireNonNull(prefix, "prefix");
            for (FieldMapping<? super N> nested : fields.mappings()) {
                mapping(new NestedMapping<T, N>(prefix, getter, nested));
            }
            fields.skipped().forEach(field -> skip(prefix + field.name(), field.reason()));
            return this;
        }

        /**
         * Adds a column with a mapping of the host's own.
         *
         * @param mapping the mapping
         * @return this builder
         */
        public Builder<T> mapping(FieldMapping<? super T> mapping) {
            mappings.add(requireNonNull(mapping, "mapping"));
            return this;
        }

        /**
         * Sets the header of a field's column. Default: the field's name.
         *
         * @param field the name of a field that is added before or after
         * @param header the column's header in the file; replaces one that was set before
         * @return this builder
         */
        public Builder<T> header(String field, String header) {
            headers.put(requireNonNull(field, "field"), requireNonNull(header, "header"));
            return this;
        }

        /**
         * Declares the type of a field's column: a value that does not fit it rejects the record, and formats and
         * documents that have types get it. Default: what the mapping declares, such as the columns of a query; else
         * none, and each cell has the type of its value.
         *
         * @param field the name of a field that is added before or after
         * @param type the type, after the field's transformation or match code; replaces one that was declared before
         * @return this builder
         */
        public Builder<T> type(String field, ColumnType type) {
            types.put(requireNonNull(field, "field"), requireNonNull(type, "type"));
            return this;
        }

        /**
         * Describes a field for the receiver, in the data dictionary and the data package. Default: what the mapping
         * says; else nothing.
         *
         * @param field the name of a field that is added before or after
         * @param description what the column means; replaces a description that was set before
         * @return this builder
         */
        public Builder<T> description(String field, String description) {
            descriptions.put(requireNonNull(field, "field"), requireNonNull(description, "description"));
            return this;
        }

        private List<FieldMapping<? super T>> declaredMappings() {
            List<FieldMapping<? super T>> declared = new ArrayList<>();
            mappings.forEach(mapping -> declared.add(declared(mapping)));
            return List.copyOf(declared);
        }

        private <S> FieldMapping<S> declared(FieldMapping<S> mapping) {
            String header = headers.get(mapping.name());
            ColumnType type = types.get(mapping.name());
            String description = descriptions.get(mapping.name());
            return header == null && type == null && description == null
                    ? mapping
                    : new DeclaredMapping<>(
                            mapping,
                            Optional.ofNullable(header),
                            Optional.ofNullable(type),
                            Optional.ofNullable(description));
        }

        /**
         * Skips a field on purpose, and documents the reason.
         *
         * @param name the field's name; it has no column
         * @param reason why it is skipped
         * @return this builder
         */
        public Builder<T> skip(String name, String reason) {
            skipped.add(new SkippedField(name, reason));
            return this;
        }

        /**
         * Builds the list of fields.
         *
         * @return the fields; later changes of this builder do not affect them
         * @throws InvalidDefinitionException if there is no column, a name or header is blank or appears twice, a
         *     header, type or description is set for a field that is not mapped, or codes are wrong
         */
        public Fields<T> build() {
            Problems all = new Problems();
            all.addAll(problems);
            all.addIf(
                    mappings.isEmpty() && problems.isEmpty(),
                    "there is no field: add .field(\"...\", Record::property)");
            Set<String> seen = new HashSet<>();
            Set<String> titles = new HashSet<>();
            for (FieldMapping<? super T> mapping : declaredMappings()) {
                String name = mapping.name();
                String header = mapping.header();
                boolean twice = !seen.add(name);
                all.addIf(name.isBlank(), "a field has a blank name");
                all.addIf(twice && !name.isBlank(), "field '" + name + "' appears twice");
                all.addIf(header.isBlank() && !name.isBlank(), "field '" + name + "' has a blank header");
                all.addIf(
                        !titles.add(header) && !twice && !header.isBlank(),
                        "field '" + name + "' has the header '" + header + "' of another field");
            }
            headers.keySet().forEach(field -> all.addIf(!seen.contains(field), unknown("header", field)));
            types.keySet().forEach(field -> all.addIf(!seen.contains(field), unknown("type", field)));
            descriptions.keySet().forEach(field -> all.addIf(!seen.contains(field), unknown("description", field)));
            for (SkippedField field : skipped) {
                all.addIf(field.name().isBlank(), "a skipped field has a blank name");
                all.addIf(seen.contains(field.name()), "field '" + field.name() + "' is both mapped and skipped");
                all.addIf(field.reason().isBlank(), "skipped field '" + field.name() + "' has no reason");
            }
            all.throwIfAny("fields");
            return new Fields<>(this);
        }

        private static String unknown(String option, String field) {
            return "a " + option + " is set for field '" + field + "', which is not mapped";
        }
    }
}
