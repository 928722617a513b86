package io.outfeed.internal.cron;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A cron expression of five fields, in the dialect that {@code Schedule.cron} describes. Sets of numbers are bits.
 *
 * <p>Immutable. Two expressions are equal if their texts are, but for spaces and the case of letters.
 */
public final class Cron {

    /** The last year that is searched: an expression such as February 30th never matches. */
    private static final int LAST_YEAR = 9999;

    private static final String EXAMPLES = "; examples: '0 7 * * *' is daily at 07:00, '30 6 * * MON-FRI' 06:30 on"
            + " weekdays, '*/15 * * * *' each quarter of an hour, '0 0 L * *' the last day of each month";

    private static final Map<String, String> NICKNAMES = Map.of(
            "@HOURLY", "0 * * * *",
            "@DAILY", "0 0 * * *",
            "@MIDNIGHT", "0 0 * * *",
            "@WEEKLY", "0 0 * * 0",
            "@MONTHLY", "0 0 1 * *",
            "@YEARLY", "0 0 1 1 *",
            "@ANNUALLY", "0 0 1 1 *");

    private static final int EVERY_HOUR = (1 << 24) - 1;
    private static final int EVERY_MONTH = (1 << 13) - 2;
    private static final long EVERY_DAY = (1L << 32) - 2;
    private static final int EVERY_WEEKDAY = (1 << 7) - 1;

    private final String text;
    private final long minutes;
    private final int hours;
    private final long days;
    private final boolean lastDay;
    private final int months;
    private final int weekdays;
    private final boolean eitherDay;

    private Cron(String expression, String fields) {
        List<String> words = List.of(fields.split("\\s+", -1));
        if (words.size() != 5) {
            throw new IllegalArgumentException("cron '" + expression + "' has " + words.size()
                    + " fields, not the five of minute, hour, day of month,"
                    + " month and day of week" + (words.size() > 5 ? ": there are no seconds and no years" : "")
                    + EXAMPLES);
        }
        List<String> problems = new ArrayList<>();
        String dayOfMonth = words.get(2);
        this.lastDay = List.of(dayOfMonth.split(",", -1)).contains("L");
        String numbered = lastDay ? withoutLast(dayOfMonth) : dayOfMonth;
        this.text = expression;
        this.minutes = CronField.MINUTE.parse(words.get(0), problems);
        this.hours = (int) CronField.HOUR.parse(words.get(1), problems);
        this.days = numbered.isEmpty() ? 0 : CronField.DAY_OF_MONTH.parse(numbered, problems);
        this.months = (int) CronField.MONTH.parse(words.get(3), problems);
        long fromSundayToSunday = CronField.DAY_OF_WEEK.parse(words.get(4), problems);
        this.weekdays = (int) ((fromSundayToSunday | fromSundayToSunday >> 7) & EVERY_WEEKDAY);
        this.eitherDay = !dayOfMonth.startsWith("*") && !words.get(4).startsWith("*");
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("cron '" + expression + "': " + String.join("; ", problems) + EXAMPLES);
        }
        if (dateFrom(LocalDate.of(2000, 1, 1)).isEmpty()) { // the calendar repeats itself after 400 years
            throw new IllegalArgumentException("cron '" + expression + "' names a date that never comes" + EXAMPLES);
        }
    }

    private static String withoutLast(String dayOfMonth) {
        return String.join(
                ",",
                List.of(dayOfMonth.split(",", -1)).stream()
                        .filter(item -> !item.equals("L"))
                        .toList());
    }

    public static Cron parse(String expression) {
        String plain = expression.strip().toUpperCase(Locale.ROOT);
        if (plain.startsWith("@")) {
            String fields = NICKNAMES.get(plain);
            if (fields == null) {
                throw new IllegalArgumentException("cron '" + expression + "' is none of @hourly, @daily, @midnight,"
                        + " @weekly, @monthly, @yearly and @annually" + EXAMPLES);
            }
            return new Cron(fields, fields);
        }
        String spaced = plain.replaceAll("\\s+", " ");
        return new Cron(spaced, spaced);
    }

    /** Whether it fires in each hour of the day: such an expression follows the instant, not the local clock. */
    public boolean everyHour() {
        return hours == EVERY_HOUR;
    }

    /** Returns the first matching date at or after a date. */
    public Optional<LocalDate> dateFrom(LocalDate first) {
        YearMonth month = YearMonth.from(first);
        int from = first.getDayOfMonth();
        while (month.getYear() <= LAST_YEAR) {
            if ((months >> month.getMonthValue() & 1) != 0) {
                for (int day = from; day <= month.lengthOfMonth(); day++) {
                    if (matches(month.atDay(day))) {
                        return Optional.of(month.atDay(day));
                    }
                }
            }
            month = month.plusMonths(1);
            from = 1;
        }
        return Optional.empty();
    }

    private boolean matches(LocalDate date) {
        boolean day =
                (days >> date.getDayOfMonth() & 1) != 0 || (lastDay && date.getDayOfMonth() == date.lengthOfMonth());
        boolean weekday = (weekdays >> date.getDayOfWeek().getValue() % 7 & 1) != 0;
        return eitherDay ? day || weekday : day && weekday;
    }

    /** Returns the first matching time of the day at or after a time. */
    public Optional<LocalTime> timeFrom(LocalTime first) {
        int minute = first.toSecondOfDay() / 60 + (first.getSecond() > 0 || first.getNano() > 0 ? 1 : 0);
        for (int hour = minute / 60; hour < 24; hour++) {
            long left = (hours >> hour & 1) == 0 ? 0 : minutes >>> Math.max(0, minute - hour * 60);
            if (left != 0) {
                return Optional.of(
                        LocalTime.of(hour, Math.max(0, minute - hour * 60) + Long.numberOfTrailingZeros(left)));
            }
        }
        return Optional.empty();
    }

    /** Returns the first matching local date and time at or after another. */
    public Optional<LocalDateTime> from(LocalDateTime first) {
        Optional<LocalDate> today = dateFrom(first.toLocalDate()).filter(first.toLocalDate()::equals);
        return today.flatMap(date -> timeFrom(first.toLocalTime()).map(date::atTime))
                .or(() -> dateFrom(first.toLocalDate().plusDays(1))
                        .flatMap(date -> timeFrom(LocalTime.MIDNIGHT).map(date::atTime)));
    }

    /** Whether it fires at one minute of an hour, in all months. */
    public boolean isOneMinuteOfEveryMonth() {
        return Long.bitCount(minutes) == 1 && months == EVERY_MONTH;
    }

    /** Whether the days of the month are all of them. */
    public boolean isEveryDayOfMonth() {
        return days == EVERY_DAY;
    }

    /** Whether the days of the week are all of them. */
    public boolean isEveryWeekday() {
        return weekdays == EVERY_WEEKDAY;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
