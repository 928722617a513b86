package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;

/** The usual transformations. Each gives null for null, and depends on no default locale or zone. */
public final class Transformations {

    private Transformations() {}

    /**
     * Makes a transformation of a function that never sees null: null stays null.
     *
     * @param function turns a value into another
     * @param <A> what goes in
     * @param <B> what comes out
     * @return the transformation
     */
    public static <A, B> Transformation<A, B> of(Function<? super A, ? extends B> function) {
        requireNonNull(function, "function");
        return value -> value == null ? null : function.apply(value);
    }

    /**
     * Removes white space from both ends, as {@link String#strip()} does.
     *
     * @return the transformation
     */
    public static Transformation<String, String> strip() {
        return of(String::strip);
    }

    /**
     * Turns letters into capitals, by the rules of no particular language.
     *
     * @return the transformation
     */
    public static Transformation<String, String> upperCase() {
        return of(text -> text.toUpperCase(Locale.ROOT));
    }

    /**
     * Turns letters into small ones, by the rules of no particular language.
     *
     * @return the transformation
     */
    public static Transformation<String, String> lowerCase() {
        return of(text -> text.toLowerCase(Locale.ROOT));
    }

    /**
     * Cuts text off behind a number of characters, counted as Unicode code points: no emoji is cut in two.
     *
     * @param length the most characters that stay, one or more
     * @return the transformation
     * @throws IllegalArgumentException if the length is less than one
     */
    public static Transformation<String, String> maxLength(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("maxLength must be one or more, not " + length);
        }
        return of(text -> text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length)));
    }

    /**
     * Writes a point in time as a local date or time.
     *
     * @param pattern a pattern of {@link DateTimeFormatter}, such as {@code dd/MM/yyyy}; {@link Locale#ROOT} is used
     * @param zone whose local date or time
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is not valid
     */
    public static Transformation<Instant, String> instant(String pattern, ZoneId zone) {
        DateTimeFormatter formatter =
                DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(requireNonNull(zone, "zone"));
        return of(formatter::format);
    }
}
