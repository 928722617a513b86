package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's code for each value of a field.
 *
 * <p>By default a record with a value without a code is rejected, and null becomes an empty cell. Immutable;
 * thread-safe if {@code equals} of the values is.
 *
 * @param <C> the type of the field: a code for a value of another type does not compile
 */
public final class MatchCodes<C> implements Transformation<C, Object> {

    private final Map<C, String> codes;
    private final IfUnmatched ifUnmatched;
    private final @Nullable String unmatchedCode;
    private final IfNull ifNull;
    private final @Nullable String nullCode;

    private MatchCodes(Builder<C> builder) {
        this.codes = new LinkedHashMap<>(builder.codes);
        this.ifUnmatched = builder.ifUnmatched;
        this.unmatchedCode = builder.unmatchedCode;
        this.ifNull = builder.ifNull;
        this.nullCode = builder.nullCode;
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

    /**
     * Returns the code of a value.
     *
     * @param value the value, or null
     * @return the code, or the result of {@code ifUnmatched} or {@code ifNull}; null for an empty cell
     * @throws RejectedValueException if {@code ifUnmatched} or {@code ifNull} is to fail; the message does not quote
     *     the value
     */
    @Override
    public @Nullable Object apply(@Nullable C value) {
        if (value == null) {
            if (nullCode == null && ifNull == IfNull.FAIL) {
                throw new RejectedValueException(
                        "it has no value, and null has no match code: correct the record, or say"
                                + " what becomes of null with ifNull");
            }
            return nullCode;
        }
        String code = codes.get(value);
        return code == null ? unmatched(value) : code;
    }

    /**
     * Returns the codes that a column may have, besides an empty cell.
     *
     * @return the codes in order, each once; empty if {@link IfUnmatched#PASS_THROUGH} may give any text
     */
    public List<String> possibleCodes() {
        if (unmatchedCode == null && ifUnmatched == IfUnmatched.PASS_THROUGH) {
            return List.of();
        }
        return Stream.of(codes.values().stream(), Stream.ofNullable(unmatchedCode), Stream.ofNullable(nullCode))
                .flatMap(each -> each)
                .distinct()
                .toList();
    }

    private @Nullable Object unmatched(C value) {
        if (unmatchedCode != null) {
            return unmatchedCode;
        }
        return switch (ifUnmatched) {
            case BLANK -> null;
            case PASS_THROUGH -> value;
            case FAIL ->
                throw new RejectedValueException("its value is none of the " + codes.size()
                        + " that have a match code: add a code for it, or say what becomes of the others"
                        + " with ifUnmatched");
        };
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
        private IfUnmatched ifUnmatched = IfUnmatched.FAIL;
        private @Nullable String unmatchedCode;
        private IfNull ifNull = IfNull.BLANK;
        private @Nullable String nullCode;

        private Builder() {}

        /**
         * Adds a code.
         *
         * @param value a value of the field
         * @param code the receiver's code for it
         * @return this builder
         */
        public Builder<C> code(C value, String code) {
            requireNonNull(value, "value");
            requireNonNull(code, "code");
            String other = codes.putIfAbsent(value, code);
            if (other != null) {
                problems.add("a value has two match codes, '" + other + "' and '" + code + "'");
            }
            return this;
        }

        /**
         * Adds the codes of a map, which is copied.
         *
         * @param codes the receiver's code for each value of the field
         * @return this builder
         */
        public Builder<C> codes(Map<? extends C, String> codes) {
            codes.forEach(this::code);
            return this;
        }

        /**
         * Adds a code for each constant of an enum.
         *
         * @param type the enum
         * @param code gives the code of a constant
         * @return this builder
         */
        public Builder<C> codes(Class<? extends C> type, Function<? super C, @Nullable String> code) {
            requireNonNull(code, "code");
            C[] constants = type.getEnumConstants();
            if (constants == null) {
                problems.add(type.getName() + " is no enum: add its codes one by one, or from a map");
                return this;
            }
            for (C constant : constants) {
                String text = code.apply(constant);
                if (text == null) {
                    problems.add("the function gives no match code for " + ((Enum<?>) constant).name());
                } else {
                    code(constant, text);
                }
            }
            return this;
        }

        /**
         * Adds each constant of an enum with its name as the code.
         *
         * @param type the enum
         * @return this builder
         */
        public Builder<C> names(Class<? extends C> type) {
            return codes(type, constant -> ((Enum<?>) constant).name());
        }

        /**
         * Sets how a value without a code is handled. Default: {@link IfUnmatched#FAIL}.
         *
         * @param ifUnmatched the choice; replaces a fixed code
         * @return this builder
         */
        public Builder<C> ifUnmatched(IfUnmatched ifUnmatched) {
            this.ifUnmatched = requireNonNull(ifUnmatched, "ifUnmatched");
            this.unmatchedCode = null;
            return this;
        }

        /**
         * Sets a fixed code for all values without one. Default: their records are rejected.
         *
         * @param code the receiver's code for any other value
         * @return this builder
         */
        public Builder<C> ifUnmatched(String code) {
            this.unmatchedCode = requireNonNull(code, "code");
            return this;
        }

        /**
         * Sets how null is handled. Default: {@link IfNull#BLANK}.
         *
         * @param ifNull the choice; replaces a fixed code
         * @return this builder
         */
        public Builder<C> ifNull(IfNull ifNull) {
            this.ifNull = requireNonNull(ifNull, "ifNull");
            this.nullCode = null;
            return this;
        }

        /**
         * Sets a fixed code for null. Default: an empty cell.
         *
         * @param code the receiver's code for a missing value
         * @return this builder
         */
        public Builder<C> ifNull(String code) {
            this.nullCode = requireNonNull(code, "code");
            return this;
        }

        /**
         * Builds the set of codes.
         *
         * @return the codes; later changes of this builder do not affect them
         * @throws io.outfeed.error.InvalidDefinitionException if there is none, a value has two, or a type is no enum
         */
        public MatchCodes<C> build() {
            Problems all = new Problems();
            all.addAll(problems);
            all.addIf(codes.isEmpty() && problems.isEmpty(), "there is no code: add .code(value, \"...\")");
            all.throwIfAny("match codes");
            return new MatchCodes<>(this);
        }
    }
}
