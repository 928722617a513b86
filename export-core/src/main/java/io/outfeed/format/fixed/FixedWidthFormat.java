package io.outfeed.format.fixed;

import static java.util.Objects.requireNonNull;

import io.outfeed.format.Column;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FormatDescription;
import io.outfeed.format.RecordFormat;
import io.outfeed.format.RecordWriter;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.format.Encodable;
import io.outfeed.internal.format.LineText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lines of fixed width: each column has a place, with an optional line before and after the records.
 *
 * <pre>{@code
 * FixedWidthFormat.builder()
 *         .header(line -> line.text("H").field("{fire:yyyyMMdd}", FixedField.text(8)))
 *         .text("D").column("employee", FixedField.number(8)).column("net", FixedField.number(11).impliedDecimals(2))
 *         .trailer(line -> line.text("T").field("{rows}", FixedField.number(8))
 *                 .field("{sum.net}", FixedField.number(15).impliedDecimals(2)))
 *         .build();
 * }</pre>
 *
 * <p>The columns are in the order of this format, whatever that of the definition is. A text with a line end or another
 * control character rejects its record. Immutable, comparable and thread-safe.
 */
public final class FixedWidthFormat implements RecordFormat {

    /** How lines end. */
    public enum LineEnding {
        /** Carriage return and line feed. The default. */
        CRLF("\r\n"),
        /** Line feed. */
        LF("\n"),
        /** Not at all: the lines follow one another. */
        NONE("");

        private final String text;

