package io.outfeed.file;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.UnicodeName;
import io.outfeed.internal.text.Braces;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
 * <tr><td>{@code {sequence.daily}}</td><td>the same, counted from 1 among the runs of the day of {@code {fire}} in the
 * zone of the name</td><td>{@code :0000}</td></tr>
 * <tr><td>{@code {run}}</td><td>the number of the run</td><td>{@code :0000}</td></tr>
 * <tr><td>{@code {job}}, {@code {definition}}</td><td>their names</td><td></td></tr>
 * <tr><td>{@code {parameter.tenant}}</td><td>the job's parameter {@code tenant}</td><td></td></tr>
 * <tr><td>{@code {partition}}</td><td>the value of {@code filePer}</td><td></td></tr>
 * <tr><td>{@code {part}}</td><td>1, 2, 3, …, where the file is split</td><td>{@code :0000}</td></tr>
 * <tr><td>{@code {fire}}</td><td>when the schedule said run; for a manual run, when it began</td><td>a date
 * pattern</td></tr>
 * <tr><td>{@code {window.from}}, {@code {window.until}}</td><td>the bounds of the window</td><td>a date pattern, if
 * they are times</td></tr>
 * <tr><td>{@code {window.lastDay}}</td><td>the last day that the window has a part of: the day before for a window that
 * ends at midnight</td><td>a date pattern</td></tr>
 * </table>
 *
 * <p>A date pattern is one of {@link DateTimeFormatter}, in GMT unless {@link #zone} says otherwise, with the English
 * names of months and days; the default is {@code yyyyMMdd'T'HHmmss'Z'}, and {@code yyyyMMdd} for a day. Before its
 * colon a time may be shifted by hours, days, weeks or months, and have a zone of its own:
 * {@code {fire-1d@Europe/Zurich:yyyyMMdd}}. {@code {window.from|all:yyyyMMdd}} is {@code all} in the first window,
 * which begins with the first record. The names are {@link FileNames#PORTABLE}, unless {@link #unicode} makes them;
 * other characters in a variable's value become hyphens. The same run always gets the same name. Immutable.
 */
public final class FileName {

    /** The variable that is the receiver's number of the run among those of its day. */
    public static final String DAILY_SEQUENCE = NameVariable.DAILY_SEQUENCE;

    /** Fixed text if the variable is null. */
    private record Part(String text, @Nullable NameVariable variable) {}

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
     * Returns whose local times are written.
     *
     * @return GMT, or what {@link #zone(ZoneId)} has set
     */
    public ZoneId zone() {
        return zone;
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
        return variables().anyMatch(used -> used.name().equals(variable));
    }

    /**
     * Returns the names of the job's parameters that are used.
     *
     * @return the names, without {@code parameter.}
     */
    public List<String> parameters() {
        return variables()
                .map(NameVariable::name)
                .filter(variable -> variable.startsWith(NameVariable.PARAMETER))
                .map(variable -> variable.substring(NameVariable.PARAMETER.length()))
                .distinct()
                .toList();
    }

    private Stream<NameVariable> variables() {
        return parts.stream().flatMap(part -> Optional.ofNullable(part.variable()).stream());
    }

    /**
     * Tells whether a bound of the window is written as a time: then the watermark must be one.
     *
     * @return whether {@code window.lastDay} is used, or a date pattern, shift or zone follows {@code window.from} or
     *     {@code window.until}
     */
    public boolean needsWindowTimes() {
        return variables().anyMatch(NameVariable::needsWindowTimes);
    }

    /**
     * Renders the name for values.
     *
     * @param values a value for each variable that is used: {@link Long} for numbers, {@link Instant} for times, text
     *     for the rest; that of {@code window.until} for {@code window.lastDay}; and {@code window.isFirst}, true if
     *     the window is the first one
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
            name.append(part.variable() == null ? part.text() : allowed.clean(text(part.variable(), values)));
        }
        return allowed.clean(name.toString());
    }

    private String text(NameVariable variable, Map<String, ?> values) {
        Object value = values.get(variable.source());
        if (value == null) {
            throw new InvalidDefinitionException(
                    "file name '" + pattern + "'", List.of("this run has no value for {" + variable.source() + "}"));
        }
        boolean first = Boolean.TRUE.equals(values.get(NameVariable.IS_FIRST));
        return variable.text(value, first, zone)
                .orElseThrow(() -> new InvalidDefinitionException(
                        "file name '" + pattern + "'",
                        List.of("this run's value for {" + variable.source() + "} is a "
                                + value.getClass().getSimpleName())));
    }

    private String sample() {
        Map<String, Object> values = new HashMap<>();
        variables().forEach(variable -> values.put(variable.source(), variable.sample()));
        return join(values);
    }

    private static List<Part> parse(String pattern, FileNames allowed, Problems problems) {
        List<Part> parts = new ArrayList<>();
        for (Braces.Part part : Braces.split(pattern, problems::add)) {
            if (part.isVariable()) {
                parts.add(new Part("", NameVariable.read(part, problems)));
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
