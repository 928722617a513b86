package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import io.outfeed.InvalidDefinitionException;
import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a file, in order, and the fields that are left out on purpose.
 *
 * <p>Immutable.
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
         * @return this builder
         */
        public Builder<T> field(String header, Function<? super T, ? extends @Nullable Object> getter) {
            return mapping(new GetterMapping<>(header, FieldKind.DIRECT, getter::apply));
        }

        /**
         * Adds a column with a transformed value.
         *
         * @param header the column's header
         * @param getter reads the value off a record
         * @param transformation turns it into the column's value
         * @param <V> the type of the record's value
         * @return this builder
         */
        public <V> Builder<T> field(
                String header,
                Function<? super T, ? extends @Nullable V> getter,
                Transformation<? super V, ?> transformation) {
            requireNonNull(transformation, "transformation");
            return mapping(new GetterMapping<>(
                    header, FieldKind.TRANSFORMATION, record -> transformation.apply(getter.apply(record))));
        }

        /**
         * Adds a column with the receiver's codes for the record's values.
         *
         * @param header the column's header
         * @param getter reads the value off a record
         * @param codes adds the codes; only values of the field's type compile
         * @param <C> the type of the field
         * @return this builder
         */
        public <C> Builder<T> matchCodes(
                String header,
                Function<? super T, ? extends @Nullable C> getter,
                Consumer<MatchCodes.Builder<C>> codes) {
            MatchCodes.Builder<C> builder = MatchCodes.builder();
            codes.accept(builder);
            try {
                return matchCodes(header, getter, builder.build());
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
         * @param <C> the type of the field
         * @return this builder
         */
        public <C> Builder<T> matchCodes(
                String header, Function<? super T, ? extends @Nullable C> getter, MatchCodes<C> codes) {
            requireNonNull(codes, "codes");
            return mapping(
                    new GetterMapping<>(header, FieldKind.MATCH_CODES, record -> codes.apply(getter.apply(record))));
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
         * Leaves a field out on purpose, so that nobody wonders later.
         *
         * @param name the field's name; it has no column
         * @param reason why it is left out
         * @return this builder
         */
        public Builder<T> skip(String name, String reason) {
            skipped.add(new SkippedField(name, reason));
            return this;
        }

        /**
         * Makes the list of fields.
         *
         * @return the fields, a copy of what was collected
         * @throws InvalidDefinitionException if there is no column, a header is blank or appears twice, or codes are wrong
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
