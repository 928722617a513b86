package io.outfeed.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final LocalTime SEVEN = LocalTime.of(7, 0);
    private static final Instant ANCHOR = Instant.parse("2026-01-01T00:00:00Z");

    record Case(String schedule, Instant after, String expected, String comment) {

        /** What distinguishes it from the other lines of the table. */
        @Override
        public String toString() {
            return schedule + " after " + after;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream table = ScheduleTest.class.getResourceAsStream("schedules.txt")) {
            assertThat(table).isNotNull();
            String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
            return text
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", 4))
                    .map(cells -> new Case(cells[0], Instant.parse(cells[1]), cells[2], cells[3]))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void should_fire_as_the_table_says(Case row) {
        String next =
                parse(row.schedule()).next(row.after()).map(Instant::toString).orElse("-");

        assertThat(next).as(row.comment()).isEqualTo(row.expected());
    }

    private static Schedule parse(String text) {
        String[] words = text.split(" ", -1);
        return switch (words[0]) {
            case "once" -> Schedule.once(Instant.parse(words[1]));
            case "every" -> Schedule.every(Duration.parse(words[1]), Instant.parse(words[2]));
            case "daily" -> Schedule.daily(LocalTime.parse(words[1]), ZoneId.of(words[2]));
            case "weekly" ->
                Schedule.weekly(
                        Arrays.stream(words[1].split(",", -1))
                                .map(DayOfWeek::valueOf)
                                .collect(Collectors.toSet()),
                        LocalTime.parse(words[2]),
                        ZoneId.of(words[3]));
            case "monthly" ->
                Schedule.monthly(Integer.parseInt(words[1]), LocalTime.parse(words[2]), ZoneId.of(words[3]));
            default -> throw new IllegalArgumentException(text);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2025-01-01, 731",
        "Europe/London, 2025-01-01, 731",
        "Australia/Lord_Howe, 2025-01-01, 731",
        "Pacific/Chatham, 2025-01-01, 731",
        "Africa/Cairo, 2023-06-01, 731",
        "Africa/Casablanca, 2023-06-01, 731",
        "America/St_Johns, 2009-01-01, 731",
        "America/Sao_Paulo, 2017-01-01, 731",
        "Antarctica/Troll, 2024-01-01, 731",
        "Pacific/Apia, 2011-01-01, 730",
        "Pacific/Kwajalein, 1993-01-01, 730"
    })
    void should_fire_once_on_each_local_date_of_two_years(ZoneId zone, LocalDate first, int dates) {
        LocalDate end = first.plusDays(731);
        for (int minute = 0; minute < 24 * 60; minute += 15) {
            LocalTime time = LocalTime.MIDNIGHT.plusMinutes(minute);
            List<Instant> fires = fires(Schedule.daily(time, zone), first, end, zone);

            assertThat(fires).as("%s %s", time, zone).hasSize(dates).isSortedAccordingTo(Instant::compareTo);
            assertThat(fires).as("%s %s", time, zone).doesNotHaveDuplicates();
            assertThat(fires.stream()
                            .filter(fire -> !fire.atZone(zone).toLocalTime().equals(time))
                            .count())
                    .as("fires moved by a gap, %s %s", time, zone)
                    .isLessThanOrEqualTo(3);
        }
    }

    private static List<Instant> fires(Schedule schedule, LocalDate first, LocalDate end, ZoneId zone) {
        Instant until = end.atStartOfDay(zone).toInstant();
        List<Instant> fires = new ArrayList<>();
        Instant at = first.atStartOfDay(zone).toInstant().minusNanos(1);
        while (true) {
            Instant next = schedule.next(at).orElseThrow();
            assertThat(next).isAfter(at);
            at = next;
            if (!at.isBefore(until)) {
                return fires;
            }
            fires.add(at);
        }
    }

    @Test
    void should_give_the_same_next_fire_from_any_instant_between_two_fires() {
        Schedule schedule = Schedule.daily(LocalTime.of(1, 30), NEW_YORK);
        Instant fire = Instant.parse("2026-11-01T05:30:00Z");
        Instant next = Instant.parse("2026-11-02T06:30:00Z");

        for (Instant after = fire; after.isBefore(next); after = after.plusSeconds(60)) {
            assertThat(schedule.next(after)).contains(next);
        }
    }

    @Test
    void should_find_the_next_of_a_thousand_million_fires_at_once() {
        Instant after = Instant.parse("9999-12-31T23:59:59.5Z");

        assertThat(Schedule.every(Duration.ofSeconds(1), Instant.EPOCH).next(after))
                .contains(Instant.parse("+10000-01-01T00:00:00Z"));
    }

    @Test
    void should_fire_at_the_anchor_only_if_the_interval_is_longer_than_time() {
        Schedule schedule = Schedule.every(Duration.ofSeconds(Long.MAX_VALUE), ANCHOR);

        assertThat(schedule.next(ANCHOR.minusSeconds(1))).contains(ANCHOR);
        assertThat(schedule.next(ANCHOR)).isEmpty();
    }

    @Test
    void should_describe_itself() {
        assertThat(Schedule.daily(SEVEN, NEW_YORK)).hasToString("daily at 07:00 America/New_York");
        assertThat(Schedule.weekly(Set.of(DayOfWeek.THURSDAY, DayOfWeek.MONDAY), SEVEN, NEW_YORK))
                .hasToString("weekly on MONDAY, THURSDAY at 07:00 America/New_York");
        assertThat(Schedule.weekly(DayOfWeek.SUNDAY, LocalTime.of(7, 0, 30), ZoneOffset.UTC))
                .hasToString("weekly on SUNDAY at 07:00:30 Z");
        assertThat(Schedule.monthly(31, SEVEN, NEW_YORK)).hasToString("monthly on day 31 at 07:00 America/New_York");
        assertThat(Schedule.every(Duration.ofMinutes(90), ANCHOR))
                .hasToString("every PT1H30M from 2026-01-01T00:00:00Z");
        assertThat(Schedule.once(ANCHOR)).hasToString("once at 2026-01-01T00:00:00Z");
    }

    @Test
    void should_be_known_again_by_its_description() {
        List<Schedule> schedules = List.of(
                Schedule.daily(SEVEN, NEW_YORK),
                Schedule.daily(SEVEN.plusSeconds(1), NEW_YORK),
                Schedule.daily(SEVEN, ZoneOffset.UTC),
                Schedule.weekly(DayOfWeek.MONDAY, SEVEN, NEW_YORK),
                Schedule.weekly(Set.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY), SEVEN, NEW_YORK),
                Schedule.monthly(1, SEVEN, NEW_YORK),
                Schedule.monthly(2, SEVEN, NEW_YORK),
                Schedule.every(Duration.ofHours(1), ANCHOR),
                Schedule.every(Duration.ofHours(2), ANCHOR),
                Schedule.every(Duration.ofHours(1), ANCHOR.plusSeconds(1)),
                Schedule.once(ANCHOR));

        assertThat(schedules.stream().map(Schedule::description)).doesNotHaveDuplicates();
        assertThat(schedules.stream().map(Schedule::toString))
                .containsExactlyElementsOf(
                        schedules.stream().map(Schedule::description).toList());
    }

    @Test
    void should_be_a_value() {
        assertThat(Schedule.weekly(Set.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), SEVEN, NEW_YORK))
                .isEqualTo(Schedule.weekly(Set.of(DayOfWeek.FRIDAY, DayOfWeek.MONDAY), SEVEN, NEW_YORK))
                .hasSameHashCodeAs(Schedule.weekly(Set.of(DayOfWeek.FRIDAY, DayOfWeek.MONDAY), SEVEN, NEW_YORK))
                .isNotEqualTo(Schedule.weekly(DayOfWeek.MONDAY, SEVEN, NEW_YORK));
        assertThat(Schedule.monthly(1, SEVEN, NEW_YORK))
                .isEqualTo(Schedule.monthly(1, SEVEN, NEW_YORK))
                .hasSameHashCodeAs(Schedule.monthly(1, SEVEN, NEW_YORK))
                .isNotEqualTo(Schedule.monthly(2, SEVEN, NEW_YORK));
        assertThat(Schedule.every(Duration.ofHours(1), ANCHOR))
                .isEqualTo(Schedule.every(Duration.ofMinutes(60), ANCHOR))
                .isNotEqualTo(Schedule.every(Duration.ofHours(2), ANCHOR));
        assertThat(Schedule.daily(SEVEN, NEW_YORK))
                .isEqualTo(Schedule.daily(SEVEN, NEW_YORK))
                .isNotEqualTo(Schedule.daily(SEVEN, ZoneOffset.UTC));
        assertThat(Schedule.once(ANCHOR)).isEqualTo(Schedule.once(ANCHOR));
    }

    @Test
    void should_describe_days_of_months_times_and_limits() {
        assertThat(Schedule.daily(Set.of(LocalTime.NOON, SEVEN), NEW_YORK))
                .hasToString("daily at 07:00, 12:00 America/New_York");
        assertThat(Schedule.weekdays(SEVEN, NEW_YORK))
                .hasToString("weekly on MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY at 07:00 America/New_York");
        assertThat(Schedule.monthlyOnLastDay(SEVEN, NEW_YORK))
                .hasToString("monthly on the last day at 07:00 America/New_York");
        assertThat(Schedule.monthlyOnNth(2, DayOfWeek.TUESDAY, SEVEN, NEW_YORK))
                .hasToString("monthly on TUESDAY number 2 at 07:00 America/New_York");
        assertThat(Schedule.monthlyOnLast(DayOfWeek.FRIDAY, SEVEN, NEW_YORK))
                .hasToString("monthly on the last FRIDAY at 07:00 America/New_York");
        assertThat(Schedule.every(Duration.ofHours(1), ANCHOR, NEW_YORK))
                .hasToString("every PT1H from 2026-01-01T00:00:00Z, dates of America/New_York");
        assertThat(Schedule.daily(SEVEN, NEW_YORK)
                        .except(LocalDate.of(2026, 12, 26), LocalDate.of(2026, 12, 25))
                        .endingOn(LocalDate.of(2027, 6, 30))
                        .startingOn(LocalDate.of(2026, 9, 1)))
                .hasToString("daily at 07:00 America/New_York, starting on 2026-09-01, ending on 2027-06-30,"
                        + " except 2026-12-25, 2026-12-26");
    }

    @Test
    void should_know_how_often_it_fires() {
        assertThat(Schedule.once(ANCHOR).frequency()).isEqualTo(Frequency.ONCE);
        assertThat(Schedule.daily(SEVEN, NEW_YORK).frequency()).isEqualTo(Frequency.DAILY);
        assertThat(Schedule.weekdays(SEVEN, NEW_YORK).frequency()).isEqualTo(Frequency.WEEKLY);
        assertThat(Schedule.monthly(1, SEVEN, NEW_YORK)
                        .except(LocalDate.of(2026, 12, 1))
                        .frequency())
                .isEqualTo(Frequency.MONTHLY);
        assertThat(Schedule.every(Duration.ofHours(24), ANCHOR).frequency()).isEqualTo(Frequency.OTHER);
        assertThat(Schedule.every(Duration.ofHours(1), ANCHOR, NEW_YORK)
                        .endingOn(LocalDate.of(2027, 1, 1))
                        .frequency())
                .isEqualTo(Frequency.OTHER);
    }

    private static List<String> explained(Schedule schedule, String after, int n) {
        return schedule.explain(Instant.parse(after), n).stream()
                .map(ExplainedFire::toString)
                .toList();
    }

    @Test
    void should_explain_gaps_overlaps_and_calendars() {
        assertThat(explained(Schedule.daily(LocalTime.of(2, 30), NEW_YORK), "2026-03-07T00:00:00Z", 3))
                .containsExactly(
                        "2026-03-07 02:30 America/New_York = 2026-03-07T07:30:00Z",
                        "2026-03-08 03:00 America/New_York = 2026-03-08T07:00:00Z"
                                + " (gap: 02:30 does not exist, moved to 03:00)",
                        "2026-03-09 02:30 America/New_York = 2026-03-09T06:30:00Z");
        assertThat(explained(Schedule.daily(LocalTime.of(1, 30), NEW_YORK), "2026-11-01T00:00:00Z", 1))
                .containsExactly("2026-11-01 01:30 America/New_York = 2026-11-01T05:30:00Z"
                        + " (overlap: 01:30 comes twice, this is the first)");
        assertThat(explained(Schedule.monthly(29, SEVEN, ZoneOffset.UTC), "2027-02-01T00:00:00Z", 2))
                .containsExactly(
                        "2027-02-28 07:00 Z = 2027-02-28T07:00:00Z (2027-02 has no day 29, it is the last one)",
                        "2027-03-29 07:00 Z = 2027-03-29T07:00:00Z");
        ZoneId apia = ZoneId.of("Pacific/Apia");
        assertThat(explained(Schedule.daily(SEVEN, apia).except(LocalDate.of(2011, 12, 31)), "2011-12-29T18:00:00Z", 1))
                .containsExactly("2012-01-01 07:00 Pacific/Apia = 2011-12-31T17:00:00Z"
                        + " (2011-12-30 does not exist; 2011-12-31 is excepted)");
        assertThat(explained(Schedule.cron("30 * * * *", NEW_YORK), "2026-11-01T05:00:00Z", 3))
                .containsExactly(
                        "2026-11-01 01:30 America/New_York = 2026-11-01T05:30:00Z"
                                + " (overlap: 01:30 comes twice, this is the first)",
                        "2026-11-01 01:30 America/New_York = 2026-11-01T06:30:00Z"
                                + " (overlap: 01:30 comes twice, this is the second)",
                        "2026-11-01 02:30 America/New_York = 2026-11-01T07:30:00Z");
        assertThat(explained(Schedule.cron("30 * * * *", NEW_YORK), "2026-03-08T06:30:00Z", 2))
                .containsExactly(
                        "2026-03-08 03:30 America/New_York = 2026-03-08T07:30:00Z (gap: clocks go from 02:00 to 03:00)",
                        "2026-03-08 04:30 America/New_York = 2026-03-08T08:30:00Z");
        assertThat(explained(Schedule.once(ANCHOR), "2025-01-01T00:00:00Z", 5))
                .containsExactly("2026-01-01 00:00 Z = 2026-01-01T00:00:00Z");
    }

    /** What a host may write: a calendar of its own. */
    private record Trimester() implements Schedule {

        @Override
        public java.util.Optional<Instant> next(Instant after) {
            return after.isBefore(ANCHOR) ? java.util.Optional.of(ANCHOR) : java.util.Optional.empty();
        }

        @Override
        public String description() {
            return "trimester";
        }
    }

    @Test
    void should_say_what_it_can_of_a_hosts_own_schedule() {
        assertThat(explained(new Trimester(), "2025-01-01T00:00:00Z", 5))
                .containsExactly("2026-01-01 00:00 Z = 2026-01-01T00:00:00Z");
        assertThat(new Trimester().frequency()).isEqualTo(Frequency.OTHER);
    }

    @Test
    void should_refuse_limits_that_mean_nothing() {
        assertThatThrownBy(() -> Schedule.every(Duration.ofHours(1), ANCHOR).except(LocalDate.of(2026, 12, 25)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'every PT1H from 2026-01-01T00:00:00Z' has no zone in which dates could be read:"
                        + " use Schedule.every(interval, anchor, zone)");
        assertThatThrownBy(() -> Schedule.daily(SEVEN, NEW_YORK)
                        .startingOn(LocalDate.of(2026, 12, 25))
                        .endingOn(LocalDate.of(2026, 12, 24)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a schedule can't end on 2026-12-24 when it starts on 2026-12-25: it would never fire");
        assertThatThrownBy(() -> Schedule.monthlyOnNth(5, DayOfWeek.FRIDAY, SEVEN, NEW_YORK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nth must be 1 to 4, not 5: for the last FRIDAY use monthlyOnLast");
        assertThatThrownBy(() -> Schedule.daily(Set.of(), NEW_YORK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a daily schedule has one time or more, such as 07:00");
        assertThatThrownBy(() -> Schedule.daily(SEVEN, NEW_YORK).explain(ANCHOR, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("n must be 1 to 10000, not 0");
    }

    @Test
    void should_be_the_same_however_limits_were_added() {
        Schedule daily = Schedule.daily(SEVEN, NEW_YORK);
        LocalDate first = LocalDate.of(2026, 12, 25);
        LocalDate second = LocalDate.of(2026, 12, 26);

        assertThat(daily.except(first).except(second).startingOn(LocalDate.of(2026, 1, 1)))
                .isEqualTo(daily.startingOn(LocalDate.of(2026, 1, 1)).except(second, first))
                .hasSameHashCodeAs(daily.startingOn(LocalDate.of(2026, 1, 1)).except(second, first))
                .isNotEqualTo(daily.except(first));
    }

    @Test
    void should_not_change_with_the_set_it_was_given() {
        Set<DayOfWeek> days = new java.util.HashSet<>(Set.of(DayOfWeek.MONDAY));
        Schedule schedule = Schedule.weekly(days, SEVEN, NEW_YORK);

        days.add(DayOfWeek.FRIDAY);

        assertThat(schedule).hasToString("weekly on MONDAY at 07:00 America/New_York");
    }

    @Test
    void should_refuse_values_that_never_fire_or_always_do() {
        assertThatThrownBy(() -> Schedule.weekly(Set.of(), SEVEN, NEW_YORK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a weekly schedule has one day or more, such as MONDAY");
        assertThatThrownBy(() -> Schedule.monthly(32, SEVEN, NEW_YORK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dayOfMonth must be 1 to 31, not 32");
        assertThatThrownBy(() -> Schedule.monthly(0, SEVEN, NEW_YORK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dayOfMonth must be 1 to 31, not 0");
        assertThatThrownBy(() -> Schedule.every(Duration.ZERO, ANCHOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interval must be one second or more, not PT0S");
        assertThatThrownBy(() -> Schedule.every(Duration.ofMinutes(-5), ANCHOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interval must be one second or more, not PT-5M");
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_name_what_is_null() {
        assertThatThrownBy(() -> Schedule.daily((LocalTime) null, NEW_YORK))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("time");
        assertThatThrownBy(() -> Schedule.weekly(DayOfWeek.MONDAY, SEVEN, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("zone");
        assertThatThrownBy(() -> Schedule.monthly(1, SEVEN, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("zone");
        assertThatThrownBy(() -> Schedule.every(Duration.ofHours(1), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("anchor");
        assertThatThrownBy(() -> Schedule.once(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("at");
    }
}
