package io.outfeed.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.schedule.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleParserTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final LocalTime SEVEN = LocalTime.of(7, 0);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.5Z");
    private static final LocalDate MARCH = LocalDate.of(2026, 3, 1);

    static Stream<Schedule> schedules() {
        Stream<Schedule> instants = Stream.of(
                Schedule.once(NOON),
                Schedule.every(Duration.ofSeconds(90), NOON),
                Schedule.every(Duration.ofHours(1), Instant.EPOCH, NEW_YORK));
        Stream<Schedule> local = Stream.of(
                Schedule.daily(SEVEN, ZoneOffset.UTC),
                Schedule.daily(Set.of(SEVEN, LocalTime.of(19, 30, 15)), NEW_YORK),
                Schedule.weekly(DayOfWeek.MONDAY, SEVEN, ZoneOffset.ofHours(2)),
                Schedule.weekdays(SEVEN, NEW_YORK),
                Schedule.monthly(31, SEVEN, NEW_YORK),
                Schedule.monthlyOnLastDay(SEVEN, NEW_YORK),
                Schedule.monthlyOnNth(2, DayOfWeek.TUESDAY, SEVEN, NEW_YORK),
                Schedule.monthlyOnLast(DayOfWeek.FRIDAY, SEVEN, NEW_YORK),
                Schedule.cron("30 6 * * MON-FRI", NEW_YORK),
                Schedule.cron("*/5 * * * *", NEW_YORK),
                Schedule.cron("@daily", NEW_YORK));
        return Stream.concat(
                instants,
                local.flatMap(schedule -> Stream.of(
                        schedule,
                        schedule.startingOn(MARCH),
                        schedule.endingOn(MARCH).except(MARCH.minusDays(1)),
                        schedule.startingOn(MARCH).endingOn(MARCH.plusYears(1)).except(MARCH, MARCH.plusDays(1)))));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void should_read_a_schedule_from_its_description(Schedule schedule) {
        assertThat(ScheduleParser.parse(schedule.description())).contains(schedule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "at full moon",
                "daily at noon UTC",
                "daily at 07:00 Nowhere/Land",
                "daily at 07:00:00 UTC",
                "daily at 07:00 UTC on workdays of the customer",
                "monthly on the first day at 07:00 UTC",
                "monthly on day 32 at 07:00 UTC",
                "cron 61 * * * * UTC",
                "every PT0.1S from 2026-03-01T12:00:00Z",
                "once at 2026-03-01T12:00:00Z, except 2026-03-01"
            })
    void should_not_read_what_no_schedule_of_the_library_is_described_by(String description) {
        assertThat(ScheduleParser.parse(description)).isEmpty();
    }
}
