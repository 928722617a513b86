package io.outfeed.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trees of maps and lists, as readers of JSON, YAML or properties make them. */
final class Trees {

    private Trees() {}

    /** Returns a list; readers of properties make a map with the keys 0, 1, 2, … of it. */
    static Optional<List<?>> list(Object value) {
        if (value instanceof List<?> list) {
            return Optional.of(list);
        }
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < map.size(); i++) {
                Object element = map.get(Integer.toString(i));
                if (element == null) {
                    return Optional.empty();
                }
                list.add(element);
            }
            return Optional.of(list);
        }
        return Optional.empty();
    }

    /** Returns the advice for a value that was a text before YAML or JSON made something else of it. */
    static String quoteHint(Object value) {
        return value instanceof String || value instanceof Map || value instanceof List
                ? ""
                : ", and is " + kind(value) + ": put it in quotes";
    }

    /** Returns what a value is, for people. */
    static String kind(Object value) {
        if (value instanceof Number) {
            return "a number";
        }
        return value instanceof Boolean
                ? "true or false"
                : "of type " + value.getClass().getSimpleName();
    }
}
