package io.outfeed.internal.format;

import io.outfeed.internal.check.DatePattern;
import io.outfeed.internal.text.Braces;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text with variables, for lines before and after the records: {@code {sequence}} and {@code {fire}}; behind the
 * records also {@code {rows}} and {@code {sum.FIELD}}. Numbers may be followed by zeros, {@code {rows:000000}}, the
 * time by a date pattern, {@code {fire:yyyyMMdd}}, in GMT. Immutable, comparable.
 */
public record LineText(String pattern) {

    private static final Instant SAMPLE_TIME = Instant.parse("2026-03-01T07:00:00Z");
    private static final String SUM = "sum.";
    private static final String DEFAULT_TIME = "yyyyMMdd'T'HHmmss'Z'";
    private static final Pattern DIGITS = Pattern.compile("0{1,18}");

    /**
     * The values of the variables.
     *
     * @param rows the number of records; empty before the records
     * @param sums the sums of fields, by their names; none before the records
     */
    public record Values(long sequence, Instant fireTime, OptionalLong rows, Map<String, BigDecimal> sums) {

        /** Omits the sums: that of one record is a value of the record. */
        @Override
        public String toString() {
            return "values of run " + sequence;
        }
    }

    /** Where the text stands. */
    public enum Place {
        BEFORE_RECORDS,
        AFTER_RECORDS
    }

    private List<Braces.Part> parts() {
        return Braces.split(pattern, problem -> {});
    }

    /** Adds the problems of the pattern, as clauses. */
    public void check(Place place, Consumer<String> problems) {
        for (Braces.Part part : Braces.split(pattern, problems)) {
            if (part.isVariable()) {
                check(part, place, problems);
            }
        }
    }

    private static void check(Braces.Part part, Place place, Consumer<String> problems) {
        String name = part.variable();
        boolean total = name.equals("rows") || (name.startsWith(SUM) && name.length() > SUM.length());
        if (total && place == Place.BEFORE_RECORDS) {
            problems.accept("{" + name + "} is known after the last record only: put it into the trailer");
        } else if (name.equals("fire")) {
            try {
                DatePattern.formatter(
                        part.hasFormat() ? part.format() : DEFAULT_TIME,
                        Locale.ENGLISH,
                        SAMPLE_TIME.atZone(ZoneOffset.UTC));
            } catch (IllegalArgumentException e) {
                problems.accept("{" + part.text() + "}: " + e.getMessage());
            }
        } else if (!total && !name.equals("sequence")) {
            problems.accept("{" + name + "} is not known: use one of [fire, rows, sequence, sum.FIELD]");
        } else if (part.hasFormat()
                && (name.startsWith(SUM) || !DIGITS.matcher(part.format()).matches())) {
            problems.accept("{" + part.text() + "}: "
                    + (name.startsWith(SUM)
                            ? "nothing may follow a sum"
                            : "only zeros may follow, such as {" + name + ":0000}"));
        }
    }

    /** Whether a text is nothing but a number of records or a sum. */
    public static boolean isNumber(String pattern) {
        List<Braces.Part> parts = new LineText(pattern).parts();
        return parts.size() == 1
                && parts.get(0).isVariable()
                && (parts.get(0).variable().equals("rows")
                        || parts.get(0).variable().startsWith(SUM));
    }

    /** Returns the fields whose sums it has. */
    public Set<String> sums() {
        return parts().stream()
                .filter(part -> part.isVariable() && part.variable().startsWith(SUM))
                .map(part -> part.variable().substring(SUM.length()))
                .collect(Collectors.toSet());
    }

    /** Returns the text with the values of its variables. */
    public String render(Values values) {
        StringBuilder text = new StringBuilder();
        for (Braces.Part part : parts()) {
            text.append(part.isVariable() ? value(part, values) : part.text());
        }
        return text.toString();
    }

    private static String value(Braces.Part part, Values values) {
        String name = part.variable();
        if (name.equals("fire")) {
            return DatePattern.formatter(
                            part.hasFormat() ? part.format() : DEFAULT_TIME,
                            Locale.ENGLISH,
                            SAMPLE_TIME.atZone(ZoneOffset.UTC))
                    .format(values.fireTime().atZone(ZoneOffset.UTC));
        } else if (name.equals("sequence")) {
            return digits(values.sequence(), part);
        } else if (name.equals("rows")) {
            return digits(values.rows().orElseThrow(), part);
        }
        return values.sums()
                .getOrDefault(name.substring(SUM.length()), BigDecimal.ZERO)
                .toPlainString();
    }

    private static String digits(long number, Braces.Part part) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, part.format().length() - digits.length())) + digits;
    }

    /** The pattern. */
    @Override
    public String toString() {
        return pattern;
    }
}
