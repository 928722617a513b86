package io.outfeed.internal.engine;

import io.outfeed.schedule.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A schedule, and its fires computed differently: of a zone it asks only what the local clock shows at an instant.
 *
 * @param schedule the schedule
 * @param calendar the fires behind an instant, up to another
 */
record CalendarRule(Schedule schedule, BiFunction<Instant, Instant, NavigableSet<Instant>> calendar) {

    private static final List<ZoneId> ZONES = Stream.of(
                    "America/New_York",
                    "Europe/London",
                    "Australia/Lord_Howe",
                    "Africa/Cairo",
                    "Pacific/Apia",
                    "Pacific/Chatham",
                    "America/Sao_Paulo",
                    "Asia/Kathmandu")
            .map(ZoneId::of)
            .toList();

    NavigableSet<Instant> fires(Instant from, Instant until) {
        return calendar.apply(from, until);
    }

    static CalendarRule any(Random random, Instant start, Instant end) {
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        LocalTime time = LocalTime.of(random.nextInt(random.nextBoolean() ? 4 : 24), random.nextInt(60));
        DayOfWeek day = DayOfWeek.of(1 + random.nextInt(7));
        int number = 1 + random.nextInt(31);
        int nth = 1 + random.nextInt(4);
        String at = time.getMinute() + " " + time.getHour();
        Instant some =
                start.plusSeconds(random.nextLong(Duration.between(start, end).toSeconds()));
        return switch (random.nextInt(24)) {
            case 0 -> dates(Schedule.daily(time, zone), zone, time, date -> true);
            case 1 ->
                dates(
                        Schedule.weekdays(time, zone),
                        zone,
                        time,
                        date -> date.getDayOfWeek().getValue() < 6);
            case 2, 3, 12, 13 ->
                dates(Schedule.weekly(day, time, zone), zone, time, date -> date.getDayOfWeek() == day);
            case 4, 14, 15 ->
                dates(
                        Schedule.monthly(number, time, zone),
                        zone,
                        time,
                        date -> date.getDayOfMonth() == Math.min(number, date.lengthOfMonth()));
            case 5, 16 ->
                dates(
                        Schedule.monthlyOnLastDay(time, zone),
                        zone,
                        time,
                        date -> date.plusDays(1).getDayOfMonth() == 1);
            case 6, 17, 18 ->
                dates(
                        Schedule.monthlyOnNth(nth, day, time, zone),
                        zone,
                        time,
                        date -> date.getDayOfWeek() == day && (date.getDayOfMonth() + 6) / 7 == nth);
            case 7, 19, 20 ->
                dates(
                        Schedule.monthlyOnLast(day, time, zone),
                        zone,
                        time,
                        date -> date.getDayOfWeek() == day && date.plusDays(7).getMonth() != date.getMonth());
            case 8, 21 ->
                dates(
                        Schedule.cron(at + " " + number + " * " + day.getValue(), zone),
                        zone,
                        time,
                        date -> date.getDayOfMonth() == number || date.getDayOfWeek() == day);
            case 9 -> {
                LocalDate first = LocalDate.ofInstant(some, ZoneOffset.UTC);
                Schedule hourly = Schedule.cron(time.getMinute() + " * * * *", zone)
                        .startingOn(first)
                        .endingOn(first.plusDays(60));
                yield new CalendarRule(
                        hourly,
                        (from, until) -> minutes(from, until, zone, first, first.plusDays(60), time.getMinute()));
            }
            case 10 -> {
                Duration interval = Duration.ofHours(60 + random.nextInt(200));
                yield new CalendarRule(
                        Schedule.every(interval, start), (from, until) -> steps(interval, start, from, until));
            }
            default ->
                new CalendarRule(
                        Schedule.once(some), (from, until) -> between(from, until, new TreeSet<>(List.of(some))));
        };
    }

    private static CalendarRule dates(Schedule schedule, ZoneId zone, LocalTime time, Predicate<LocalDate> dates) {
        return new CalendarRule(schedule, (from, until) -> {
            NavigableSet<Instant> fires = new TreeSet<>();
            LocalDate last = LocalDate.ofInstant(until, zone).plusDays(2);
            LocalDate date = LocalDate.ofInstant(from, zone).minusDays(2);
            while (date.isBefore(last)) {
                if (dates.test(date) && shown(date.atTime(LocalTime.NOON), zone).isPresent()) {
                    LocalDateTime wanted = date.atTime(time);
                    fires.add(shown(wanted, zone).orElseGet(() -> firstBehind(wanted, zone)));
                }
                date = date.plusDays(1);
            }
            return between(from, until, fires);
        });
    }

    /** The first instant at which the local clock shows a date and time, if it does. */
    private static Optional<Instant> shown(LocalDateTime wanted, ZoneId zone) {
        Instant near = wanted.toInstant(ZoneOffset.UTC);
        return Stream.of(near.minus(Duration.ofDays(2)), near.plus(Duration.ofDays(2)))
                .map(instant -> wanted.toInstant(zone.getRules().getOffset(instant)))
                .filter(instant -> LocalDateTime.ofInstant(instant, zone).equals(wanted))
                .min(Instant::compareTo);
    }

    /** The first minute at which the local clock shows something later. */
    private static Instant firstBehind(LocalDateTime wanted, ZoneId zone) {
        Instant minute = wanted.toInstant(ZoneOffset.UTC).minus(Duration.ofHours(15));
        while (!LocalDateTime.ofInstant(minute, zone).isAfter(wanted)) {
            minute = minute.plusSeconds(60);
        }
        return minute;
    }

    private static NavigableSet<Instant> minutes(
            Instant from, Instant until, ZoneId zone, LocalDate first, LocalDate last, int minute) {
        NavigableSet<Instant> fires = new TreeSet<>();
        Instant at = first.minusDays(2).atStartOfDay().toInstant(ZoneOffset.UTC);
        Instant end = last.plusDays(3).atStartOfDay().toInstant(ZoneOffset.UTC);
        while (at.isBefore(end)) {
            LocalDateTime local = LocalDateTime.ofInstant(at, zone);
            if (local.getMinute() == minute
                    && !local.toLocalDate().isBefore(first)
                    && !local.toLocalDate().isAfter(last)) {
                fires.add(at);
            }
            at = at.plusSeconds(60);
        }
        return between(from, until, fires);
    }

    private static NavigableSet<Instant> steps(Duration interval, Instant anchor, Instant from, Instant until) {
        NavigableSet<Instant> fires = new TreeSet<>();
        for (Instant at = anchor; !at.isAfter(until); at = at.plus(interval)) {
            fires.add(at);
        }
        return between(from, until, fires);
    }

    private static NavigableSet<Instant> between(Instant from, Instant until, NavigableSet<Instant> fires) {
        return until.isAfter(from) ? fires.subSet(from, false, until, true) : new TreeSet<>();
    }
}
