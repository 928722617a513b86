package io.outfeed.format;

import io.outfeed.internal.io.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What stands around the values of a record's object: braces, commas and names.
 *
 * @param values the values in the order in which they are written
 * @param end the text behind the last value
 */
record JsonNames(List<Value> values, String end) {

    /**
     * A value of the object.
     *
     * @param before the text before it
     */
    record Value(int column, String before) {}

    private static final Pattern DOT = Pattern.compile("\\.");

    /** An object, or a value if it has a column. */
    private static final class Node {

        private final Map<String, Node> members = new LinkedHashMap<>();
        private int column = -1;

        private boolean isValue() {
            return column >= 0;
        }
    }

    /** Collects the texts while it walks through the objects. */
    private static final class Walk {

        private final List<Value> values = new ArrayList<>();
        private final StringBuilder pending = new StringBuilder();

        private void walk(Node node) {
            pending.append('{');
            boolean isFirst = true;
            for (Map.Entry<String, Node> member : node.members.entrySet()) {
                pending.append(isFirst ? "" : ",")
                        .append(JsonWriter.quoted(member.getKey()))
                        .append(':');
                isFirst = false;
                if (member.getValue().isValue()) {
                    values.add(new Value(member.getValue().column, pending.toString()));
                    pending.setLength(0);
                } else {
                    walk(member.getValue());
                }
            }
            pending.append('}');
        }

        private JsonNames names() {
            return new JsonNames(List.copyOf(values), pending.toString());
        }
    }

    /** Takes each header for a name. */
    static JsonNames flat(FileLayout layout) {
        Node root = new Node();
        List<String> headers = layout.headers();
        for (int i = 0; i < headers.size(); i++) {
            root.members.computeIfAbsent(headers.get(i), name -> new Node()).column = i;
        }
        return names(root);
    }

    /**
     * Takes the parts of each header between dots for the names of objects within objects.
     *
     * @param problems is told of headers that give no such objects, as clauses; their columns are left out
     */
    static JsonNames of(FileLayout layout, Consumer<String> problems) {
        Node root = new Node();
        List<String> headers = layout.headers();
        for (int i = 0; i < headers.size(); i++) {
            String header = headers.get(i);
            String[] parts = DOT.split(header, -1);
            if (List.of(parts).contains("")) {
                problems.accept("the header '" + header + "' has no name before or behind a dot");
                continue;
            }
            Node node = root;
            for (String part : parts) {
                node = node.isValue() ? node : node.members.computeIfAbsent(part, name -> new Node());
            }
            if (node.isValue() || !node.members.isEmpty()) {
                problems.accept("the header '" + header + "' would be a value and an object: choose another");
            } else {
                node.column = i;
            }
        }
        return names(root);
    }

    private static JsonNames names(Node root) {
        Walk walk = new Walk();
        walk.walk(root);
        return walk.names();
    }
}
