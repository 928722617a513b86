package io.outfeed.layout;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Something that a layout may choose by its name, and what it is made of: a transformation, or a format.
 *
 * <p>Immutable, and thread-safe if its function is.
 *
 * @param <R> what it makes
 */
public final class Choice<R> {

    private final String name;
    private final List<Argument<?>> arguments;
    private final Function<? super Arguments, ? extends R> maker;

    private Choice(String name, List<Argument<?>> arguments, Function<? super Arguments, ? extends R> maker) {
        this.name = requireNonNull(name, "name");
        this.arguments = arguments;
        this.maker = requireNonNull(maker, "maker");
    }

    /**
     * Declares something that a layout may choose.
     *
     * @param name its name
     * @param maker makes it of arguments; an {@link IllegalArgumentException} or {@link InvalidDefinitionException} is
     *     a problem of the layout, with its message
     * @param arguments the arguments that it takes; none by default
     * @param <R> what it makes
     * @return the choice
     */
    public static <R> Choice<R> of(
            String name, Function<? super Arguments, ? extends R> maker, Argument<?>... arguments) {
        return new Choice<>(name, List.of(arguments), maker);
    }

    /**
     * Returns the name.
     *
     * @return the name, by which layouts choose it
     */
    public String name() {
        return name;
    }

    /**
     * Returns the arguments that it takes.
     *
     * @return the arguments, in order
     */
    public List<Argument<?>> arguments() {
        return arguments;
    }

    /**
     * Makes what a layout has chosen.
     *
     * @param chosen the choice of a layout, by this name
     * @param problems gets each problem, after the name of the argument
     * @return what is chosen; empty if there are problems
     */
    public Optional<R> make(NamedChoice chosen, Consumer<String> problems) {
        Map<Argument<?>, Object> values = new HashMap<>();
        boolean wrong = !areKnown(chosen, problems);
        for (Argument<?> argument : arguments) {
            Object value = chosen.arguments().get(argument.name());
            if (value == null) {
                if (argument.required()) {
                    problems.accept("'" + argument.name() + "' is missing: it must be " + argument.type());
                    wrong = true;
                }
                continue;
            }
            try {
                values.put(argument, argument.read(value));
            } catch (IllegalArgumentException e) { // what it has is a value of the layout
                problems.accept(argument.problem(value));
                wrong = true;
            }
        }
        return wrong ? Optional.empty() : make(new Arguments(values), problems);
    }

    private boolean areKnown(NamedChoice chosen, Consumer<String> problems) {
        List<String> known = arguments.stream().map(Argument::name).toList();
        List<String> unknown = chosen.arguments().keySet().stream()
                .filter(each -> !known.contains(each))
                .toList();
        unknown.forEach(each -> problems.accept("'" + each + "' is no argument of it: "
                + (known.isEmpty() ? "it takes none" : "it takes " + String.join(", ", known))));
        return unknown.isEmpty();
    }

    private Optional<R> make(Arguments values, Consumer<String> problems) {
        try {
            return Optional.of(maker.apply(values));
        } catch (InvalidDefinitionException e) {
            e.problems().forEach(problems);
        } catch (IllegalArgumentException e) {
            problems.accept("its arguments make nothing: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** The name and the arguments. */
    @Override
    public String toString() {
        return name + arguments.stream().map(Argument::name).collect(Collectors.joining(", ", "(", ")"));
    }
}
