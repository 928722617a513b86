package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Turns one value into another.
 *
 * <p>Called by many threads at once: keep no state in it. It gets null for an empty value and may give null for an
 * empty cell; each of {@link Transformations} documents its null rule.
 *
 * @param <A> what goes in
 * @param <B> what comes out
 */
@FunctionalInterface
public interface Transformation<A, B> {

    /**
     * Transforms a value.
     *
     * @param value the value, or null for an empty one
     * @return the result, or null for an empty cell
     */
    @Nullable
    B apply(@Nullable A value);

    /**
     * Chains another transformation behind this one.
     *
     * @param next takes what this one gives
     * @param <C> what comes out in the end
     * @return both, one after the other
     */
    default <C> Transformation<A, C> andThen(Transformation<? super B, C> next) {
        requireNonNull(next, "next");
        return value -> next.apply(apply(value));
    }
}
