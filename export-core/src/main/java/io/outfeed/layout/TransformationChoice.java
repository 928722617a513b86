package io.outfeed.layout;

import static java.util.Objects.requireNonNull;

import io.outfeed.field.Transformation;

/**
 * A transformation that a layout may choose, and the values that it takes.
 *
 * <p>Immutable, and thread-safe if its function is.
 *
 * @param input the type of the values: {@code String} for the text of any value; a value of another type rejects its
 *     record
 * @param choice the name and the arguments
 * @param <V> the type of the values
 */
public record TransformationChoice<V>(Class<V> input, Choice<Transformation<? super V, ?>> choice) {

    /**
     * Checks that nothing is missing.
     *
     * @param input the type of the values
     * @param choice the name and the arguments
     */
    public TransformationChoice {
        requireNonNull(input, "input");
        requireNonNull(choice, "choice");
    }
}
