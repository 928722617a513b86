package io.outfeed.file;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.UnicodeName;
import io.outfeed.internal.text.Braces;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The name of a run's file: fixed text and typed variables, such as
 * {@code interactions-{sequence}-{window.until:yyyyMMdd'T'HHmmss}.csv}.
 *
 * <table>
 * <caption>Variables</caption>
 * <tr><th>variable</th><th>is</th><th>may be followed by</th></tr>
 * <tr><td>{@code {sequence}}</td><td>the receiver's gap-free number of the file's run</td><td>{@code :0000}, its least
 * digits</td></tr>
 * <tr><td>{@code {run}}</td><td>the number of the run</td><td>{@code :0000}</td></tr>
 * <tr><td>{@code {job}}, {@code {definition}}</td><td>their names</td><td></td></tr>
 * <tr><td>{@code {parameter.tenant}}</td><td>the job's parameter {@code tenant}</td><td></td></tr>
 * <tr><td>{@code {partition}}</td><td>the value of {@code filePer}</td><td></td></tr>
 * <tr><td>{@code {part}}</td><td>1, 2, 3, …, where the file is split</td><td>{@code :0000}</td></tr>
 * <tr><td>{@code {fire}}</td><td>when the schedule said run; for a manual run, when it began</td><td>a date
 * pattern</td></tr>
 * <tr><td>{@code {window.from}}, {@code {window.until}}</td><td>the bounds of the window</td><td>a date pattern, if
 * they are times</td></tr>
 * </table>
 *
 * <p>A date pattern is one of {@link DateTimeFormatter}, in GMT unless {@link #zone} says otherwise, with the English
 * names of months and days; the default is {@code yyyyMMdd'T'HHmmss'Z'}. The names are {@link FileNames#PORTABLE},
 * unless {@link #unicode} makes them; other characters in a variable's value become hyphens. The same run always gets
 * the same name. Immutable.
 */
public final class FileName {

    private static final String DEFAULT_TIME = "yyyyMMdd'T'HHmmss'Z'";
    private static final String PARAMETER = "parameter.";

    private enum Type {
        NUMBER,
        TEXT,
        TIME,
        POSITION
    }

    private static final Map<String, Type> VARIABLES = Map.of(
            "sequence", Type.NUMBER,
            "run", Type.NUMBER,
            "part", Type.NUMBER,
            "partition", Type.TEXT,
            "job", Type.TEXT,
            "definition", Type.TEXT,
            "fire", Type.TIME,
            "window.from", Type.POSITION,
            "window.until", Type.POSITION);

    /** Fixed text if the variable is null; else a variable and the format after its colon. */
    private record Part(String text, @Nullable String variable) {}

    private final String pattern;
    private final FileNames allowed;
    private final ZoneId zone;
    private final List<Part> parts;

    private FileName(String pattern, FileNames allowed, ZoneId zone, List<Part> parts) {
        this.pattern = pattern;
        this.allowed = allowed;
        this.zone = zone;
        this.parts = parts;
    }

    /**
     * Reads a pattern of {@link FileNames#PORTABLE portable} names, with times in GMT.
     *
     * @param pattern fixed text and variables
     * @return the name
     * @throws InvalidDefinitionException if the pattern can't give a safe file name; all problems are listed
     */
    public static FileName of(String pattern) {
        return parse(pattern, FileNames.PORTABLE);
    }

    /**
     * Reads a pattern of {@link FileNames#UNICODE} names, with times in GMT. A job with such a name builds only with
     * deliveries whose {@link io.outfeed.delivery.Delivery#fileNames() fileNames()} are UNICODE.
     *
     * @param pattern fixed text and variables, such as <code>Besuche Zürich {sequence}.csv</code>
     * @return the name, in the normal form NFC
     * @throws InvalidDefinitionException if the pattern can't give a safe file name; all problems are listed
     */
    public static FileName unicode(String pattern) {
        return parse(pattern, FileNames.UNICODE);
    }

    private static FileName parse(String pattern, FileNames allowed) {
        requireNonNull(pattern, "pattern");
        Problems problems = new Problems();
        List<Part> parts = parse(pattern, allowed, problems);
        FileName name = new FileName(pattern, allowed, ZoneOffset.UTC, parts);
        String subject = "file name '" + pattern + "'";
        problems.throwIfAny(subject);
        allowed.problem(name.sample())
                .ifPresent(problem -> problems.add("with sample values it is no safe name: " + problem));
        problems.throwIfAny(subject);
        return name;
    }

    /**
     * Returns the same name with times of another zone.
     *
     * @param zone whose local times; GMT by default
     * @return a new name
     */
    public FileName zone(ZoneId zone) {
        return new FileName(pattern, allowed, requireNonNull(zone, "zone"), parts);
    }

    /**
     * Reads another pattern.
     *
     * @param other fixed text and variables
     * @return a new name, which allows the same names, with times of the same zone
     * @throws InvalidDefinitionException if the pattern can't give a safe file name; all problems are listed
     */
    public FileName pattern(String other) {
        return parse(other, allowed).zone(zone);
    }

    /**
     * Returns which names it may give.
     *
     * @return {@link FileNames#PORTABLE}, or what {@link #unicode} has made
     */
    public FileNames allowed() {
        return allowed;
    }

    /**
     * Tells whether a variable is used.
     *
     * @param variable the variable, without braces
     * @return whether the pattern has it
     */
    public boolean uses(String variable) {
        return parts.stream().anyMatch(part -> variable.equals(part.variable()));
    }

    /**
     * Returns the names of the job's parameters that are used.
     *
     * @return the names, without {@code parameter.}
     */
    public List<String> parameters() {
        return parts.stream()
                .map(part -> part.variable() == null ? "" : part.variable())
                .filter(variable -> variable.startsWith(PARAMETER))
                .map(variable -> variable.substring(PARAMETER.length()))
                .distinct()
                .toList();
    }

    /**
     * Tells whether a bound of the window is written with a date pattern: then the watermark must be a time.
     *
     * @return whether a date pattern follows {@code window.from} or {@code window.until}
     */
    public boolean needsWindowTimes() {
        return has(part ->
                VARIABLES.get(part.variable()) == Type.POSITION && !part.text().isEmpty());
    }

    private boolean has(Predicate<Part> condition) {
        return parts.stream().filter(part -> part.variable() != null).anyMatch(condition);
    }

    /**
     * Renders the name for values.
     *
     * @param values a value for each variable that is used: {@link Long} for numbers, {@link Instant} for times, text
     *     for the rest
     * @return a safe file name
     * @throws InvalidDefinitionException if a value is missing or of another type, or the result is no safe file name
     */
    public String render(Map<String, ?> values) {
        String name = join(values);
        allowed.problem(name).ifPresent(problem -> {
            throw new InvalidDefinitionException(
                    "file name '" + pattern + "'", List.of("with this run's values " + problem));
        });
        return name;
    }

    /** A mark at the beginning of one part changes the letter before it: the whole name is cleaned once more. */
    private String join(Map<String, ?> values) {
        StringBuilder name = new StringBuilder();
        for (Part part : parts) {
            name.append(part.variable() == null ? part.text() : text(part.variable(), part.text(), values));
        }
        return allowed.clean(name.toString());
    }

    private String text(String variable, String format, Map<String, ?> values) {
        Object value = values.get(variable);
        if (value == null) {
            throw new InvalidDefinitionException(
                    "file name '" + pattern + "'", List.of("this run has no value for {" + variable + "}"));
        }
        Type type = typeOf(variable);
        if (type == Type.NUMBER && value instanceof Long number) {
            String digits = number.toString();
            return "0".repeat(Math.max(0, format.length() - digits.length())) + digits;
        }
        if ((type == Type.TIME || type == Type.POSITION) && value instanceof Instant instant) {
            return allowed.clean(formatter(format.isEmpty() ? DEFAULT_TIME : format)
                    .withZone(zone)
                    .format(instant));
        }
        if ((type == Type.TEXT || type == Type.POSITION) && value instanceof String text && format.isEmpty()) {
            return allowed.clean(text);
        }
        throw new InvalidDefinitionException(
                "file name '" + pattern + "'",
                List.of("this run's value for {" + variable + "} is a "
                        + value.getClass().getSimpleName()));
    }

    private String sample() {
        Map<String, Object> values = new HashMap<>();
        for (Part part : parts) {
            String variable = part.variable();
            if (variable == null) {
                continue;
            }
            Object value = switch (typeOf(variable)) {
                case NUMBER -> 1L;
                case TEXT -> "x";
                case TIME, POSITION -> Instant.parse("2026-03-01T07:00:00Z");
            };
            values.put(variable, value);
        }
        return join(values);
    }

    private static Type typeOf(String variable) {
        return VARIABLES.getOrDefault(variable, Type.TEXT);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    private static List<Part> parse(String pattern, FileNames allowed, Problems problems) {
        List<Part> parts = new ArrayList<>();
        for (Braces.Part part : Braces.split(pattern, problems::add)) {
            if (part.isVariable()) {
                checkVariable(part, problems);
                parts.add(new Part(part.format(), part.variable()));
            } else {
                String fixed = part.text();
                problems.addIf(
                        !allowed.clean(fixed).equals(UnicodeName.normalized(fixed)),
                        "'" + fixed + "' has characters that are no part of a safe file name: use "
                                + characters(allowed));
                parts.add(new Part(fixed, null));
            }
        }
        problems.addIf(pattern.isEmpty(), "it is empty");
        return List.copyOf(parts);
    }

    private static String characters(FileNames allowed) {
        return switch (allowed) {
            case PORTABLE -> "A-Z, a-z, 0-9, '.', '_' and '-'";
            case UNICODE -> "letters, marks and digits of any script, blanks, '.', '_' and '-'";
        };
    }

    private static void checkVariable(Braces.Part part, Problems problems) {
        String name = part.variable();
        if (!VARIABLES.containsKey(name) && !(name.startsWith(PARAMETER) && name.length() > PARAMETER.length())) {
            problems.add("{" + name + "} is not known: use one of "
                    + VARIABLES.keySet().stream().sorted().toList() + " or parameter.<name>");
        } else if (part.hasFormat()) {
            checkFormat(name, part.format(), problems);
        }
    }

    private static void checkFormat(String name, String format, Problems problems) {
        switch (typeOf(name)) {
            case NUMBER ->
                problems.addIf(
                        !format.matches("0{1,18}"),
                        "{" + name + ":" + format + "}: only zeros may follow, such as {" + name + ":0000}");
            case TEXT -> problems.add("{" + name + ":" + format + "}: nothing may follow a text");
            case TIME, POSITION -> {
                try {
                    String sample = formatter(format).withZone(ZoneOffset.UTC).format(Instant.EPOCH);
                    problems.addIf(sample.isEmpty(), "{" + name + ":} has no date pattern behind the colon");
                } catch (IllegalArgumentException | DateTimeException e) {
                    problems.add("{" + name + ":" + format + "} is no date pattern: " + e.getMessage());
                }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileName that
                && pattern.equals(that.pattern)
                && allowed == that.allowed
                && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pattern, allowed, zone);
    }

    /** The pattern. */
    @Override
    public String toString() {
        return pattern;
    }
}
