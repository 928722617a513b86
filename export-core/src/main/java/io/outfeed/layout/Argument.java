package io.outfeed.layout;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.IllformedLocaleException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An argument that a {@link Choice} takes: its name, its type, and whether a layout must set it.
 *
 * <p>Layouts come from JSON, YAML or a table: a text must be a text there, since YAML makes other things of {@code
 * 010}, {@code 1.10} or {@code no}; numbers and booleans may be texts too. Immutable and thread-safe.
 *
 * @param <V> the type of its value
 */
public final class Argument<V> {

    private final String name;
    private final String type;
    private final Function<Object, V> reader;

    /** Whether it is written as a text. */
    private final boolean text;

    private final boolean required;

    private Argument(String name, String type, Function<Object, V> reader, boolean text, boolean required) {
        this.name = requireNonNull(name, "name");
        this.type = type;
        this.reader = reader;
        this.text = text;
        this.required = required;
    }

    private static <V> Argument<V> of(String name, String type, Function<Object, V> reader) {
        return new Argument<>(name, type, reader, false, true);
    }

    private static <V> Argument<V> ofText(String name, String type, Function<String, V> reader) {
        return new Argument<>(name, type, value -> reader.apply(readText(value)), true, true);
    }

    /**
     * Declares a text.
     *
     * @param name its name
     * @return a required argument
     */
    public static Argument<String> text(String name) {
        return ofText(name, "a text", value -> value);
    }

    /**
     * Declares a list of texts.
     *
     * @param name its name
     * @return a required argument
     */
    public static Argument<List<String>> texts(String name) {
        return of(name, "a list of texts", value -> {
            List<String> texts = new ArrayList<>();
            Trees.list(value).orElseThrow(IllegalArgumentException::new).forEach(each -> texts.add(readText(each)));
            return List.copyOf(texts);
        });
    }

    /**
     * Declares a single character.
     *
     * @param name its name
     * @return a required argument
     */
    public static Argument<Character> character(String name) {
        return ofText(name, "a text of one character", value -> {
            if (value.length() != 1) {
                throw new IllegalArgumentException();
            }
            return value.charAt(0);
        });
    }

    /**
     * Declares a whole number.
     *
     * @param name its name
     * @param least the least value
     * @param most the largest value
     * @return a required argument
     */
    public static Argument<Integer> integer(String name, int least, int most) {
        return of(name, "a whole number from " + least + " to " + most, value -> {
            int number = readInteger(value);
            if (number < least || number > most) {
                throw new IllegalArgumentException();
            }
            return number;
        });
    }

    /**
     * Declares a choice of yes or no.
     *
     * @param name its name
     * @return a required argument
     */
    public static Argument<Boolean> yesOrNo(String name) {
        return of(name, "true or false", value -> {
            if (value instanceof Boolean yes) {
                return yes;
            }
            return switch (readText(value)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException();
            };
        });
    }

    /**
     * Declares a choice of the constants of an enum, each written like {@code textOnly}.
     *
     * @param name its name
     * @param type the enum
     * @param <E> the enum
     * @return a required argument
     */
    public static <E extends Enum<E>> Argument<E> word(String name, Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(wordOf(constant), constant);
        }
        return ofText(name, "one of " + words.keySet(), value -> {
            E constant = words.get(value);
            if (constant == null) {
                throw new IllegalArgumentException();
            }
            return constant;
        });
    }

    /** Returns how a layout writes a constant: {@code textOnly} for {@code TEXT_ONLY}. */
    static String wordOf(Enum<?> constant) {
        String joined = List.of(constant.name().split("_", -1)).stream()
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
        return joined.substring(0, 1).toLowerCase(Locale.ROOT) + joined.substring(1);
    }

    /**
     * Declares a time zone, such as {@code Europe/Zurich}.
     *
     * @param name its name
     * @return a required argument
     */
    public static Argument<ZoneId> zone(String name) {
        return ofText(name, "a time zone such as Europe/Zurich", value -> {
            try {
                return ZoneId.of(value);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    /**
     * Declares a language, such as {@code de-CH}.
     *
     * @param name its name
     * @return a required argument
     */
    public static Argument<Locale> language(String name) {
        return ofText(name, "a language such as de-CH", value -> {
            try {
                return new Locale.Builder().setLanguageTag(value).build();
            } catch (IllformedLocaleException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    /**
     * Declares a character set, such as {@code windows-1252}.
     *
     * @param name its name
     * @return a required argument
     */
    public static Argument<Charset> charset(String name) {
        return ofText(name, "a character set such as UTF-8", Charset::forName);
    }

    /**
     * Returns the same argument for layouts that need not set it.
     *
     * @return another argument
     */
    public Argument<V> optional() {
        return new Argument<>(name, type, reader, text, false);
    }

    /**
     * Returns the name.
     *
     * @return the name, by which layouts set it
     */
    public String name() {
        return name;
    }

    /**
     * Returns what it takes, for people.
     *
     * @return such as {@code a whole number from 1 to 100}
     */
    public String type() {
        return type;
    }

    /**
     * Tells whether a layout must set it.
     *
     * @return true unless it is {@link #optional}
     */
    public boolean required() {
        return required;
    }

    /** Returns what is wrong with a value that can't be read. */
    String problem(Object value) {
        return "'" + name + "' must be " + type + (text ? Trees.quoteHint(value) : "");
    }

    /**
     * Reads a value of a layout.
     *
     * @throws IllegalArgumentException if it is none of this type
     */
    V read(Object value) {
        return reader.apply(value);
    }

    private static String readText(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException();
    }

    private static int readInteger(Object value) {
        try {
            if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
                return new BigInteger(value.toString()).intValueExact();
            }
            return Integer.parseInt(readText(value));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The name and the type. */
    @Override
    public String toString() {
        return name + " (" + type + (required ? "" : ", optional") + ")";
    }
}
