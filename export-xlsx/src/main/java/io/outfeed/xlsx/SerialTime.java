package io.outfeed.xlsx;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Dates and times as spreadsheets have them: days since the end of 1899, and fractions of a day. They are made of whole
 * numbers, since the text of a {@code double} is not the same on all JDKs.
 */
final class SerialTime {

    /** From here on all spreadsheets count alike: some have a 29 February 1900. */
    private static final LocalDate FIRST = LocalDate.of(1900, 3, 1);

    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);
    private static final Instant EARLIEST =
            FIRST.minusDays(3).atStartOfDay(ZoneOffset.UTC).toInstant();
    private static final Instant LATEST =
            LAST.plusDays(3).atStartOfDay(ZoneOffset.UTC).toInstant();
    private static final LocalDate ZERO = LocalDate.of(1899, 12, 30);
    private static final long MILLIS_OF_DAY = 86_400_000;
    private static final long NINE_DIGITS = 1_000_000_000;

    private SerialTime() {}

    /** Returns why a cell can't have a date, as a clause; empty if it can. */
    static Optional<String> problem(LocalDate date) {
        if (date.isBefore(FIRST)) {
            return Optional.of("its date is before " + FIRST
                    + ", the first on which spreadsheets agree: correct the record, or let a transformation give a"
                    + " text");
        }
        return date.isAfter(LAST)
                ? Optional.of("its date is after " + LAST
                        + ", the last of a spreadsheet: correct the record, or let a transformation give a text")
                : Optional.empty();
    }

    /** Returns the local time of an instant; one far out of range, which may have none, is moved near to the range. */
    static LocalDateTime local(Instant instant, ZoneId zone) {
        Instant near = instant.isBefore(EARLIEST) ? EARLIEST : instant.isAfter(LATEST) ? LATEST : instant;
        return LocalDateTime.ofInstant(near, zone);
    }

    /** Whether a time has a fraction of a second that a spreadsheet keeps. */
    static boolean hasMillis(LocalTime time) {
        return time.get(ChronoField.MILLI_OF_SECOND) != 0;
    }

    static void append(LocalDate date, StringBuilder xml) {
        xml.append(ChronoUnit.DAYS.between(ZERO, date));
    }

    static void append(LocalDateTime time, StringBuilder xml) {
        append(time.toLocalDate(), xml);
        appendFraction(time.toLocalTime(), xml);
    }

    static void append(LocalTime time, StringBuilder xml) {
        xml.append('0');
        appendFraction(time, xml);
    }

    /** Appends 18 digits: with fewer, programs that cut a time to seconds show one second less. */
    private static void appendFraction(LocalTime time, StringBuilder xml) {
        long millis = time.get(ChronoField.MILLI_OF_DAY);
        if (millis > 0) {
            long shifted = millis * NINE_DIGITS;
            appendDigits(shifted / MILLIS_OF_DAY, xml.append('.'));
            appendDigits(shifted % MILLIS_OF_DAY * NINE_DIGITS / MILLIS_OF_DAY, xml);
        }
    }

    private static void appendDigits(long nine, StringBuilder xml) {
        String digits = Long.toString(NINE_DIGITS + nine);
        xml.append(digits, 1, digits.length());
    }
}
