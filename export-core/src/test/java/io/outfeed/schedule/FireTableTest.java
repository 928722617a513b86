package io.outfeed.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table was made by a program that shares nothing with the code under test: src/test/scripts/README.md. */
class FireTableTest {

    record Case(String schedule, Instant after, List<Instant> expected, String comment) {

        static Case of(String line) {
            String[] cells = line.split(" \\| ", 4);
            List<Instant> expected = cells[2].equals("-")
                    ? List.of()
                    : Arrays.stream(cells[2].split(" ", -1)).map(Instant::parse).toList();
            return new Case(cells[0], Instant.parse(cells[1]), expected, cells[3]);
        }

        /** What distinguishes it from the other lines of the table. */
        @Override
        public String toString() {
            return schedule + " after " + after;
        }

        /** The last fire of all is behind those of the table, unless the schedule ends. */
        boolean ends() {
            return expected.isEmpty() || schedule.contains("endingOn");
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream table = FireTableTest.class.getResourceAsStream("fires.txt")) {
            assertThat(table).isNotNull();
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.isBlank() && !line.startsWith("#")).map(Case::of).toList().stream();
        }
    }

    @Test
    void should_have_a_long_table() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(300).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void should_fire_as_the_table_says(Case row) {
        Schedule schedule = parse(row.schedule());
        List<Instant> fires = new ArrayList<>();
        Optional<Instant> next = schedule.next(row.after());
        while (next.isPresent() && fires.size() < row.expected().size() + (row.ends() ? 1 : 0)) {
            fires.add(next.get());
            next = schedule.next(next.get());
        }

        assertThat(fires).as(row.comment()).isEqualTo(row.expected());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void should_explain_the_same_fires(Case row) {
        Schedule schedule = parse(row.schedule());

        List<ExplainedFire> fires =
                schedule.explain(row.after(), Math.max(1, row.expected().size()));

        assertThat(fires).extracting(ExplainedFire::at).isEqualTo(row.expected());
        assertThat(fires)
                .allSatisfy(fire -> assertThat(fire.local().toInstant()).isEqualTo(fire.at()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void should_give_the_same_fire_from_any_instant_before_it(Case row) {
        Schedule schedule = parse(row.schedule());
        Instant after = row.after();
        for (Instant fire : row.expected()) {
            Duration distance = Duration.between(after, fire);
            for (int part = 0; part < 60; part++) {
                Instant between = after.plus(distance.multipliedBy(part).dividedBy(60));
                assertThat(schedule.next(between)).as("after %s", between).contains(fire);
            }
            assertThat(schedule.next(fire.minusNanos(1))).contains(fire);
            after = fire;
        }
    }

    static Schedule parse(String text) {
        String[] parts = text.split(" / ", -1);
        Schedule schedule = parts[0].startsWith("cron") ? cron(parts[0]) : plain(parts[0].split(" ", -1));
        for (String limit : Arrays.asList(parts).subList(1, parts.length)) {
            String[] words = limit.split(" ", -1);
            schedule = switch (words[0]) {
                case "except" -> schedule.except(set(words[1], LocalDate::parse));
                case "startingOn" -> schedule.startingOn(LocalDate.parse(words[1]));
                case "endingOn" -> schedule.endingOn(LocalDate.parse(words[1]));
                default -> throw new IllegalArgumentException(text);
            };
        }
        return schedule;
    }

    private static Schedule cron(String text) {
        String[] quoted = text.split("'", -1);
        return Schedule.cron(quoted[1], ZoneId.of(quoted[2].strip()));
    }

    private static Schedule plain(String[] words) {
        if (words[0].equals("every")) {
            return words.length == 3
                    ? Schedule.every(Duration.parse(words[1]), Instant.parse(words[2]))
                    : Schedule.every(Duration.parse(words[1]), Instant.parse(words[2]), ZoneId.of(words[3]));
        }
        ZoneId zone = ZoneId.of(words[words.length - 1]);
        Set<LocalTime> times = set(words[words.length - 2], LocalTime::parse);
        LocalTime time = times.iterator().next();
        return switch (words[0]) {
            case "daily" -> Schedule.daily(times, zone);
            case "weekdays" -> Schedule.weekdays(time, zone);
            case "weekly" -> Schedule.weekly(set(words[1], DayOfWeek::valueOf), time, zone);
            case "monthly" -> monthly(words[1], time, zone);
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static Schedule monthly(String day, LocalTime time, ZoneId zone) {
        if (day.equals("LAST")) {
            return Schedule.monthlyOnLastDay(time, zone);
        }
        if (!day.contains("-")) {
            return Schedule.monthly(Integer.parseInt(day), time, zone);
        }
        String[] words = day.split("-", -1);
        DayOfWeek weekday = DayOfWeek.valueOf(words[1]);
        return words[0].equals("LAST")
                ? Schedule.monthlyOnLast(weekday, time, zone)
                : Schedule.monthlyOnNth(Integer.parseInt(words[0]), weekday, time, zone);
    }

    private static <T> Set<T> set(String list, Function<String, T> parse) {
        return Arrays.stream(list.split(",", -1)).map(parse).collect(Collectors.toSet());
    }
}
