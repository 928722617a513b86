package io.outfeed.layout;

import java.util.Map;
import java.util.Optional;

/**
 * The arguments that a layout has set for a {@link Choice}, read and checked.
 *
 * <p>Immutable.
 */
public final class Arguments {

    private final Map<Argument<?>, Object> values;

    /** @param values the value of each argument that is set, read by itself */
    Arguments(Map<Argument<?>, Object> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Returns the value of a required argument.
     *
     * @param argument one that the choice declares
     * @param <V> the type of its value
     * @return the value
     * @throws IllegalArgumentException if it is not set: the choice does not declare it, or as optional
     */
    public <V> V get(Argument<V> argument) {
        return find(argument)
                .orElseThrow(() -> new IllegalArgumentException("argument '" + argument.name()
                        + "' is not set: declare it with the choice, or use find for an optional one"));
    }

    /**
     * Returns the value of an argument.
     *
     * @param argument one that the choice declares
     * @param <V> the type of its value
     * @return the value; empty if it is not set
     */
    @SuppressWarnings("unchecked") // each was read by its argument
    public <V> Optional<V> find(Argument<V> argument) {
        return Optional.ofNullable((V) values.get(argument));
    }

    /** How many are set. Their values may be data. */
    @Override
    public String toString() {
        return values.size() + " arguments";
    }
}
