package io.outfeed.internal.layout;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.file.FileName;
import io.outfeed.file.FileSpec;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.format.RecordFormat;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.transform.TransformChain;
import io.outfeed.internal.value.ValueText;
import io.outfeed.layout.Choice;
import io.outfeed.layout.Layout;
import io.outfeed.layout.LayoutChoices;
import io.outfeed.layout.LayoutColumn;
import io.outfeed.layout.NamedChoice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Applies a layout to the parts of a definition, and finds all of its problems, each after its path. Used once. */
public final class LayoutResolver<T> {

    private final Class<T> recordType;
    private final Fields<T> fields;
    private final FileSpec file;
    private final LayoutChoices<T> choices;
    private final ValueText texts;
    private final Layout layout;
    private final Problems problems;

    public LayoutResolver(
            Class<T> recordType,
            Fields<T> fields,
            FileSpec file,
            ValueTexts texts,
            LayoutChoices<T> choices,
            Layout layout,
            Problems problems) {
        this.recordType = recordType;
        this.fields = fields;
        this.file = file;
        this.choices = choices;
        this.texts = new ValueText(texts);
        this.layout = layout;
        this.problems = problems;
    }

    /** Returns the chosen parts; where there is a problem, that of the definition. */
    public LaidOut<T> resolve() {
        return new LaidOut<>(columns(), filter(), file());
    }

    private Fields<T> columns() {
        List<LayoutColumn> columns = layout.columns();
        if (columns.isEmpty()) {
            return fields;
        }
        Fields.Builder<T> chosen = Fields.builder(recordType);
        ColumnResolver<T> resolver = new ColumnResolver<>(fields, choices, texts, problems);
        Set<String> names = new HashSet<>();
        Set<String> headers = new HashSet<>();
        boolean complete = true;
        for (int i = 0; i < columns.size(); i++) {
            String path = "columns[" + i + "]";
            Optional<FieldMapping<T>> mapping = resolver.mapping(path, columns.get(i));
            if (mapping.isEmpty()) {
                complete = false;
                continue;
            }
            String name = mapping.get().name();
            String header = mapping.get().header();
            boolean unique = names.add(name);
            boolean blank = name.isBlank() || header.isBlank();
            problems.addIf(blank, path + " has a blank name or header");
            problems.addIf(
                    !unique, path + ": there is a column '" + name + "' before it: set a name, such as " + name + "_2");
            boolean twice = !headers.add(header);
            problems.addIf(
                    twice && unique,
                    path + ": there is a column with the header '" + header + "' before it: set another");
            complete &= unique && !twice && !blank;
            chosen.mapping(mapping.get());
        }
        checkRequired(columns);
        if (!complete) {
            return fields;
        }
        leaveOut(names, columns, chosen);
        return chosen.build();
    }

    private void checkRequired(List<LayoutColumn> columns) {
        for (FieldMapping<?> field : fields.mappings()) {
            problems.addIf(
                    field.required() && !isChosen(field, columns),
                    "columns: field '" + field.name() + "' is required: add it");
        }
    }

    private static boolean isChosen(FieldMapping<?> field, List<LayoutColumn> columns) {
        return columns.stream()
                .anyMatch(column -> column.field().filter(field.name()::equals).isPresent());
    }

    /** Fields that are not chosen are no columns, and say why in previews. */
    private void leaveOut(Set<String> names, List<LayoutColumn> columns, Fields.Builder<T> chosen) {
        fields.mappings().stream()
                .filter(field -> !isChosen(field, columns) && !names.contains(field.name()))
                .forEach(field -> chosen.skip(field.name(), "the layout has not chosen it"));
        fields.skipped().stream()
                .filter(skipped -> !names.contains(skipped.name()))
                .forEach(skipped -> chosen.skip(skipped.name(), skipped.reason()));
    }

    private Predicate<T> filter() {
        Predicate<T> all = record -> true;
        for (String name : layout.filters().keySet()) {
            Function<? super T, ?> getter = choices.filters().get(name);
            List<String> values = layout.filters().getOrDefault(name, List.of());
            problems.addIf(
                    getter == null,
                    "filter." + name + ": there is no such filter: "
                            + choose(choices.filters().keySet()));
            problems.addIf(
                    values.isEmpty(),
                    "filter." + name + " has no value, so that no record would be exported: remove it");
            if (getter != null) {
                Set<String> wanted = Set.copyOf(values);
                all = all.and(record -> isWanted(getter.apply(record), wanted));
            }
        }
        return all;
    }

    private boolean isWanted(@Nullable Object value, Set<String> wanted) {
        String text = texts.of(value);
        return text != null && wanted.contains(text);
    }

    private FileSpec file() {
        FileSpec.Builder chosen = file.toBuilder();
        layout.format().flatMap(this::format).ifPresent(chosen::format);
        List<FileTransform> transforms = transforms();
        chosen.transforms(transforms.toArray(FileTransform[]::new));
        problems.addIf(
                layout.fileName().isPresent() && !choices.fileName(),
                "fileName: the definition does not let a layout choose it");
        try {
            FileName name = file.name();
            String given = layout.fileName().orElseGet(() -> withEndings(name.toString(), transforms));
            chosen.name(name.pattern(given));
            return chosen.build();
        } catch (InvalidDefinitionException e) {
            e.problems().forEach(problem -> problems.add("fileName: " + problem));
            return file;
        }
    }

    /** Returns the name of the definition's file with the endings of other transforms. */
    private String withEndings(String name, List<FileTransform> transforms) {
        String old = new TransformChain(file.transforms()).endings();
        return name.substring(0, name.length() - old.length()) + new TransformChain(transforms).endings();
    }

    private List<FileTransform> transforms() {
        if (layout.transforms().isEmpty()) {
            return file.transforms();
        }
        List<FileTransform> made = new ArrayList<>();
        for (int i = 0; i < layout.transforms().size(); i++) {
            NamedChoice transform = layout.transforms().get(i);
            make("transforms[" + i + "]", "transform", choices.transforms(), transform)
                    .ifPresent(made::add);
        }
        return made;
    }

    private Optional<RecordFormat> format(NamedChoice format) {
        return make("format", "format", choices.formats(), format);
    }

    private <R> Optional<R> make(String path, String what, Map<String, Choice<R>> known, NamedChoice chosen) {
        Choice<R> choice = known.get(chosen.name());
        if (choice == null) {
            problems.add(path + ": there is no " + what + " '" + chosen.name() + "': " + choose(known.keySet()));
            return Optional.empty();
        }
        return choice.make(chosen, problem -> problems.add(path + "." + chosen.name() + ": " + problem));
    }

    static String choose(Collection<String> names) {
        return names.isEmpty() ? "the definition declares none" : "choose one of " + String.join(", ", names);
    }
}
