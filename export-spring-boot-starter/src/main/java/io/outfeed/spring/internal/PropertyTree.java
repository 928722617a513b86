package io.outfeed.spring.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * The properties of an application as trees with the keys as they were written.
 *
 * <p>Spring's binder makes maps of properties too, but drops blanks and other characters of keys in silence, and splits
 * those with a dot. The codes of a layout are such keys. Thread-safe as its environment is.
 */
final class PropertyTree {

    /** An element of a name: {@code [anything]}, or all up to the next dot or bracket. */
    private static final Pattern ELEMENT = Pattern.compile("\\[([^\\]]*)\\]|([^.\\[]+)");

    /** What the binder keeps of a key that is not in brackets. */
    private static final Pattern KEPT = Pattern.compile("[\\p{Alnum}_-]+");

    private final ConfigurableEnvironment environment;

    PropertyTree(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /**
     * Reads what lies below a path, from the first source of properties that has any of it: a tree is never made of two
     * files.
     *
     * @return maps with texts, numbers and booleans; a list is a map with the keys 0, 1, 2, …
     */
    Map<String, Object> read(String... path) {
        for (EnumerablePropertySource<?> source : sources()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            for (String name : source.getPropertyNames()) {
                List<String> keys = keys(name);
                if (keys.size() > path.length && keys.subList(0, path.length).equals(List.of(path))) {
                    put(tree, keys.subList(path.length, keys.size()), value(source.getProperty(name)));
                }
            }
            if (!tree.isEmpty()) {
                return tree;
            }
        }
        return Map.of();
    }

    /** Returns the names below a path whose keys the binder would change in silence. */
    List<String> changedByBinder(List<String> path) {
        List<String> changed = new ArrayList<>();
        for (EnumerablePropertySource<?> source : sources()) {
            for (String name : source.getPropertyNames()) {
                List<String> written = written(name);
                boolean inside = written.size() > path.size()
                        && keys(name).subList(0, path.size()).equals(path);
                if (inside && !kept(written.get(path.size()))) {
                    changed.add(name);
                }
            }
        }
        return changed;
    }

    private static boolean kept(String written) {
        return written.startsWith("[") || KEPT.matcher(written).matches();
    }

    private List<EnumerablePropertySource<?>> sources() {
        List<EnumerablePropertySource<?>> sources = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                sources.add(enumerable);
            }
        }
        return sources;
    }

    private static List<String> written(String name) {
        List<String> elements = new ArrayList<>();
        Matcher element = ELEMENT.matcher(name);
        while (element.find()) {
            elements.add(element.group());
        }
        return elements;
    }

    private static List<String> keys(String name) {
        return written(name).stream()
                .map(element -> element.startsWith("[") ? element.substring(1, element.length() - 1) : element)
                .toList();
    }

    private @Nullable Object value(@Nullable Object value) {
        return value instanceof CharSequence text ? environment.resolvePlaceholders(text.toString()) : value;
    }

    @SuppressWarnings("unchecked") // only this method puts maps there
    private static void put(Map<String, Object> tree, List<String> keys, @Nullable Object value) {
        Map<String, Object> node = tree;
        for (String key : keys.subList(0, keys.size() - 1)) {
            Object next = node.computeIfAbsent(key, name -> new LinkedHashMap<String, Object>());
            if (!(next instanceof Map)) {
                return;
            }
            node = (Map<String, Object>) next;
        }
        if (value != null) {
            node.putIfAbsent(keys.get(keys.size() - 1), value);
        }
    }
}
