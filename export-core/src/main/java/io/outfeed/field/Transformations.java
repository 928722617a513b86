package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.check.DatePattern;
import java.math.RoundingMode;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The usual transformations.
 *
 * <p>Each returns null for null unless documented otherwise, and depends on no default locale or zone. Characters are
 * counted as Unicode code points: surrogate pairs are never split, but a sequence of several code points may be. A
 * chain is applied from left to right: {@code strip().andThen(maxLength(500))}.
 *
 * <p>Wrong settings throw an {@link IllegalArgumentException} at once. All are thread-safe if the given functions are.
 */
public final class Transformations {

    private static final LocalDateTime SAMPLE = LocalDateTime.of(2026, 3, 1, 7, 0);
    private static final int MIN_SALT = 16;

    private Transformations() {}

    // --- any value

    /**
     * Makes a transformation of a function that is never called with null: null stays null.
     *
     * @param function turns a value into another; null is an empty cell
     * @param <A> what goes in
     * @param <B> what comes out
     * @return the transformation
     */
    public static <A, B> Transformation<A, B> of(Function<? super A, ? extends @Nullable B> function) {
        requireNonNull(function, "function");
        return value -> value == null ? null : function.apply(value);
    }

    /**
     * Returns the same value for every value, null included.
     *
     * @param constant what comes out
     * @param <B> what comes out
     * @return the transformation
     */
    public static <B> Transformation<Object, B> constant(B constant) {
        requireNonNull(constant, "constant");
        return value -> constant;
    }

    /**
     * Replaces null by a value, and keeps every other, empty text included.
     *
     * @param replacement the value for null
     * @param <V> the type of the value
     * @return the transformation
     */
    public static <V> Transformation<V, V> defaultIfNull(V replacement) {
        requireNonNull(replacement, "replacement");
        return value -> value == null ? replacement : value;
    }

    /**
     * Looks values up in a map. Null stays null; a value that is not in the map fails the record.
     *
     * @param map what each value becomes; copied
     * @param <A> what goes in
     * @param <B> what comes out
     * @return the transformation
     */
    public static <A, B> Transformation<A, B> lookup(Map<? extends A, ? extends B> map) {
        Map<A, B> copy = new HashMap<>(map);
        return lookup(copy::get);
    }

    /**
     * Looks values up in a map. Null stays null.
     *
     * @param map what each value becomes; copied
     * @param ifUnmatched the result for a value that is not in the map; null for an empty cell
     * @param <A> what goes in
     * @param <B> what comes out
     * @return the transformation
     */
    public static <A, B> Transformation<A, B> lookup(Map<? extends A, ? extends B> map, @Nullable B ifUnmatched) {
        Map<A, B> copy = new HashMap<>(map);
        return lookup(copy::get, ifUnmatched);
    }

    /**
     * Looks values up by a function. Null stays null; a value for which the function gives null fails the record.
     *
     * @param function what each value becomes, or null if it knows none; it never gets null
     * @param <A> what goes in
     * @param <B> what comes out
     * @return the transformation
     */
    public static <A, B> Transformation<A, B> lookup(Function<? super A, ? extends @Nullable B> function) {
        requireNonNull(function, "function");
        return of(value -> {
            B found = function.apply(value);
            if (found == null) {
                throw new RejectedValueException(
                        "nothing was found for its value: add it to what is looked up, or give lookup a value"
                                + " for the others");
            }
            return found;
        });
    }

    /**
     * Looks values up by a function. Null stays null.
     *
     * @param function what each value becomes, or null if it knows none; it never gets null
     * @param ifUnmatched the result for a value without one; null for an empty cell
     * @param <A> what goes in
     * @param <B> what comes out
     * @return the transformation
     */
    public static <A, B> Transformation<A, B> lookup(
            Function<? super A, ? extends @Nullable B> function, @Nullable B ifUnmatched) {
        requireNonNull(function, "function");
        return of(value -> {
            B found = function.apply(value);
            return found == null ? ifUnmatched : found;
        });
    }

