package io.outfeed.internal.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Splits a pattern into fixed text and the variables that stand in braces. */
public final class Braces {

    /**
     * A part of a pattern.
     *
     * @param text the fixed text, or what stands between the braces
     */
    public record Part(String text, boolean isVariable) {

        /** Returns the name of a variable: what stands before its first colon. */
        public String variable() {
            int colon = text.indexOf(':');
            return colon < 0 ? text : text.substring(0, colon);
        }

        /** Returns whether a colon follows the name of a variable. */
        public boolean hasFormat() {
            return text.indexOf(':') >= 0;
        }

        /** Returns the format of a variable: what stands behind its first colon; empty if there is none. */
        public String format() {
            return hasFormat() ? text.substring(text.indexOf(':') + 1) : "";
        }
    }

    private Braces() {}

    /**
     * Splits a pattern.
     *
     * @param problems is told of a brace that is not closed
     */
    public static List<Part> split(String pattern, Consumer<String> problems) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            int open = pattern.indexOf('{', at);
            int end = open < 0 ? pattern.length() : open;
            if (end > at) {
                parts.add(new Part(pattern.substring(at, end), false));
            }
            if (open < 0) {
                break;
            }
            int close = pattern.indexOf('}', open);
            if (close < 0) {
                problems.accept("'" + pattern.substring(open) + "' has no closing brace");
                break;
            }
            parts.add(new Part(pattern.substring(open + 1, close), true));
            at = close + 1;
        }
        return parts;
    }
}
