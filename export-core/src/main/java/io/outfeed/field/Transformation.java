package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Turns one value into another.
 *
 * <p>Called by many threads at once: it must be stateless. It gets null for an empty value and may return null for an
 * empty cell; each of {@link Transformations} documents how it handles null.
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
     * Chains another transformation after this one.
     *
     * @param next transforms the result of this one
     * @param <C> what comes out in the end
     * @return both, one after the other
     */
    default <C> Transformation<A, C> andThen(Transformation<? super B, C> next) {
        requireNonNull(next, "next");
        return value -> next.apply(apply(value));
    }
}
