package io.outfeed.file;

import io.outfeed.internal.check.Problems;
import io.outfeed.internal.text.Braces;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A variable in the name of a file, with what follows its name. Immutable.
 *
 * @param name the variable
 * @param shift how far a time is moved
 * @param zone whose local time it is, if not that of the file's name
 * @param firstWord what is written instead of the beginning of the first window
 * @param format what follows the colon, or an empty text
 */
record NameVariable(
        String name, Optional<Shift> shift, Optional<ZoneId> zone, Optional<String> firstWord, String format) {

    static final String PARAMETER = "parameter.";
    static final String WINDOW_FROM = "window.from";
    static final String WINDOW_UNTIL = "window.until";
    static final String LAST_DAY = "window.lastDay";

    /** Counts the runs of a day. */
    static final String DAILY_SEQUENCE = "sequence.daily";

    /** Whether the window is the first one of its definition. */
    static final String IS_FIRST = "window.isFirst";

    private static final String DEFAULT_TIME = "yyyyMMdd'T'HHmmss'Z'";
    private static final String DEFAULT_LOCAL_TIME = "yyyyMMdd'T'HHmmss";
    private static final String DEFAULT_DAY = "yyyyMMdd";

    private static final Pattern TIME = Pattern.compile("(?<name>fire|window\\.from|window\\.until|window\\.lastDay)"
            + "(?:(?<amount>[+-]\\d{1,4})(?<unit>[hdwM]))?(?:@(?<zone>[\\w/+-]+))?(?:\\|(?<word>[\\w.-]+))?");

    private static final Map<String, TemporalUnit> UNITS =
            Map.of("h", ChronoUnit.HOURS, "d", ChronoUnit.DAYS, "w", ChronoUnit.WEEKS, "M", ChronoUnit.MONTHS);

    /** What a variable is. */
    enum Type {
        NUMBER,
        TEXT,
        TIME,
        POSITION,
        DAY
    }

    static final Map<String, Type> TYPES = Map.ofEntries(
            Map.entry("sequence", Type.NUMBER),
            Map.entry(DAILY_SEQUENCE, Type.NUMBER),
            Map.entry("run", Type.NUMBER),
            Map.entry("part", Type.NUMBER),
            Map.entry("partition", Type.TEXT),
            Map.entry("job", Type.TEXT),
            Map.entry("definition", Type.TEXT),
            Map.entry("fire", Type.TIME),
            Map.entry(WINDOW_FROM, Type.POSITION),
            Map.entry(WINDOW_UNTIL, Type.POSITION),
            Map.entry(LAST_DAY, Type.DAY));

    /** How far a time is moved: days, weeks and months by the calendar, hours by elapsed time. */
    record Shift(int amount, TemporalUnit unit) {}

    /** Reads a variable, and adds its problems. */
    static NameVariable read(Braces.Part part, Problems problems) {
        NameVariable variable = parse(part, problems);
        String name = variable.name;
        if (!TYPES.containsKey(name) && !(name.startsWith(PARAMETER) && name.length() > PARAMETER.length())) {
            problems.add("{" + name + "} is not known: use one of "
                    + TYPES.keySet().stream().sorted().toList() + " or parameter.<name>");
        } else if (part.hasFormat()) {
            variable.checkFormat(problems);
        }
        return variable;
    }

    private static NameVariable parse(Braces.Part part, Problems problems) {
        Matcher time = TIME.matcher(part.variable());
        if (!time.matches()) {
            boolean misspelled = TIME.matcher(part.variable()).lookingAt();
            problems.addIf(
                    misspelled,
                    "{" + part.variable() + "} has something behind the name that is not known: use a shift such as -1d"
                            + " (h, d, w or M), then a zone such as @Europe/Zurich, then, for {" + WINDOW_FROM
                            + "}, a word for the first window such as |all");
            String name = misspelled ? "fire" : part.variable();
            return new NameVariable(name, Optional.empty(), Optional.empty(), Optional.empty(), part.format());
        }
        Optional<String> word = Optional.ofNullable(time.group("word"));
        problems.addIf(
                word.isPresent() && !time.group("name").equals(WINDOW_FROM),
                "{" + part.variable() + "}: only {" + WINDOW_FROM + "} has a word for the first window");
        return new NameVariable(
                time.group("name"),
                shift(time.group("amount"), time.group("unit")),
                Optional.ofNullable(time.group("zone")).flatMap(zone -> zone(part, zone, problems)),
                word,
                part.format());
    }

    private static Optional<Shift> shift(@Nullable String amount, @Nullable String unit) {
        return amount == null || unit == null
                ? Optional.empty()
                : Optional.of(new Shift(Integer.parseInt(amount), UNITS.getOrDefault(unit, ChronoUnit.DAYS)));
    }

    private static Optional<ZoneId> zone(Braces.Part part, String zone, Problems problems) {
        try {
            return Optional.of(ZoneId.of(zone));
        } catch (DateTimeException e) {
            problems.add("{" + part.variable() + "}: '" + zone + "' is no time zone: use one such as Europe/Zurich");
            return Optional.empty();
        }
    }

    private void checkFormat(Problems problems) {
        switch (type()) {
            case NUMBER ->
                problems.addIf(
                        !format.matches("0{1,18}"),
                        "{" + name + ":" + format + "}: only zeros may follow, such as {" + name + ":0000}");
            case TEXT -> problems.add("{" + name + ":" + format + "}: nothing may follow a text");
            case TIME, POSITION, DAY -> {
                try {
                    String sample = formatter(format).withZone(ZoneOffset.UTC).format(Instant.EPOCH);
                    problems.addIf(sample.isEmpty(), "{" + name + ":} has no date pattern behind the colon");
                } catch (IllegalArgumentException | DateTimeException e) {
                    problems.add("{" + name + ":" + format + "} is no date pattern: " + e.getMessage());
                }
            }
        }
    }

    Type type() {
        return TYPES.getOrDefault(name, Type.TEXT);
    }

    /** Whether a bound of the window must be a time. */
    boolean needsWindowTimes() {
        return type() == Type.DAY
                || (type() == Type.POSITION && (!format.isEmpty() || shift.isPresent() || zone.isPresent()));
    }

    /** Returns the variable whose value is written. */
    String source() {
        return type() == Type.DAY ? WINDOW_UNTIL : name;
    }

    /**
     * Writes a value.
     *
     * @param ofName the zone of the file's name
     * @return the text; empty if the value has another type
     */
    Optional<String> text(Object value, boolean firstWindow, ZoneId ofName) {
        if (type() == Type.NUMBER && value instanceof Long number) {
            String digits = number.toString();
            return Optional.of("0".repeat(Math.max(0, format.length() - digits.length())) + digits);
        }
        if (firstWord.isPresent() && firstWindow) {
            return firstWord;
        }
        if (isTime() && value instanceof Instant instant) {
            return Optional.of(time(instant, zone.orElse(ofName)));
        }
        boolean text = type() == Type.TEXT || (type() == Type.POSITION && !needsWindowTimes());
        return text && format.isEmpty() && value instanceof String written ? Optional.of(written) : Optional.empty();
    }

    private boolean isTime() {
        return type() == Type.TIME || type() == Type.POSITION || type() == Type.DAY;
    }

    private String time(Instant instant, ZoneId local) {
        // A window includes what is before its end: a window that ends at midnight has the day before as its last one.
        ZonedDateTime time = (type() == Type.DAY ? instant.minusNanos(1) : instant).atZone(local);
        if (shift.isPresent()) {
            time = time.plus(shift.get().amount(), shift.get().unit());
        }
        return formatter(format.isEmpty() ? defaultFormat() : format).format(time);
    }

    private String defaultFormat() {
        if (type() == Type.DAY) {
            return DEFAULT_DAY;
        }
        return zone.isPresent() ? DEFAULT_LOCAL_TIME : DEFAULT_TIME;
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    /** Returns a value of the type. */
    Object sample() {
        return switch (type()) {
            case NUMBER -> 1L;
            case TEXT -> "x";
            case TIME, POSITION, DAY -> Instant.parse("2026-03-01T07:00:00Z");
        };
    }
}
