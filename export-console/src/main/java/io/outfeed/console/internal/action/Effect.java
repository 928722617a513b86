package io.outfeed.console.internal.action;

/**
 * One thing that an operation will do, for the page that asks whether to do it.
 *
 * @param what what it is about, such as {@code Sends}
 * @param text what happens
 */
public record Effect(String what, String text) {

    static Effect sends(String text) {
        return new Effect("Sends", text);
    }

    static Effect position(String text) {
        return new Effect("Position", text);
    }

    static Effect history(String text) {
        return new Effect("History", text);
    }

    static Effect then(String text) {
        return new Effect("Then", text);
    }
}
