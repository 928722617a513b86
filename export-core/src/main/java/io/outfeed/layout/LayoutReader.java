package io.outfeed.layout;

import io.outfeed.field.IfUnmatched;
import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a layout from a tree of maps and lists, and reports each problem with its path. Used for one layout. */
final class LayoutReader {

    static final String COLUMNS = "columns";
    static final String FILTER = "filter";
    static final String FORMAT = "format";
    static final String FILE_NAME = "fileName";
    static final String TRANSFORMS = "transforms";
    static final String FIELD = "field";
    static final String CONSTANT = "constant";
    static final String BLANK = "blank";
    static final String NAME = "name";
    static final String HEADER = "header";
    static final String TRANSFORM = "transform";
    static final String CODES = "codes";
    static final String IF_UNMATCHED = "ifUnmatched";
    static final String UNMATCHED_CODE = "unmatchedCode";
    static final String NULL_CODE = "nullCode";

    private static final List<String> KEYS = List.of(COLUMNS, FILTER, FORMAT, FILE_NAME, TRANSFORMS);
    private static final List<String> COLUMN_KEYS =
            List.of(FIELD, CONSTANT, BLANK, NAME, HEADER, TRANSFORM, CODES, IF_UNMATCHED, UNMATCHED_CODE, NULL_CODE);

    private final Problems problems = new Problems();

    private LayoutReader() {}

    static Layout read(Map<String, ?> tree) {
        LayoutReader reader = new LayoutReader();
        Layout layout = reader.layout(tree);
        reader.problems.throwIfAny("layout");
        return layout;
    }

    private Layout layout(Map<String, ?> tree) {
        Layout.Builder layout = Layout.builder();
        Map<String, Object> parts = map("", tree, KEYS);
        Object columns = parts.get(COLUMNS);
        if (columns != null) {
            List<Object> list = list(COLUMNS, columns, "a list of columns");
            for (int i = 0; i < list.size(); i++) {
                column(COLUMNS + "[" + i + "]", list.get(i)).ifPresent(layout::column);
            }
        }
        Object filter = parts.get(FILTER);
        if (filter != null) {
            map(FILTER, filter, List.of())
                    .forEach((name, values) -> layout.filter(name, texts(FILTER + "." + name, values)));
        }
        Object format = parts.get(FORMAT);
        if (format != null) {
            choice(FORMAT, format).ifPresent(chosen -> layout.format(chosen.name(), chosen.arguments()));
        }
        text(parts, "", FILE_NAME).ifPresent(layout::fileName);
        choices(TRANSFORMS, parts.get(TRANSFORMS))
                .forEach(chosen -> layout.transform(chosen.name(), chosen.arguments()));
        return layout.build();
    }

    private Optional<LayoutColumn> column(String path, Object tree) {
        if (tree instanceof String field) {
            return Optional.of(LayoutColumn.of(field));
        }
        Map<String, Object> parts = map(path, tree, COLUMN_KEYS);
        List<String> kinds =
                Stream.of(FIELD, CONSTANT, BLANK).filter(parts::containsKey).toList();
        if (kinds.size() != 1) {
            problems.addIf(
                    tree instanceof Map,
                    path + " must have one of " + String.join(", ", FIELD, CONSTANT, BLANK)
                            + (kinds.isEmpty() ? "" : ", and has " + String.join(", ", kinds)));
            return Optional.empty();
        }
        problems.addIf(
                parts.containsKey(BLANK) && !Boolean.TRUE.equals(parts.get(BLANK)) && !"true".equals(parts.get(BLANK)),
                path + "." + BLANK + " must be true, or be left out");
        boolean mapped = parts.containsKey(FIELD);
        for (String key : List.of(TRANSFORM, CODES)) {
            problems.addIf(
                    !mapped && parts.containsKey(key),
                    path + "." + key + " is for a column with a " + FIELD + ": remove it");
        }
        return Optional.of(new LayoutColumn(
                text(parts, path, FIELD),
                text(parts, path, CONSTANT),
                text(parts, path, NAME),
                text(parts, path, HEADER),
                choices(path + "." + TRANSFORM, parts.get(TRANSFORM)),
                codes(path, parts)));
    }

    /** One choice, or a list of them. */
    private List<NamedChoice> choices(String path, @Nullable Object tree) {
        if (tree == null) {
            return List.of();
        }
        Optional<List<?>> list = Trees.list(tree);
        if (list.isEmpty()) {
            return choice(path, tree).stream().toList();
        }
        List<NamedChoice> chosen = new ArrayList<>();
        for (int i = 0; i < list.get().size(); i++) {
            choice(path + "[" + i + "]", list.get().get(i)).ifPresent(chosen::add);
        }
        return chosen;
    }

