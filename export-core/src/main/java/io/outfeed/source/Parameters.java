package io.outfeed.source;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parameters of a job for the sources of its definitions, such as {@code tenant=lakeside}.
 *
 * <p>Immutable and thread-safe; ordered by name. Values may be personal: {@link #toString()} has the names only.
 */
public final class Parameters {

    private static final Parameters NONE = new Parameters(Map.of());

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /**
     * Makes parameters from a map, which is copied.
     *
     * @param values value by name
     * @return the parameters
     */
    public static Parameters of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new Parameters(values);
    }

    /**
     * Returns the value of a parameter that the source requires.
     *
     * @param name the parameter's name
     * @return its value
     * @throws IllegalArgumentException if the job does not have it; the message lists the names that it has
     */
    public String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("parameter '" + name + "' is missing; the job has " + values.keySet()
                    + ": add .parameter(\"" + name + "\", ...) to it");
        }
        return value;
    }

    /**
     * Returns all parameters.
     *
     * @return value by name, unmodifiable, ordered by name
     */
    public Map<String, String> asMap() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Parameters that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The names, without the values. */
    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
