package io.outfeed.layout;

import io.outfeed.field.IfUnmatched;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a layout as a tree of maps and lists. */
final class LayoutWriter {

    private LayoutWriter() {}

    static Map<String, Object> write(Layout layout) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (!layout.columns().isEmpty()) {
            tree.put(
                    LayoutReader.COLUMNS,
                    layout.columns().stream().map(LayoutWriter::column).toList());
        }
        if (!layout.filters().isEmpty()) {
            tree.put(LayoutReader.FILTER, new LinkedHashMap<>(layout.filters()));
        }
        layout.format().ifPresent(format -> tree.put(LayoutReader.FORMAT, choice(format)));
        layout.fileName().ifPresent(name -> tree.put(LayoutReader.FILE_NAME, name));
        if (!layout.transforms().isEmpty()) {
            tree.put(
                    LayoutReader.TRANSFORMS,
                    layout.transforms().stream().map(LayoutWriter::choice).toList());
        }
        return tree;
    }

    private static Object column(LayoutColumn column) {
        Map<String, Object> tree = new LinkedHashMap<>();
        column.field().ifPresent(field -> tree.put(LayoutReader.FIELD, field));
        column.constant().ifPresent(text -> tree.put(LayoutReader.CONSTANT, text));
        if (column.field().isEmpty() && column.constant().isEmpty()) {
            tree.put(LayoutReader.BLANK, true);
        }
        column.name().ifPresent(name -> tree.put(LayoutReader.NAME, name));
        column.header().ifPresent(header -> tree.put(LayoutReader.HEADER, header));
        List<Object> transformations =
                column.transformations().stream().map(LayoutWriter::choice).collect(Collectors.toList());
        if (!transformations.isEmpty()) {
            tree.put(LayoutReader.TRANSFORM, transformations);
        }
        column.codes().ifPresent(codes -> write(codes, tree));
        return tree;
    }

    private static void write(LayoutCodes codes, Map<String, Object> tree) {
        tree.put(
                LayoutReader.CODES,
                codes.table().<Object>map(name -> name).orElseGet(() -> new LinkedHashMap<>(codes.codes())));
        if (codes.unmatchedCode().isPresent()) {
            tree.put(LayoutReader.UNMATCHED_CODE, codes.unmatchedCode().get());
        } else if (codes.ifUnmatched() != IfUnmatched.FAIL) {
            tree.put(LayoutReader.IF_UNMATCHED, Argument.wordOf(codes.ifUnmatched()));
        }
        codes.nullCode().ifPresent(code -> tree.put(LayoutReader.NULL_CODE, code));
    }

    private static Object choice(NamedChoice choice) {
        return choice.arguments().isEmpty()
                ? choice.name()
                : Map.of(choice.name(), new LinkedHashMap<>(choice.arguments()));
    }
}
