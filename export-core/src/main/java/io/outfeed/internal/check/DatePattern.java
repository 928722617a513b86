package io.outfeed.internal.check;

import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/** Patterns of dates and times that can be written, and do not say something else than they seem to. */
public final class DatePattern {

    private DatePattern() {}

    /**
     * Makes a formatter.
     *
     * @param sample a value of the type that will be written: its fields must be enough for the pattern
     * @throws IllegalArgumentException if the pattern is empty, not valid, has fields that the type has not, or has one
     *     of the letters that are taken for others
     */
    public static DateTimeFormatter formatter(String pattern, Locale locale, TemporalAccessor sample) {
        misread(letters(pattern)).ifPresent(problem -> {
            throw new IllegalArgumentException("date pattern '" + pattern + "' " + problem);
        });
        String text;
        DateTimeFormatter formatter;
        try {
            formatter = DateTimeFormatter.ofPattern(pattern, locale);
            text = formatter.format(sample);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "date pattern '" + pattern + "' does not fit a "
                            + sample.getClass().getSimpleName() + ": " + e.getMessage(),
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("date pattern '" + pattern + "' is not valid: " + e.getMessage(), e);
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("date pattern '" + pattern + "' gives no text");
        }
        return formatter;
    }

    /** What is wrong with the letters of a pattern that is valid and yet not what was meant. */
    private static Optional<String> misread(String letters) {
        if (has(letters, 'Y') && !has(letters, 'w')) {
            return Optional.of("has Y, the year that a week belongs to, which differs around New Year: use y or u");
        }
        if (has(letters, 'D') && (has(letters, 'M') || has(letters, 'L'))) {
            return Optional.of("has D, the day of the year, beside a month: use d for the day of the month");
        }
        if ((has(letters, 'h') || has(letters, 'K')) && !has(letters, 'a') && !has(letters, 'B')) {
            return Optional.of("has a clock of 12 hours without a for AM or PM: use H for 24 hours");
        }
        if (has(letters, 'm') && !hasHour(letters)) {
            return Optional.of("has m, the minute, without an hour: use M for the month");
        }
        if (has(letters, 's') && !has(letters, 'm')) {
            return Optional.of("has s, the second, without m for the minute");
        }
        return Optional.empty();
    }

    private static boolean hasHour(String letters) {
        return has(letters, 'H') || has(letters, 'h') || has(letters, 'K') || has(letters, 'k');
    }

    private static boolean has(String letters, char letter) {
        return letters.indexOf(letter) >= 0;
    }

    /** The pattern without what is in quotes. */
    private static String letters(String pattern) {
        return pattern.replaceAll("'[^']*'", "");
    }
}
