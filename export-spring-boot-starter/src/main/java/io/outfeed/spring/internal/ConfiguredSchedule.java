package io.outfeed.spring.internal;

import io.outfeed.schedule.Schedule;
import io.outfeed.spring.OutfeedProperties.JobSchedule;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the schedule of a job. */
final class ConfiguredSchedule {

    private final String path;
    private final JobSchedule properties;
    private final Findings findings;

    private ConfiguredSchedule(String path, JobSchedule properties, Findings findings) {
        this.path = path;
        this.properties = properties;
        this.findings = findings;
    }

    /** Reads a schedule; null, and problems, if it is wrong. */
    static @Nullable Schedule read(String path, JobSchedule properties, Findings findings) {
        return new ConfiguredSchedule(path, properties, findings).read();
    }

    private @Nullable Schedule read() {
        List<String> kinds = kinds();
        if (kinds.size() != 1) {
            findings.add(
                    path,
                    "needs exactly one of daily, weekdays, weekly, monthly, cron and every"
                            + (kinds.isEmpty() ? "" : ", not " + String.join(" and ", kinds)));
            return null;
        }
        ZoneId zone = properties.zone() == null ? null : zone(path + ".zone", properties.zone(), findings);
        Duration interval = properties.every();
        if (interval != null) {
            Schedule every = findings.make(path + ".every", () -> Schedule.every(interval, Instant.EPOCH));
            return every == null ? null : withExceptions(every);
        }
        if (properties.zone() == null) {
            findings.add(path + ".zone", "is missing: say where the times are, such as Europe/Zurich");
        }
        Schedule schedule = zone == null ? null : local(zone);
        return schedule == null ? null : withExceptions(schedule);
    }

    private List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        if (!properties.daily().isEmpty()) {
            kinds.add("daily");
        }
        if (properties.weekdays() != null) {
            kinds.add("weekdays");
        }
        if (!properties.weekly().isEmpty()) {
            kinds.add("weekly");
        }
        if (properties.monthly() != null) {
            kinds.add("monthly");
        }
        if (properties.cron() != null) {
            kinds.add("cron");
        }
        if (properties.every() != null) {
            kinds.add("every");
        }
        return kinds;
    }

    private @Nullable Schedule local(ZoneId zone) {
        if (!properties.daily().isEmpty()) {
            Set<LocalTime> times = all(path + ".daily", properties.daily(), this::time);
            return times == null ? null : findings.make(path + ".daily", () -> Schedule.daily(times, zone));
        }
        if (properties.cron() != null) {
            String cron = properties.cron();
            return findings.make(path + ".cron", () -> Schedule.cron(cron, zone));
        }
        boolean weekdays = properties.weekdays() != null;
        String text = weekdays ? properties.weekdays() : properties.at();
        LocalTime at = at(path + (weekdays ? ".weekdays" : ".at"), text);
        if (at == null) {
            return null;
        }
        if (weekdays) {
            return Schedule.weekdays(at, zone);
        }
        if (properties.monthly() != null) {
            return monthly(properties.monthly(), at, zone);
        }
        Set<DayOfWeek> days = all(
                path + ".weekly",
                properties.weekly(),
                day -> DayOfWeek.valueOf(day.strip().toUpperCase(Locale.ROOT)));
        return days == null ? null : Schedule.weekly(days, at, zone);
    }

    private @Nullable LocalTime at(String where, @Nullable String text) {
        String given = findings.required(where, text);
        return given == null ? null : time(where, given, findings);
    }

    private @Nullable Schedule monthly(String day, LocalTime at, ZoneId zone) {
        if (day.equalsIgnoreCase("last")) {
            return Schedule.monthlyOnLastDay(at, zone);
        }
        return findings.make(path + ".monthly", () -> {
            if (!day.matches("\\d{1,2}")) {
                throw new IllegalArgumentException("must be a day of the month or last, not " + day);
            }
            return Schedule.monthly(Integer.parseInt(day), at, zone);
        });
    }

    private Schedule withExceptions(Schedule schedule) {
        Set<LocalDate> dates = all(path + ".except", properties.except(), LocalDate::parse);
        if (dates == null || dates.isEmpty()) {
            return schedule;
        }
        Schedule limited = findings.make(path + ".except", () -> schedule.except(dates));
        return limited == null ? schedule : limited;
    }

    private LocalTime time(String text) {
        return LocalTime.parse(text);
    }

    private <T> @Nullable Set<T> all(String where, List<String> texts, Function<String, T> reader) {
        Set<T> values = new HashSet<>();
        for (String text : texts) {
            try {
                values.add(reader.apply(text));
            } catch (DateTimeException | IllegalArgumentException e) {
                findings.add(where, "has '" + text + "', which is " + expected(where));
                return null;
            }
        }
        return values;
    }

    private static String expected(String where) {
        if (where.endsWith(".daily")) {
            return "no time of day: write it in quotes, as \"07:00\"";
        }
        return where.endsWith(".weekly")
                ? "no day: write "
                        + Set.of(DayOfWeek.values()).stream()
                                .sorted()
                                .map(DayOfWeek::name)
                                .collect(Collectors.joining(", "))
                : "no date: write it as 2026-12-25";
    }

    /** Reads a time of day; null, and a problem, if it is none. */
    static @Nullable LocalTime time(String where, String text, Findings findings) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            // YAML makes the number 1050 of 17:30 without quotes.
            findings.add(where, "is '" + text + "', which is no time of day: write it in quotes, as \"07:00\"");
            return null;
        }
    }

    /** Reads a time zone; null, and a problem, if it is none. */
    static @Nullable ZoneId zone(String where, String text, Findings findings) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            findings.add(where, "is '" + text + "', which is no time zone: write one such as Europe/Zurich");
            return null;
        }
    }
}
