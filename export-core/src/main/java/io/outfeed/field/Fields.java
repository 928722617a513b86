package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
        this.mappings = List.copyOf(builder.mappings);
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

    /** The headers. */
    @Override
    public String toString() {
        return mappings.stream().map(FieldMapping::header).toList().toString();
    }

    /**
     * Collects fields. Not thread-safe.
     *
     * @param <T> the record type
     */
    public static final class Builder<T> {

        private final List<FieldMapping<? super T>> mappings = new ArrayList<>();
        private final List<SkippedField> skipped = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a column with the record's own value.
         *
         * @param header the column's header
         * @param getter reads the value off a record; null is an empty cell
         * @param marks what the column is marked as; nothing by default
         * @return this builder
         */
        public Builder<T> field(
                String header, Function<? super T, ? extends @Nullable Object> getter, FieldMark... marks) {
            return mapping(new GetterMapping<>(header, FieldKind.DIRECT, getter, value -> value, marks));
        }

        /**
         * Adds a column with a transformed value.
         *
         * @param header the column's header
         * @param getter reads the value off a record
         * @param transformation turns it into the column's value
         * @param marks what the column is marked as; nothing by default
         * @param <V> the type of the record's value
         * @return this builder
         */
        public <V> Builder<T> field(
                String header,
                Function<? super T, ? extends @Nullable V> getter,
                Transformation<? super V, ?> transformation,
                FieldMark... marks) {
            return mapping(new GetterMapping<T, V>(header, FieldKind.TRANSFORMATION, getter, transformation, marks));
        }

        /**
         * Adds a column with the receiver's codes for the record's values.
         *
         * @param header the column's header
         * @param getter reads the value off a record
         * @param codes adds the codes; only values of the field's type compile
         * @param marks what the column is marked as; nothing by default
         * @param <C> the type of the field
         * @return this builder
         */
        public <C> Builder<T> matchCodes(
                String header,
                Function<? super T, ? extends @Nullable C> getter,
                Consumer<MatchCodes.Builder<C>> codes,
                FieldMark... marks) {
            MatchCodes.Builder<C> builder = MatchCodes.builder();
            codes.accept(builder);
            try {
                return matchCodes(header, getter, builder.build(), marks);
            } catch (InvalidDefinitionException e) {
                e.problems().forEach(problem -> problems.add("field '" + header + "': " + problem));
                return this;
            }
        }

        /**
         * Adds a column with the receiver's codes for the record's values.
         *
         * @param header the column's header
         * @param getter reads the value off a record
         * @param codes the codes
         * @param marks what the column is marked as; nothing by default
         * @param <C> the type of the field
         * @return this builder
         */
        public <C> Builder<T> matchCodes(
                String header,
                Function<? super T, ? extends @Nullable C> getter,
                MatchCodes<C> codes,
                FieldMark... marks) {
            requireNonNull(codes, "codes");
            return mapping(new GetterMapping<T, C>(header, FieldKind.MATCH_CODES, getter, codes, marks));
        }

        /**
         * Adds a column with the same text for every record.
         *
         * @param header the column's header
         * @param value the text
         * @return this builder
         */
        public Builder<T> constant(String header, String value) {
            requireNonNull(value, "value");
            return mapping(new GetterMapping<>(header, FieldKind.CONSTANT, record -> value, text -> text));
        }

        /**
         * Adds a column without values, which the receiver expects.
         *
         * @param header the column's header
         * @return this builder
         */
        public Builder<T> blank(String header) {
            return mapping(new GetterMapping<>(header, FieldKind.BLANK, record -> null, nothing -> nothing));
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
         * Adds the columns of a set of an object that the record holds, with longer headers, so that a record may hold
         * several: {@code home_city}, {@code work_city}. Where there is no such object, all of these columns are empty,
         * constants too.
         *
         * @param prefix what each header begins with, such as {@code home_}
         * @param getter reads the object off a record; null if it has none
         * @param fields the set
         * @param <N> the type of the object
         * @return this builder
         */
        public <N> Builder<T> include(
                String prefix, Function<? super T, ? extends @Nullable N> getter, Fields<N> fields) {
            requireNonNull(prefix, "prefix");
            for (FieldMapping<? super N> nested : fields.mappings()) {
                mapping(new NestedMapping<T, N>(prefix + nested.header(), getter, nested));
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
         * @throws InvalidDefinitionException if there is no column, a header is blank or appears twice, or codes are
         *     wrong
         */
        public Fields<T> build() {
            Problems all = new Problems();
            all.addAll(problems);
            all.addIf(
                    mappings.isEmpty() && problems.isEmpty(),
                    "there is no field: add .field(\"...\", Record::property)");
            Set<String> seen = new HashSet<>();
            for (FieldMapping<? super T> mapping : mappings) {
                String header = mapping.header();
                all.addIf(header.isBlank(), "a field has a blank header");
                all.addIf(!header.isBlank() && !seen.add(header), "field '" + header + "' appears twice");
            }
            for (SkippedField field : skipped) {
                all.addIf(field.name().isBlank(), "a skipped field has a blank name");
                all.addIf(seen.contains(field.name()), "field '" + field.name() + "' is both mapped and skipped");
                all.addIf(field.reason().isBlank(), "skipped field '" + field.name() + "' has no reason");
            }
            all.throwIfAny("fields");
            return new Fields<>(this);
        }
    }
}
