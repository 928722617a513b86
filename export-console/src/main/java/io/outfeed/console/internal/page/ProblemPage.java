package io.outfeed.console.internal.page;

import java.util.Map;

/**
 * Why a request was not answered.
 *
 * @param title what it is
 * @param text why, and what to do
 */
public record ProblemPage(String title, String text) implements Page {

    @Override
    public String template() {
        return "problem";
    }

    @Override
    public String section() {
        return "";
    }

    @Override
    public Object json() {
        return Map.of("problem", title, "text", text);
    }
}
