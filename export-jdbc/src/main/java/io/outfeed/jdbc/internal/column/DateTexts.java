package io.outfeed.jdbc.internal.column;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Dates and times that Java has no value for. Drivers of MySQL disagree about them, so that they are read as the text
 * that the server sent; PostgreSQL's driver gives them as the ends of Java's ranges.
 */
final class DateTexts {

    private static final Pattern TIME_OF_DAY = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?");

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private DateTexts() {}

    /** @param text such as {@code 2026-03-01} */
    static Object date(String text) {
        return parsed(text, LocalDate::parse, DateTexts::checked);
    }

    /** @param text such as {@code 2026-03-01 12:00:00.5} */
    static Object dateTime(String text) {
        return parsed(text.replace(' ', 'T'), LocalDateTime::parse, DateTexts::checked);
    }

    /** @param text such as {@code 2026-03-01 12:00:00.5}, in UTC */
    static Object instant(String text) {
        Object local = dateTime(text);
        return local instanceof LocalDateTime time ? time.toInstant(ZoneOffset.UTC) : local;
    }

    /** A time of day; a duration, such as {@code 25:30:00} or {@code 24:00:00}, stays as the database writes it. */
    static Object time(String text) {
        return TIME_OF_DAY.matcher(text).matches() ? LocalTime.parse(text) : text;
    }

    private static <V> Object parsed(String text, Function<String, V> parser, Function<V, Object> checked) {
        try {
            return checked.apply(parser.apply(text));
        } catch (DateTimeException e) {
            return OddValue.NO_DATE;
        }
    }

    static Object checked(LocalDate date) {
        return date.equals(LocalDate.MAX) || date.equals(LocalDate.MIN)
                ? OddValue.INFINITE
                : inYears(date.getYear(), date);
    }

    static Object checked(LocalDateTime time) {
        return time.equals(LocalDateTime.MAX) || time.equals(LocalDateTime.MIN)
                ? OddValue.INFINITE
                : inYears(time.getYear(), time);
    }

    static Object checked(OffsetDateTime time) {
        if (time.equals(OffsetDateTime.MAX) || time.equals(OffsetDateTime.MIN)) {
            return OddValue.INFINITE;
        }
        return checked(time.toInstant());
    }

    static Object checked(Instant time) {
        return time.isBefore(FIRST) || time.isAfter(LAST) ? OddValue.YEAR : time;
    }

    /** What ISO 8601 writes with four digits. */
    private static Object inYears(int year, Object value) {
        return year >= 1 && year <= 9999 ? value : OddValue.YEAR;
    }
}