    // --- text

    /**
     * Removes white space from both ends, as {@link String#strip()} does: no-break spaces stay.
     *
     * @return the transformation
     */
    public static Transformation<String, String> strip() {
        return of(String::strip);
    }

    /**
     * Removes white space from both ends, and makes one space of each run of white space between: tabs, line breaks and
     * no-break spaces count.
     *
     * @return the transformation
     */
    public static Transformation<String, String> collapseWhiteSpace() {
        return of(text -> {
            StringBuilder result = new StringBuilder(text.length());
            boolean space = false;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                    space = !result.isEmpty();
                } else {
                    if (space) {
                        result.append(' ');
                        space = false;
                    }
                    result.append(c);
                }
            }
            return result.toString();
        });
    }

    /**
     * Removes control characters, and unpaired surrogates, which can't be encoded. A tab or line break becomes a space,
     * so that words stay apart; a CRLF counts as one. Joiners and direction marks stay.
     *
     * @return the transformation
     */
    public static Transformation<String, String> stripControls() {
        return of(text -> {
            StringBuilder result = new StringBuilder(text.length());
            text.replace("\r\n", "\n").codePoints().forEach(c -> {
                if (c == '\t' || c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029) {
                    result.append(' ');
                } else if (Character.getType(c) != Character.CONTROL && Character.getType(c) != Character.SURROGATE) {
                    result.appendCodePoint(c);
                }
            });
            return result.toString();
        });
    }

    /**
     * Makes null of text that is empty or only white space.
     *
     * @return the transformation
     */
    public static Transformation<String, String> nullIfBlank() {
        return of(text -> text.isBlank() ? null : text);
    }

    /**
     * Replaces null, empty text and white space by a text, and keeps every other.
     *
     * @param replacement the text for them
     * @return the transformation
     */
    public static Transformation<String, String> defaultIfBlank(String replacement) {
        requireNonNull(replacement, "replacement");
        return text -> text == null || text.isBlank() ? replacement : text;
    }

    /**
     * Converts letters to upper case, by the rules of {@link Locale#ROOT}.
     *
     * @return the transformation
     */
    public static Transformation<String, String> upperCase() {
        return upperCase(Locale.ROOT);
    }

    /**
     * Converts letters to upper case, by the rules of a language.
     *
     * @param locale whose rules
     * @return the transformation
     */
    public static Transformation<String, String> upperCase(Locale locale) {
        requireNonNull(locale, "locale");
        return of(text -> text.toUpperCase(locale));
    }

    /**
     * Converts letters to lower case, by the rules of {@link Locale#ROOT}.
     *
     * @return the transformation
     */
    public static Transformation<String, String> lowerCase() {
        return lowerCase(Locale.ROOT);
    }

    /**
     * Converts letters to lower case, by the rules of a language.
     *
     * @param locale whose rules
     * @return the transformation
     */
    public static Transformation<String, String> lowerCase(Locale locale) {
        requireNonNull(locale, "locale");
        return of(text -> text.toLowerCase(locale));
    }

    /**
     * Converts the first character to title case, by the rules of no particular language, and keeps the others: chain
     * it after {@link #lowerCase()} for text in upper case.
     *
     * @return the transformation
     */
    public static Transformation<String, String> capitalize() {
        return of(text -> {
            if (text.isEmpty()) {
                return text;
            }
            int end = text.offsetByCodePoints(0, 1);
            return Character.toString(Character.toTitleCase(text.codePointAt(0))) + text.substring(end);
        });
    }

    /**
     * Pads text on the left to a length; longer text stays.
     *
     * @param length how many characters it gets, one or more
     * @param fill the character, such as {@code '0'}
     * @return the transformation
     * @throws IllegalArgumentException if the length is less than one, or the character is half of a surrogate pair
     */
    public static Transformation<String, String> padLeft(int length, char fill) {
        checkPad("padLeft", length, fill);
        return of(text -> padding(text, length, fill) + text);
    }

    /**
     * Pads text on the right to a length; longer text stays.
     *
     * @param length how many characters it gets, one or more
     * @param fill the character, such as a space
     * @return the transformation
     * @throws IllegalArgumentException if the length is less than one, or the character is half of a surrogate pair
     */
    public static Transformation<String, String> padRight(int length, char fill) {
        checkPad("padRight", length, fill);
        return of(text -> text + padding(text, length, fill));
    }

    private static void checkPad(String name, int length, char fill) {
        if (length < 1) {
            throw new IllegalArgumentException(name + " must be one or more, not " + length);
        }
        if (Character.isSurrogate(fill)) {
            throw new IllegalArgumentException(name + " must fill with a character, not with half of a surrogate pair");
        }
    }

    private static String padding(String text, int length, char fill) {
        return String.valueOf(fill).repeat(Math.max(0, length - characters(text)));
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    /**
     * Truncates text to a number of characters.
     *
     * @param length the most characters that stay, one or more
     * @return the transformation
     * @throws IllegalArgumentException if the length is less than one
     */
    public static Transformation<String, String> maxLength(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("maxLength must be one or more, not " + length);
        }
        return of(text -> characters(text) <= length ? text : text.substring(0, text.offsetByCodePoints(0, length)));
    }

    /**
     * Replaces each match of a regular expression. Choose one without catastrophic backtracking: it runs for every
     * record.
     *
     * @param pattern the regular expression
     * @param replacement what a match becomes, as for {@link java.util.regex.Matcher#replaceAll(String)}: {@code $1} is
     *     a group
     * @return the transformation
     * @throws IllegalArgumentException if the replacement names a group that the expression does not have
     */
    public static Transformation<String, String> replace(Pattern pattern, String replacement) {
        requireNonNull(replacement, "replacement");
        checkReplacement(pattern, replacement);
        return of(text -> pattern.matcher(text).replaceAll(replacement));
    }

    /** Groups are checked only at a match: checks them with an expression that also matches the empty text. */
    private static void checkReplacement(Pattern pattern, String replacement) {
        boolean literal = (pattern.flags() & Pattern.LITERAL) != 0;
        Pattern matches = literal ? Pattern.compile("") : Pattern.compile("|" + pattern.pattern(), pattern.flags());
        try {
            matches.matcher("").replaceFirst(replacement);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "replacement '" + replacement + "' does not fit the pattern '" + pattern + "': " + e.getMessage(),
                    e);
        }
    }

    /**
     * Replaces all characters but the last ones by {@code *}. Text that is not longer than these is masked as a whole.
     * The length stays visible.
     *
     * <p>The field is no less {@link FieldMark#SENSITIVE} if it is marked so.
     *
     * @param last how many characters stay at the end, zero or more
     * @return the transformation
     * @throws IllegalArgumentException if the number is negative
     */
    public static Transformation<String, String> maskAllButLast(int last) {
        if (last < 0) {
            throw new IllegalArgumentException("maskAllButLast must be zero or more, not " + last);
        }
        return of(text -> {
            int length = characters(text);
            int masked = length <= last ? length : length - last;
            return "*".repeat(masked) + text.substring(text.offsetByCodePoints(0, masked));
        });
    }

    /**
     * Hashes text: SHA-256 of the salt followed by the text, both in UTF-8, as 64 lower-case hexadecimal digits. Equal
     * texts with equal salts give equal hashes, so that a receiver can still tell records apart.
     *
     * <p>This hides values only without the salt: with it, a value with few possibilities, such as a date of birth, a
     * telephone or social security number, can be found by trying them all. Keep the salt secret, use a different one
     * for each receiver, and never change it: earlier hashes would no longer match. A field that is marked
     * {@link FieldMark#SENSITIVE} stays sensitive.
     *
     * @param salt at least 16 characters, random
     * @return the transformation; text with an unpaired surrogate is rejected
     * @throws IllegalArgumentException if the salt is too short
     */
    public static Transformation<String, String> sha256(String salt) {
        if (salt.strip().length() < MIN_SALT) {
            throw new IllegalArgumentException("sha256 needs a random salt of at least " + MIN_SALT
                    + " characters, not " + salt.strip().length());
        }
        return of(text -> {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(salt + text)));
                return HexFormat.of().formatHex(digest.digest());
            } catch (CharacterCodingException e) {
                throw new RejectedValueException("it has half of a surrogate pair: correct the record");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every Java platform has SHA-256", e);
            }
        });
    }

    /**
     * Returns one part of text that is divided by a separator; null if there is no such part.
     *
     * @param separator the separator, taken literally
     * @param part which part: 1 is the first, -1 the last
     * @return the transformation
     * @throws IllegalArgumentException if the separator is empty, or the part is 0
     */
    public static Transformation<String, String> split(String separator, int part) {
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("split needs a separator, not an empty text");
        }
        if (part == 0) {
            throw new IllegalArgumentException("split counts from 1, or from -1 at the end: there is no part 0");
        }
        Pattern divides = Pattern.compile(separator, Pattern.LITERAL);
        return of(text -> {
            List<String> parts = List.of(divides.split(text, -1));
            int index = part > 0 ? part - 1 : parts.size() + part;
            return index >= 0 && index < parts.size() ? parts.get(index) : null;
        });
    }

    /**
     * Joins several texts of a record: a getter for {@link Fields.Builder#field}. Texts that are null or empty are left
     * out, with their separator; null if all are.
     *
     * @param separator the text between two texts, such as a space
     * @param getters read the texts of a record, in order
     * @param <T> the record type
     * @return the getter
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is copied
    public static <T> Function<T, @Nullable String> concatenate(
            String separator, Function<? super T, ? extends @Nullable String>... getters) {
        requireNonNull(separator, "separator");
        List<Function<? super T, ? extends @Nullable String>> all = List.of(getters);
        return record -> {
            StringBuilder result = new StringBuilder();
            for (Function<? super T, ? extends @Nullable String> getter : all) {
                String text = getter.apply(record);
                if (text != null && !text.isEmpty()) {
                    result.append(result.isEmpty() ? "" : separator).append(text);
                }
            }
            return result.isEmpty() ? null : result.toString();
        };
    }

    // --- numbers and booleans

    /**
     * Writes a number with a fixed number of decimal places, with a decimal point and without groups.
     *
     * @param scale how many decimal places each number gets, from 0 to 100
     * @param rounding how further digits are rounded; {@link RoundingMode#UNNECESSARY} rejects a number that has such
     *     digits
     * @return the transformation; see {@link #number(NumberStyle)}
     * @throws IllegalArgumentException if the scale is out of its range
     */
    public static Transformation<Number, String> number(int scale, RoundingMode rounding) {
        return number(NumberStyle.scale(scale, rounding));
    }

    /**
     * Writes a number. A {@code double} is taken as its shortest decimal: 1.005 is rounded half up to 1.01.
     *
     * @param style decimal places, rounding and separators
     * @return the transformation, for the number types of {@code java.lang} and {@code java.math}; infinity,
     *     not-a-number, and numbers with more than 1,000 digits are rejected
     */
    public static Transformation<Number, String> number(NumberStyle style) {
        requireNonNull(style, "style");
        return of(style::format);
    }

    /**
     * Writes words for true and false. For a word for null chain {@link #defaultIfNull} after it.
     *
     * @param ifTrue the word for true, such as {@code Y}
     * @param ifFalse the word for false, such as {@code N}
     * @return the transformation
     */
    public static Transformation<Boolean, String> words(String ifTrue, String ifFalse) {
        requireNonNull(ifTrue, "ifTrue");
        requireNonNull(ifFalse, "ifFalse");
        return of(value -> value ? ifTrue : ifFalse);
    }

    // --- dates and times

    /**
     * Writes a point in time as a local date or time.
     *
     * @param pattern a pattern of {@link DateTimeFormatter}, such as {@code dd/MM/yyyy}, in {@link Locale#ROOT}; see
     *     {@link #instant(String, ZoneId, Locale)} for the patterns that are rejected
     * @param zone whose local date or time
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is refused
     */
    public static Transformation<Instant, String> instant(String pattern, ZoneId zone) {
        return instant(pattern, zone, Locale.ROOT);
    }

    /**
     * Writes a point in time as a local date or time.
     *
     * <p>Patterns that are easily mistaken for others are rejected: {@code Y}, the week-based year, without a week;
     * {@code D}, the day of the year, next to a month; a 12-hour clock without AM or PM; minutes without hours, and
     * seconds without minutes.
     *
     * @param pattern a pattern of {@link DateTimeFormatter}, such as {@code d MMMM yyyy}
     * @param zone whose local date or time
     * @param locale whose names of months and days; weeks are those of the locale too, and those of {@link Locale#ROOT}
     *     are not ISO's
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is invalid or rejected
     */
    public static Transformation<Instant, String> instant(String pattern, ZoneId zone, Locale locale) {
        ZonedDateTime sample = SAMPLE.atZone(requireNonNull(zone, "zone"));
        return of(DatePattern.formatter(pattern, locale, sample).withZone(zone)::format);
    }

    /**
     * Writes a date and time in its own zone.
     *
     * @param pattern a pattern, as for {@link #instant(String, ZoneId)}
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is refused
     */
    public static Transformation<ZonedDateTime, String> zonedDateTime(String pattern) {
        return zonedDateTime(pattern, Locale.ROOT);
    }

    /**
     * Writes a date and time in its own zone.
     *
     * @param pattern a pattern, as for {@link #instant(String, ZoneId, Locale)}
     * @param locale whose names of months and days
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is refused
     */
    public static Transformation<ZonedDateTime, String> zonedDateTime(String pattern, Locale locale) {
        return of(DatePattern.formatter(pattern, locale, SAMPLE.atZone(ZoneOffset.UTC))::format);
    }

    /**
     * Writes a date and time without a zone.
     *
     * @param pattern a pattern without a zone, as for {@link #instant(String, ZoneId)}
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is refused
     */
    public static Transformation<LocalDateTime, String> dateTime(String pattern) {
        return dateTime(pattern, Locale.ROOT);
    }

    /**
     * Writes a date and time without a zone.
     *
     * @param pattern a pattern without a zone, as for {@link #instant(String, ZoneId, Locale)}
     * @param locale whose names of months and days
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is refused
     */
    public static Transformation<LocalDateTime, String> dateTime(String pattern, Locale locale) {
        return of(DatePattern.formatter(pattern, locale, SAMPLE)::format);
    }

    /**
     * Writes a date.
     *
     * @param pattern a pattern without time and zone, as for {@link #instant(String, ZoneId)}
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is refused
     */
    public static Transformation<LocalDate, String> date(String pattern) {
        return date(pattern, Locale.ROOT);
    }

    /**
     * Writes a date.
     *
     * @param pattern a pattern without time and zone, as for {@link #instant(String, ZoneId, Locale)}
     * @param locale whose names of months and days
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is refused
     */
    public static Transformation<LocalDate, String> date(String pattern, Locale locale) {
        return of(DatePattern.formatter(pattern, locale, SAMPLE.toLocalDate())::format);
    }

    /**
     * Writes a time of the day.
     *
     * @param pattern a pattern without date and zone, as for {@link #instant(String, ZoneId)}
     * @return the transformation
     * @throws IllegalArgumentException if the pattern is refused
     */
    public static Transformation<LocalTime, String> time(String pattern) {
        return of(DatePattern.formatter(pattern, Locale.ROOT, SAMPLE.toLocalTime())::format);
    }
}