    private Optional<LayoutCodes> codes(String path, Map<String, Object> parts) {
        Object tree = parts.get(CODES);
        Optional<String> unmatched = text(parts, path, UNMATCHED_CODE);
        Optional<String> ofNull = text(parts, path, NULL_CODE);
        Optional<IfUnmatched> ifUnmatched = ifUnmatched(path, parts.get(IF_UNMATCHED));
        List<String> rules = Stream.of(IF_UNMATCHED, UNMATCHED_CODE, NULL_CODE)
                .filter(parts::containsKey)
                .toList();
        if (!(tree instanceof Map)) {
            rules.forEach(rule -> problems.add(path + "." + rule + " is for " + CODES
                    + " of the layout's own: remove it" + (tree == null ? "" : ", a table has its own rule")));
            return text(parts, path, CODES).map(LayoutCodes::table);
        }
        problems.addIf(
                rules.contains(IF_UNMATCHED) && rules.contains(UNMATCHED_CODE),
                path + " has " + IF_UNMATCHED + " and " + UNMATCHED_CODE + ": remove one of them");
        Map<String, String> codes = new LinkedHashMap<>();
        map(path + "." + CODES, tree, List.of())
                .forEach((value, code) -> text(path + "." + CODES, ": the code of a value", code)
                        .ifPresent(text -> codes.put(value, text)));
        problems.addIf(codes.isEmpty(), path + "." + CODES + " has no code");
        return Optional.of(
                new LayoutCodes(Optional.empty(), codes, ifUnmatched.orElse(IfUnmatched.FAIL), unmatched, ofNull));
    }

    private Optional<IfUnmatched> ifUnmatched(String path, @Nullable Object tree) {
        if (tree == null) {
            return Optional.empty();
        }
        Argument<IfUnmatched> word = Argument.word(IF_UNMATCHED, IfUnmatched.class);
        try {
            return Optional.of(word.read(tree));
        } catch (IllegalArgumentException e) {
            problems.add(path + "." + IF_UNMATCHED + " must be " + word.type());
            return Optional.empty();
        }
    }

    /** A name alone, or a map from the name to its arguments. */
    private Optional<NamedChoice> choice(String path, Object tree) {
        if (tree instanceof String name) {
            return Optional.of(new NamedChoice(name, Map.of()));
        }
        Map<String, Object> parts = map(path, tree, List.of());
        if (parts.size() != 1) {
            problems.addIf(
                    tree instanceof Map,
                    path + " must be a name, or have one key, the name, with its arguments; it has " + parts.size()
                            + " keys");
            return Optional.empty();
        }
        Map.Entry<String, Object> only = parts.entrySet().iterator().next();
        return Optional.of(new NamedChoice(only.getKey(), map(path + "." + only.getKey(), only.getValue(), List.of())));
    }

    private List<String> texts(String path, Object tree) {
        List<String> texts = new ArrayList<>();
        List<Object> list = list(path, tree, "a list of texts");
        for (int i = 0; i < list.size(); i++) {
            text(path, "[" + i + "]", list.get(i)).ifPresent(texts::add);
        }
        return texts;
    }

    private List<Object> list(String path, Object tree, String what) {
        Optional<List<?>> list = Trees.list(tree);
        problems.addIf(list.isEmpty(), path + " must be " + what);
        List<Object> elements = new ArrayList<>();
        for (Object element : list.orElse(List.of())) {
            problems.addIf(element == null, path + " has an empty element: remove it");
            if (element != null) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** @param known the keys that it may have; none if it may have any */
    private Map<String, Object> map(String path, Object tree, List<String> known) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (!(tree instanceof Map<?, ?> entries)) {
            problems.add(path + " must be a map with keys and values");
            return map;
        }
        String at = path.isEmpty() ? "" : path + ".";
        entries.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                problems.add(path + " has a key that is " + (key == null ? "empty" : Trees.kind(key))
                        + ", which YAML makes of a text such as 010 or no: put keys in quotes");
            } else if (!known.isEmpty() && !known.contains(name)) {
                problems.add(at + name + " is not known: use " + String.join(", ", known));
            } else if (value == null) {
                problems.add(at + name + " is empty: give it a value, or leave it out");
            } else {
                map.put(name, value);
            }
        });
        return map;
    }

    private Optional<String> text(Map<String, Object> parts, String path, String key) {
        return Optional.ofNullable(parts.get(key))
                .flatMap(value -> text(path, (path.isEmpty() ? "" : ".") + key, value));
    }

    private Optional<String> text(String path, String key, Object value) {
        if (value instanceof String text) {
            return Optional.of(text);
        }
        problems.add(path + key + " must be a text" + Trees.quoteHint(value));
        return Optional.empty();
    }
}
