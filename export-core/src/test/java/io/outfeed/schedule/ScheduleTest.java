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

    record Case(String schedule, Instant after, String expected, String comment) {}

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

    @ParameterizedTest
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
        Instant until = LocalFire.at(end, LocalTime.MIDNIGHT, zone).orElseThrow();
        List<Instant> fires = new ArrayList<>();
        Instant at = LocalFire.at(first, LocalTime.MIDNIGHT, zone).orElseThrow().minusNanos(1);
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
        assertThatThrownBy(() -> Schedule.daily(null, NEW_YORK))
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
