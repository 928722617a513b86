package io.outfeed.console.internal.action;

import java.util.List;

/**
 * A field of the form that asks whether to do an operation.
 *
 * @param name the name of the parameter
 * @param label the label
 * @param hint what to write; empty if the label says it
 * @param choices what can be chosen; empty for text
 * @param required whether it must have a value
 */
public record Input(String name, String label, String hint, List<Choice> choices, boolean required) {

    /**
     * What can be chosen.
     *
     * @param value the value of the parameter
     * @param label what the page shows
     */
    public record Choice(String value, String label) {}

    static Input text(String name, String label, String hint) {
        return new Input(name, label, hint, List.of(), true);
    }

    static Input choice(String name, String label, List<Choice> choices) {
        return new Input(name, label, "", choices, true);
    }
}
