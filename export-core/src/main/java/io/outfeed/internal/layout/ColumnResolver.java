package io.outfeed.internal.layout;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.Fields;
import io.outfeed.field.MatchCodes;
import io.outfeed.field.RejectedValueException;
import io.outfeed.field.Transformation;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.layout.ChosenMapping.ValueStep;
import io.outfeed.internal.value.ValueText;
import io.outfeed.layout.LayoutChoices;
import io.outfeed.layout.LayoutCodes;
import io.outfeed.layout.LayoutColumn;
import io.outfeed.layout.NamedChoice;
import io.outfeed.layout.TransformationChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the mappings of the columns that a layout has chosen. */
final class ColumnResolver<T> {

    private final Map<String, FieldMapping<? super T>> fields = new LinkedHashMap<>();
    private final LayoutChoices<T> choices;
    private final ValueText texts;
    private final Problems problems;

    ColumnResolver(Fields<T> fields, LayoutChoices<T> choices, ValueText texts, Problems problems) {
        fields.mappings().forEach(field -> this.fields.put(field.name(), field));
        choices.fields().forEach(field -> this.fields.put(field.name(), field));
        this.choices = choices;
        this.texts = texts;
        this.problems = problems;
    }

    /** Returns the mapping of a column; empty if its field is none. */
    Optional<FieldMapping<T>> mapping(String path, LayoutColumn column) {
        if (column.field().isEmpty()) {
            return Optional.of(fixed(column));
        }
        String name = column.field().get();
        FieldMapping<? super T> field = fields.get(name);
        if (field == null) {
            problems.add(path + ".field: there is no field '" + name + "': " + LayoutResolver.choose(fields.keySet()));
            return Optional.empty();
        }
        List<ValueStep> steps = new ArrayList<>();
        List<NamedChoice> transformations = column.transformations();
        for (int i = 0; i < transformations.size(); i++) {
            transformation(path + ".transform[" + i + "]", transformations.get(i))
                    .ifPresent(steps::add);
        }
        Optional<MatchCodes<?>> codes = column.codes().flatMap(chosen -> codes(path + ".codes", chosen));
        codes.map(table -> column.codes().flatMap(LayoutCodes::table).isPresent() ? lookup(table) : lookupText(table))
                .ifPresent(steps::add);
        return Optional.of(new ChosenMapping<>(
                field,
                column.title(),
                column.header().orElse(field.header()),
                column.codes().isPresent() ? FieldKind.MATCH_CODES : FieldKind.TRANSFORMATION,
                List.copyOf(steps),
                codes.map(MatchCodes::possibleCodes).orElse(List.of())));
    }

    /** A column that is the same for each record. */
    private FieldMapping<T> fixed(LayoutColumn column) {
        return new FixedMapping<>(
                column.title(),
                column.header().orElse(column.title()),
                column.constant().orElse(null));
    }

    private record FixedMapping<T>(
            String name, String header, @Nullable String text) implements FieldMapping<T> {

        @Override
        public FieldKind kind() {
            return text == null ? FieldKind.BLANK : FieldKind.CONSTANT;
        }

        @Override
        public @Nullable Object valueOf(T record) {
            return text;
        }

        @Override
        public String toString() {
            return name + " (" + kind() + ")";
        }
    }

    private Optional<ValueStep> transformation(String path, NamedChoice chosen) {
        TransformationChoice<?> choice = choices.transformations().get(chosen.name());
        if (choice == null) {
            problems.add(path + ": there is no transformation '" + chosen.name() + "': "
                    + LayoutResolver.choose(choices.transformations().keySet()));
            return Optional.empty();
        }
        return step(path, choice, chosen);
    }

    private <V> Optional<ValueStep> step(String path, TransformationChoice<V> choice, NamedChoice chosen) {
        return choice.choice()
                .make(chosen, problem -> problems.add(path + "." + chosen.name() + ": " + problem))
                .map(transformation -> value -> transformation.apply(input(choice, value)));
    }

    /** Returns a value as a transformation takes it. */
    private <V> @Nullable V input(TransformationChoice<V> choice, @Nullable Object value) {
        Object held = ValueText.unwrapped(value);
        Class<V> type = choice.input();
        Object given = type == String.class ? texts.of(held) : held;
        if (given != null && !type.isInstance(given)) {
            throw new RejectedValueException(
                    "its value is a " + given.getClass().getSimpleName()
                            + ", and transformation '" + choice.choice().name() + "' takes a " + type.getSimpleName()
                            + ": choose another transformation, or another field");
        }
        return type.cast(given);
    }

    private Optional<MatchCodes<?>> codes(String path, LayoutCodes codes) {
        if (codes.table().isPresent()) {
            String name = codes.table().get();
            MatchCodes<?> table = choices.codes().get(name);
            problems.addIf(
                    table == null,
                    path + ": there is no table of codes '" + name + "': "
                            + LayoutResolver.choose(choices.codes().keySet()));
            return Optional.ofNullable(table);
        }
        MatchCodes.Builder<String> own =
                MatchCodes.<String>builder().codes(codes.codes()).ifUnmatched(codes.ifUnmatched());
        codes.unmatchedCode().ifPresent(own::ifUnmatched);
        codes.nullCode().ifPresent(own::ifNull);
        try {
            return Optional.of(own.build());
        } catch (InvalidDefinitionException e) {
            e.problems().forEach(problem -> problems.add(path + ": " + problem));
            return Optional.empty();
        }
    }

    /** The codes of a layout are for the texts of values. */
    private ValueStep lookupText(MatchCodes<?> codes) {
        ValueStep lookup = lookup(codes);
        return value -> lookup.apply(texts.of(value));
    }

    /** A value of any type may be looked up: one of another type has no code. */
    @SuppressWarnings("unchecked")
    private static ValueStep lookup(MatchCodes<?> table) {
        Transformation<Object, ?> any = (Transformation<Object, ?>) (Transformation<?, ?>) table;
        return value -> any.apply(ValueText.unwrapped(value));
    }
}
