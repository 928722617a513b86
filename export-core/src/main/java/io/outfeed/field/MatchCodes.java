package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The receiver's code for each value of a field.
 *
 * <p>A value without a code fails the record; null becomes an empty cell. Immutable.
 *
 * @param <C> the type of the field: a code for a value of another type does not compile
 */
public final class MatchCodes<C> implements Transformation<C, String> {

    private final Map<C, String> codes;

    private MatchCodes(Map<C, String> codes) {
        this.codes = codes;
    }

    /**
     * Starts a set of codes.
     *
     * @param <C> the type of the field
     * @return a builder, empty
     */
    public static <C> Builder<C> builder() {
        return new Builder<>();
    }

    @Override
    @SuppressWarnings("NullAway") // null in, null out: the contract of Transformation
    public String apply(C value) {
        if (value == null) {
            return null;
        }
        String code = codes.get(value);
        if (code == null) {
            throw new IllegalArgumentException("no match code for this value; there are " + codes.size() + " codes");
        }
        return code;
    }

    /** The number of codes. */
    @Override
    public String toString() {
        return codes.size() + " match codes";
    }

    /**
     * Collects codes. Not thread-safe.
     *
     * @param <C> the type of the field
     */
    public static final class Builder<C> {

        private final Map<C, String> codes = new LinkedHashMap<>();
        private final List<String> problems = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a code.
         *
         * @param value a value of the field
         * @param code what the receiver calls it
         * @return this builder
         */
        public Builder<C> code(C value, String code) {
            requireNonNull(value, "value");
            requireNonNull(code, "code");
            if (codes.putIfAbsent(value, code) != null) {
                problems.add("a value has two match codes, '" + codes.get(value) + "' and '" + code + "'");
            }
            return this;
        }

        /**
         * Makes the set of codes.
         *
         * @return the codes, a copy of what was collected
         * @throws io.outfeed.InvalidDefinitionException if there is none, or a value has two
         */
        public MatchCodes<C> build() {
            Problems all = new Problems();
            all.addAll(problems);
            all.addIf(codes.isEmpty(), "there is no code: add .code(value, \"...\")");
            all.throwIfAny("match codes");
            return new MatchCodes<>(new LinkedHashMap<>(codes));
        }
    }
}
