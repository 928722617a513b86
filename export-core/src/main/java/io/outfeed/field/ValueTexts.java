package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.check.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a definition become text, by their type, where it differs from the default.
 *
 * <p>The default: {@code java.time} as ISO-8601, numbers as plain decimals with a point, enums by name,
 * {@code Optional} as its value, null as an empty cell; other types by their own {@code toString}. Arrays, collections,
 * maps, types without a {@code toString}, and {@code java.util.Date}, whose text depends on the machine's zone, are
 * rejected.
 *
 * <p>The texts apply to the final value of a column, after its transformation or match code: a text for dates does not
 * affect a column whose transformation returns text. Immutable, and thread-safe if the functions are.
 */
public final class ValueTexts {

    private static final ValueTexts DEFAULTS = new ValueTexts(Map.of());

    private final Map<Class<?>, Function<Object, @Nullable String>> byType;
    private final Map<Class<?>, Optional<Function<Object, @Nullable String>>> found = new ConcurrentHashMap<>();

    private ValueTexts(Map<Class<?>, Function<Object, @Nullable String>> byType) {
        this.byType = byType;
    }

    /**
     * Returns the default texts.
     *
     * @return the default for all types
     */
    public static ValueTexts defaults() {
        return DEFAULTS;
    }

    /**
     * Starts texts that differ from the default.
     *
     * @return a builder, with the default for all types
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the function for a type: that of the type itself, else of its nearest superclass, else of an interface in
     * the order in which they were added, else of {@code Object}.
     *
     * @param type the type of a value
     * @return the function; empty if the type has the default
     */
    public Optional<Function<Object, @Nullable String>> textOf(Class<?> type) {
        return byType.isEmpty() ? Optional.empty() : found.computeIfAbsent(type, this::find);
    }

    private Optional<Function<Object, @Nullable String>> find(Class<?> type) {
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            Function<Object, @Nullable String> text = byType.get(each);
            if (text != null) {
                return Optional.of(text);
            }
        }
        return byType.entrySet().stream()
                .filter(entry -> entry.getKey().isInterface() && entry.getKey().isAssignableFrom(type))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(() -> Optional.ofNullable(byType.get(Object.class)));
    }

    /** The types, without their texts. */
    @Override
    public String toString() {
        return byType.keySet().stream().map(Class::getName).toList().toString();
    }

    /** Collects texts. Not thread-safe. */
    public static final class Builder {

        private final Map<Class<?>, Function<Object, @Nullable String>> byType = new LinkedHashMap<>();
        private final Problems problems = new Problems();

        private Builder() {}

        /**
         * Sets the text of a type and of its subtypes.
         *
         * @param type the type of values; a class goes before an interface
         * @param text makes the text, such as {@code instant("dd/MM/yyyy", zone)::apply}; it never gets null, and
         *     returns null for an empty cell
         * @param <V> the type of values
         * @return this builder
         */
        @SuppressWarnings("unchecked") // called with values of this type only
        public <V> Builder type(Class<V> type, Function<? super V, @Nullable String> text) {
            requireNonNull(type, "type");
            requireNonNull(text, "text");
            problems.addIf(
                    byType.putIfAbsent(type, (Function<Object, @Nullable String>) text) != null,
                    "type " + type.getName() + " appears twice");
            problems.addIf(
                    type.isPrimitive(),
                    "type " + type.getName()
                            + " is primitive, and values are not: use its class, such as Integer.class");
            problems.addIf(
                    type.getName().startsWith("java.util.Optional"),
                    "type " + type.getName() + " is always unwrapped: set the text of what it holds");
            return this;
        }

        /**
         * Builds the texts.
         *
         * @return the texts; later changes of this builder do not affect them
         * @throws io.outfeed.error.InvalidDefinitionException if a type appears twice, is primitive or an
         *     {@code Optional}
         */
        public ValueTexts build() {
            problems.throwIfAny("value texts");
            return byType.isEmpty() ? DEFAULTS : new ValueTexts(new LinkedHashMap<>(byType));
        }
    }
}
