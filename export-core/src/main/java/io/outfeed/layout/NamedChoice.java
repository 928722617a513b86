package io.outfeed.layout;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a layout has chosen by its name, with arguments: a transformation, or a format.
 *
 * <p>Immutable if the arguments are.
 *
 * @param name the name, as {@link LayoutChoices} declares it
 * @param arguments a text, number, boolean or list of texts by the name of the argument
 */
public record NamedChoice(String name, Map<String, Object> arguments) {

    /**
     * Copies the arguments.
     *
     * @param name the name, as {@link LayoutChoices} declares it
     * @param arguments a text, number, boolean or list of texts by the name of the argument
     */
    public NamedChoice {
        requireNonNull(name, "name");
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    /** The name. The arguments may be data. */
    @Override
    public String toString() {
        return name;
    }
}
