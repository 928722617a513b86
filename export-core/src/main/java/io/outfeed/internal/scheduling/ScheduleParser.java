package io.outfeed.internal.scheduling;

import io.outfeed.schedule.Schedule;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the notation of {@link Schedule#description}, in which the plans in a store have their schedules: a node learns
 * from it by which schedule another one runs a job. Schedules of a host's own can't be read.
 */
final class ScheduleParser {

    private static final Pattern LIMITED = Pattern.compile(
            "(.*?)(?:, starting on ([-+\\d]+))?(?:, ending on ([-+\\d]+))?(?:, except ([-+\\d]+(?:, [-+\\d]+)*))?");

    private static final String LIST = "(\\S+(?:, \\S+)*)";

    private static final Map<Pattern, Function<MatchResult, Schedule>> KINDS = Map.of(
            Pattern.compile("once at (\\S+)"),
            text -> Schedule.once(Instant.parse(text.group(1))),
            Pattern.compile("every (\\S+) from (\\S+)"),
            text -> Schedule.every(Duration.parse(text.group(1)), Instant.parse(text.group(2))),
            Pattern.compile("every (\\S+) from (\\S+), dates of (\\S+)"),
            text -> Schedule.every(
                    Duration.parse(text.group(1)), Instant.parse(text.group(2)), ZoneId.of(text.group(3))),
            Pattern.compile("daily at " + LIST + " (\\S+)"),
            text -> Schedule.daily(set(text.group(1), LocalTime::parse), ZoneId.of(text.group(2))),
            Pattern.compile("weekly on " + LIST + " at (\\S+) (\\S+)"),
            text -> Schedule.weekly(
                    set(text.group(1), DayOfWeek::valueOf), LocalTime.parse(text.group(2)), ZoneId.of(text.group(3))),
            Pattern.compile("monthly on (.+) at (\\S+) (\\S+)"),
            text -> monthly(text.group(1), LocalTime.parse(text.group(2)), ZoneId.of(text.group(3))),
            Pattern.compile("cron (.+) (\\S+)"),
            text -> Schedule.cron(text.group(1), ZoneId.of(text.group(2))));

    private static final Pattern DAY = Pattern.compile("day (\\d+)");
    private static final Pattern LAST = Pattern.compile("the last ([A-Z]+)");
    private static final Pattern NTH = Pattern.compile("([A-Z]+) number (\\d)");

    private ScheduleParser() {}

    /** Returns the schedule that has a description; empty if it is not one of the library's. */
    static Optional<Schedule> parse(String description) {
        Matcher limited = LIMITED.matcher(description);
        if (!limited.matches()) {
            return Optional.empty();
        }
        try {
            return KINDS.entrySet().stream()
                    .flatMap(kind -> parse(kind.getKey(), kind.getValue(), limited.group(1)).stream())
                    .map(schedule -> limit(schedule, limited))
                    .filter(schedule -> schedule.description().equals(description))
                    .findFirst();
        } catch (DateTimeException | IllegalArgumentException e) { // the text of a host's own schedule
            return Optional.empty();
        }
    }

    private static Optional<Schedule> parse(Pattern pattern, Function<MatchResult, Schedule> kind, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches() ? Optional.of(kind.apply(matcher)) : Optional.empty();
    }

    private static Schedule limit(Schedule schedule, MatchResult limits) {
        Schedule limited = schedule;
        if (limits.group(2) != null) {
            limited = limited.startingOn(LocalDate.parse(limits.group(2)));
        }
        if (limits.group(3) != null) {
            limited = limited.endingOn(LocalDate.parse(limits.group(3)));
        }
        return limits.group(4) == null ? limited : limited.except(set(limits.group(4), LocalDate::parse));
    }

    private static Schedule monthly(String day, LocalTime time, ZoneId zone) {
        if (day.equals("the last day")) {
            return Schedule.monthlyOnLastDay(time, zone);
        }
        Optional<Schedule> schedule = parse(
                        DAY, text -> Schedule.monthly(Integer.parseInt(text.group(1)), time, zone), day)
                .or(() ->
                        parse(LAST, text -> Schedule.monthlyOnLast(DayOfWeek.valueOf(text.group(1)), time, zone), day))
                .or(() -> parse(
                        NTH,
                        text -> Schedule.monthlyOnNth(
                                Integer.parseInt(text.group(2)), DayOfWeek.valueOf(text.group(1)), time, zone),
                        day));
        return schedule.orElseThrow(() -> new IllegalArgumentException(day));
    }

    private static <T> Set<T> set(String list, Function<String, T> read) {
        return Arrays.stream(list.split(", ")).map(read).collect(Collectors.toSet());
    }
}