        LineEnding(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** What widths count. */
    public enum WidthUnit {
        /** Characters, as Unicode code points. The default. */
        CHARACTERS,
        /** Bytes of the charset, as programs count that read bytes; in a charset of one byte that is the same. */
        BYTES
    }

    private final Options options;

    private FixedWidthFormat(Options options) {
        this.options = options;
    }

    private static final class Options {

        private FixedLine record = new FixedLine.Builder().build();
        private @Nullable FixedLine header;
        private @Nullable FixedLine trailer;
        private LineEnding lineEnding = LineEnding.CRLF;
        private WidthUnit widthUnit = WidthUnit.CHARACTERS;
        private Charset charset = StandardCharsets.UTF_8;
        private @Nullable String replacement;

        private Options() {}

        private Options(Options other) {
            record = other.record;
            header = other.header;
            trailer = other.trailer;
            lineEnding = other.lineEnding;
            widthUnit = other.widthUnit;
            charset = other.charset;
            replacement = other.replacement;
        }
    }

    /**
     * Starts a format.
     *
     * @return a builder without columns
     */
    public static Builder builder() {
        return new Builder();
    }

    FixedLine record() {
        return options.record;
    }

    Optional<FixedLine> header() {
        return Optional.ofNullable(options.header);
    }

    Optional<FixedLine> trailer() {
        return Optional.ofNullable(options.trailer);
    }

    LineEnding lineEnding() {
        return options.lineEnding;
    }

    WidthUnit widthUnit() {
        return options.widthUnit;
    }

    Charset charset() {
        return options.charset;
    }

    Optional<String> replacement() {
        return Optional.ofNullable(options.replacement);
    }

    @Override
    public Set<String> sums() {
        return trailer().map(FixedLine::sums).orElse(Set.of());
    }

    @Override
    public List<String> problems(FileLayout layout) {
        Problems problems = new Problems();
        Set<String> placed = record().slots().stream()
                .filter(FixedLine.Slot::isColumn)
                .map(FixedLine.Slot::content)
                .collect(Collectors.toSet());
        Set<String> names = new HashSet<>();
        for (Column column : layout.columns()) {
            names.add(column.name());
            problems.addIf(
                    !placed.contains(column.name()),
                    "column '" + column.name() + "' has no place: add .column(\"" + column.name()
                            + "\", FixedField.text(...)), or leave the field out");
        }
        for (FixedLine.Slot slot : record().slots()) {
            problems.addIf(
                    slot.isColumn() && !names.contains(slot.content()),
                    "there is a place for '" + slot.content() + "', which is no column");
        }
        return problems.all();
    }

    @Override
    public RecordWriter open(FileLayout layout, OutputStream out) throws IOException {
        return new FixedWidthWriter(this, layout, out);
    }

    private List<Object> values() {
        return List.of(record(), header(), trailer(), lineEnding(), widthUnit(), charset(), replacement());
    }

    @Override
    public String fingerprint() {
        return toString();
    }

    @Override
    public Optional<FormatDescription> description() {
        return Optional.of(FormatDescription.of("txt", "text/plain", Optional.of(charset())));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FixedWidthFormat that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return Objects.hash(values());
    }

    /** All options. */
    @Override
    public String toString() {
        return "fixed width with " + record() + ", " + lineEnding() + ", widths in " + widthUnit() + ", " + charset()
                + replacement().map(text -> ", replacement '" + text + "'").orElse("")
                + header().map(line -> ", header " + line).orElse("")
                + trailer().map(line -> ", trailer " + line).orElse("");
    }

    /** Collects the options of a format. Not thread-safe. */
    public static final class Builder {

        private final Options options = new Options();
        private final FixedLine.Builder record = new FixedLine.Builder();

        private Builder() {}

        /**
         * Adds the place of a column, behind the places before it.
         *
         * @param name the name of the column's field
         * @param field how its values fill the place
         * @return this builder
         */
        public Builder column(String name, FixedField field) {
            record.column(0, name, field);
            return this;
        }

        /**
         * Adds the place of a column at a position; spaces fill the line up to it.
         *
         * @param position where it begins, from 1
         * @param name the name of the column's field
         * @param field how its values fill the place
         * @return this builder
         * @throws IllegalArgumentException if the position is less than 1
         */
        public Builder column(int position, String name, FixedField field) {
            record.column(FixedLine.Builder.positive(position), name, field);
            return this;
        }

        /**
         * Adds a fixed text to each record, such as the type of the line.
         *
         * @param text the text, as wide as it is long
         * @return this builder
         * @throws IllegalArgumentException if it is empty
         */
        public Builder text(String text) {
            record.text(text);
            return this;
        }

        /**
         * Adds spaces to each record.
         *
         * @param width how many
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder filler(int width) {
            record.filler(width);
            return this;
        }

        /**
         * Adds a line before the records. Default: none.
         *
         * @param line adds its fields; replaces the line that was set before
         * @return this builder
         */
        public Builder header(Consumer<FixedLine.Builder> line) {
            options.header = built(line);
            return this;
        }

        /**
         * Adds a line after the records. Default: none.
         *
         * @param line adds its fields; replaces the line that was set before
         * @return this builder
         */
        public Builder trailer(Consumer<FixedLine.Builder> line) {
            options.trailer = built(line);
            return this;
        }

        private static FixedLine built(Consumer<FixedLine.Builder> line) {
            FixedLine.Builder builder = new FixedLine.Builder();
            line.accept(builder);
            return builder.build();
        }

        /**
         * Sets how lines end. Default: {@link LineEnding#CRLF}.
         *
         * @param lineEnding the line ending
         * @return this builder
         */
        public Builder lineEnding(LineEnding lineEnding) {
            options.lineEnding = requireNonNull(lineEnding, "lineEnding");
            return this;
        }

        /**
         * Sets what widths count. Default: {@link WidthUnit#CHARACTERS}.
         *
         * @param widthUnit the unit
         * @return this builder
         */
        public Builder widthUnit(WidthUnit widthUnit) {
            options.widthUnit = requireNonNull(widthUnit, "widthUnit");
            return this;
        }

        /**
         * Sets the charset. Default: UTF-8. A record with a character that the charset can't encode is rejected unless
         * {@link #replacement} is set.
         *
         * @param charset a charset that can encode
         * @return this builder
         */
        public Builder charset(Charset charset) {
            options.charset = requireNonNull(charset, "charset");
            return this;
        }

        /**
         * Sets the replacement for characters that the charset can't encode, and for unpaired surrogates. Default:
         * none, and such a record is rejected.
         *
         * @param replacement the text, such as {@code ?}, which the charset must be able to encode
         * @return this builder
         */
        public Builder replacement(String replacement) {
            options.replacement = requireNonNull(replacement, "replacement");
            return this;
        }

        /**
         * Builds the format.
         *
         * @return the format
         * @throws io.outfeed.error.InvalidDefinitionException if lines could not be written with these options; all
         *     problems are listed
         */
        public FixedWidthFormat build() {
            options.record = record.build();
            Problems problems = new Problems();
            Set<String> names = new HashSet<>();
            boolean any = false;
            for (FixedLine.Slot slot : options.record.slots()) {
                any |= slot.isColumn();
                problems.addIf(
                        slot.isColumn() && !names.add(slot.content()),
                        "column '" + slot.content() + "' has two places");
            }
            problems.addIf(!any, "no column has a place: add .column(\"...\", FixedField.text(...))");
            options.record.check(LineText.Place.BEFORE_RECORDS, problems::add);
            if (options.header != null) {
                options.header.check(LineText.Place.BEFORE_RECORDS, problem -> problems.add("header: " + problem));
            }
            if (options.trailer != null) {
                options.trailer.check(LineText.Place.AFTER_RECORDS, problem -> problems.add("trailer: " + problem));
            }
            Encodable.problem(options.charset).ifPresent(problems::add);
            if (options.charset.canEncode()) {
                problems.addIf(
                        options.replacement != null && !new Encodable(options.charset).carries(options.replacement),
                        "charset " + options.charset + " can't carry the replacement for other characters either");
            }
            problems.throwIfAny("fixed-width format");
            return new FixedWidthFormat(new Options(options));
        }
    }
}
