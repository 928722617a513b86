package io.outfeed.layout;

import io.outfeed.field.NumberStyle;
import io.outfeed.field.Transformation;
import io.outfeed.field.Transformations;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The transformations of {@link Transformations} that are safe in the hands of customers, by their names there. */
final class StandardTransformations {

    private static final Argument<Integer> LENGTH = Argument.integer("length", 1, 10_000);
    private static final Argument<Character> FILL = Argument.character("fill");
    private static final Argument<Integer> LAST = Argument.integer("last", 0, 10_000);
    private static final Argument<String> REPLACEMENT = Argument.text("replacement");
    private static final Argument<String> SEPARATOR = Argument.text("separator");
    private static final Argument<Integer> PART = Argument.integer("part", 1, 1_000);
    private static final Argument<Locale> LANGUAGE =
            Argument.language("language").optional();
    private static final Argument<Integer> SCALE = Argument.integer("scale", 0, 100);
    private static final Argument<RoundingMode> ROUNDING =
            Argument.word("rounding", RoundingMode.class).optional();
    private static final Argument<Character> DECIMAL_SEPARATOR =
            Argument.character("decimalSeparator").optional();
    private static final Argument<Character> GROUPING_SEPARATOR =
            Argument.character("groupingSeparator").optional();
    private static final Argument<String> IF_TRUE = Argument.text("ifTrue");
    private static final Argument<String> IF_FALSE = Argument.text("ifFalse");

    private StandardTransformations() {}

    static List<TransformationChoice<?>> all() {
        return List.of(
                text("strip", with -> Transformations.strip()),
                text("collapseWhiteSpace", with -> Transformations.collapseWhiteSpace()),
                text("stripControls", with -> Transformations.stripControls()),
                text("nullIfBlank", with -> Transformations.nullIfBlank()),
                text("defaultIfBlank", with -> Transformations.defaultIfBlank(with.get(REPLACEMENT)), REPLACEMENT),
                text(
                        "upperCase",
                        with -> Transformations.upperCase(with.find(LANGUAGE).orElse(Locale.ROOT)),
                        LANGUAGE),
                text(
                        "lowerCase",
                        with -> Transformations.lowerCase(with.find(LANGUAGE).orElse(Locale.ROOT)),
                        LANGUAGE),
                text("capitalize", with -> Transformations.capitalize()),
                text("padLeft", with -> Transformations.padLeft(with.get(LENGTH), with.get(FILL)), LENGTH, FILL),
                text("padRight", with -> Transformations.padRight(with.get(LENGTH), with.get(FILL)), LENGTH, FILL),
                text("maxLength", with -> Transformations.maxLength(with.get(LENGTH)), LENGTH),
                text("maskAllButLast", with -> Transformations.maskAllButLast(with.get(LAST)), LAST),
                text("split", with -> Transformations.split(with.get(SEPARATOR), with.get(PART)), SEPARATOR, PART),
                new TransformationChoice<>(
                        Number.class,
                        Choice.of(
                                "number",
                                with -> Transformations.number(style(with)),
                                SCALE,
                                ROUNDING,
                                DECIMAL_SEPARATOR,
                                GROUPING_SEPARATOR)),
                new TransformationChoice<>(
                        Boolean.class,
                        Choice.of(
                                "words",
                                with -> Transformations.words(with.get(IF_TRUE), with.get(IF_FALSE)),
                                IF_TRUE,
                                IF_FALSE)),
                new TransformationChoice<>(Object.class, DateText.CHOICE));
    }

    private static TransformationChoice<String> text(
            String name, Function<Arguments, Transformation<String, ?>> maker, Argument<?>... arguments) {
        return new TransformationChoice<>(String.class, Choice.of(name, maker, arguments));
    }

    private static NumberStyle style(Arguments with) {
        NumberStyle style =
                NumberStyle.scale(with.get(SCALE), with.find(ROUNDING).orElse(RoundingMode.UNNECESSARY));
        NumberStyle separated =
                with.find(DECIMAL_SEPARATOR).map(style::decimalSeparator).orElse(style);
        return with.find(GROUPING_SEPARATOR).map(separated::groupingSeparator).orElse(separated);
    }
}
