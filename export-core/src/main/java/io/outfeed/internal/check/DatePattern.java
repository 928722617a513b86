package io.outfeed.internal.check;

import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/** Checks patterns of dates and times, also for letters that are valid but easily mistaken for others. */
public final class DatePattern {

    private DatePattern() {}

    /**
     * Returns the formatter of a pattern.
     *
     * @param sample a value of the type that will be written: its fields must be enough for the pattern
     * @throws IllegalArgumentException if the pattern is empty, invalid, has fields that the type does not have, or has
     *     a letter that is easily mistaken for another
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

    /** Returns the problem of a pattern that is valid but hardly what was meant. */
    private static Optional<String> misread(String letters) {
        if (has(letters, 'Y') && !has(letters, 'w')) {
            return Optional.of("has Y, the year that a week belongs to, which differs around New Year: use y or u");
        }
        if (has(letters, 'D') && (has(letters, 'M') || has(letters, 'L'))) {
            return Optional.of("has D, the day of the year, next to a month: use d for the day of the month");
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

    /** Returns the pattern without its quoted parts. */
    private static String letters(String pattern) {
        return pattern.replaceAll("'[^']*'", "");
    }
}
