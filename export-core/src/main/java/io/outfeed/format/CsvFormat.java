package io.outfeed.format;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.check.Problems;
import io.outfeed.internal.format.Encodable;
import io.outfeed.internal.format.LineText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The dialect of a CSV file.
 *
 * <p>The default is that of RFC 4180: commas, double quotes where a value needs them, lines that end with CRLF, a
 * header line, and UTF-8 without a byte order mark. A null is written like an empty text: {@link Builder#nullText}
 * tells them apart. A value is quoted if it has the delimiter, the quote, a line end, NUL or a space at either end, or
 * could be taken for a null or for the end of the data. Immutable, comparable and thread-safe.
 */
public final class CsvFormat implements RecordFormat {

    /** How lines end. */
    public enum LineEnding {
        /** Carriage return and line feed, as RFC 4180 says. The default. */
        CRLF("\r\n"),
        /** Line feed. */
        LF("\n");

        private final String text;

        LineEnding(String text) {
            this.text = text;
        }

        /**
         * Returns the characters.
         *
         * @return one or two characters
         */
        public String text() {
            return text;
        }
    }

    /** The character that encloses quoted values; within a value it is doubled. */
    public enum Quote {
        /** {@code "}, as RFC 4180 says. The default. */
        DOUBLE('"'),
        /** {@code '}. */
        SINGLE('\'');

        private final char character;

        Quote(char character) {
            this.character = character;
        }

        /**
         * Returns the character.
         *
         * @return the character
         */
        public char character() {
            return character;
        }
    }

    /** Which values are quoted besides those that need it. */
    public enum Quoting {
        /** None. The default. */
        MINIMAL,
        /** All. A null is written as the null text without quotes, if there is one. */
        ALL,
        /** All but nulls, so that an unquoted empty cell is a null. */
        NON_NULL,
        /** All but numbers. A number that a transformation has converted is a text. */
        TEXT_ONLY
    }

    /** Whether the first line names the columns. */
    public enum Header {
        /** It does. The default. */
        PRESENT,
        /** The first line is a record; a file without records is empty. */
        ABSENT
    }

    /** Whether a file begins with a byte order mark. */
    public enum ByteOrderMark {
        /** It does: some spreadsheets need it to detect UTF-8. */
        PRESENT,
        /** It does not. The default. */
        ABSENT
    }

    /** How texts are protected that a spreadsheet would run as formulas. */
    public enum FormulaGuard {
        /** Not at all: the receiver's program gets the exact text. The default. */
        NONE,
        /**
         * An apostrophe is put before a text that begins with {@code = + - @}, their full-width forms, a tab, a line
         * end or NUL, unless it is a number. For files that people open in a spreadsheet; numbers are never changed.
         * Within a text an apostrophe is put before such a sign that follows a comma, semicolon, tab, bar, double quote
         * or line end, where a reader with another delimiter would begin a cell.
         */
        APOSTROPHE
    }

    /** How a quote within a quoted value is written. */
    public enum Escape {
        /** Twice, as RFC 4180 says. The default. */
        DOUBLED,
        /**
         * After a backslash, as a backslash itself is, for readers such as {@code LOAD DATA} of MySQL that don't follow
         * RFC 4180. A value that has a backslash is quoted.
         */
        BACKSLASH
    }

    private static final CsvFormat RFC_4180 = builder().build();

    private final Options options;

    private CsvFormat(Options options) {
        this.options = options;
    }

    private static final class Options {

        private char delimiter = ',';
        private Quote quote = Quote.DOUBLE;
        private LineEnding lineEnding = LineEnding.CRLF;
        private Quoting quoting = Quoting.MINIMAL;
        private Header header = Header.PRESENT;
        private Charset charset = StandardCharsets.UTF_8;
        private ByteOrderMark byteOrderMark = ByteOrderMark.ABSENT;
        private @Nullable String nullText;
        private @Nullable String replacement;
        private FormulaGuard formulaGuard = FormulaGuard.NONE;
        private Escape escape = Escape.DOUBLED;
        private List<LineText> preamble = List.of();
        private List<LineText> trailer = List.of();
        private final Map<String, Quoting> quotingByField = new TreeMap<>();
        private final Map<String, FormulaGuard> guardByField = new TreeMap<>();

        private Options() {}

        private Options(Options other) {
            delimiter = other.delimiter;
            quote = other.quote;
            lineEnding = other.lineEnding;
            quoting = other.quoting;
            header = other.header;
            charset = other.charset;
            byteOrderMark = other.byteOrderMark;
            nullText = other.nullText;
            replacement = other.replacement;
            formulaGuard = other.formulaGuard;
            escape = other.escape;
            preamble = other.preamble;
            trailer = other.trailer;
            quotingByField.putAll(other.quotingByField);
            guardByField.putAll(other.guardByField);
        }
    }

    /**
     * The dialect of RFC 4180.
     *
     * @return the default
     */
    public static CsvFormat rfc4180() {
        return RFC_4180;
    }

    /**
     * Starts a dialect from the default one.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the character between values.
     *
     * @return the character
     */
    public char delimiter() {
        return options.delimiter;
    }

    /**
     * Returns the character that encloses quoted values.
     *
     * @return the quote
     */
    public Quote quote() {
        return options.quote;
    }

    /**
     * Returns how lines end.
     *
     * @return the line ending
     */
    public LineEnding lineEnding() {
        return options.lineEnding;
    }

    /**
     * Returns which values are quoted besides those that need it.
     *
     * @return the choice
     */
    public Quoting quoting() {
        return options.quoting;
    }

    /**
     * Returns whether the first line names the columns.
     *
     * @return the choice
     */
    public Header header() {
        return options.header;
    }

    /**
     * Returns the charset.
     *
     * @return the charset
     */
    public Charset charset() {
        return options.charset;
    }

    /**
     * Returns whether a file begins with a byte order mark.
     *
     * @return the choice
     */
    public ByteOrderMark byteOrderMark() {
        return options.byteOrderMark;
    }

    /**
     * Returns the text for a null.
     *
     * @return the text; empty if a null is written like an empty text
     */
    public Optional<String> nullText() {
        return Optional.ofNullable(options.nullText);
    }

    /**
     * Returns the replacement for a character that the charset can't encode.
     *
     * @return the replacement; empty if such a record is rejected
     */
    public Optional<String> replacement() {
        return Optional.ofNullable(options.replacement);
    }

    /**
     * Returns how texts are protected that look like formulas.
     *
     * @return the choice
     */
    public FormulaGuard formulaGuard() {
        return options.formulaGuard;
    }

    /**
     * Returns how a quote within a quoted value is written.
     *
     * @return the choice
     */
    public Escape escape() {
        return options.escape;
    }

    /**
     * Returns the lines before the header.
     *
     * @return the lines with their variables; none by default
     */
    public List<String> preamble() {
        return options.preamble.stream().map(LineText::pattern).toList();
    }

    /**
     * Returns the cells of the line after the last record.
     *
     * @return the cells with their variables; none by default, and there is no such line
     */
    public List<String> trailer() {
        return options.trailer.stream().map(LineText::pattern).toList();
    }

    @Override
    public Set<String> sums() {
        return options.trailer.stream()
                .flatMap(cell -> cell.sums().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the lines before the header, with the values of a run. */
    List<String> preamble(FileLayout layout) {
        LineText.Values values =
                new LineText.Values(layout.sequence(), layout.fireTime(), OptionalLong.empty(), Map.of());
        return options.preamble.stream().map(line -> line.render(values)).toList();
    }

    /** Returns the cells of the trailer, with the values of a file. */
    List<String> trailer(FileLayout layout, FileTotals totals) {
        LineText.Values values = new LineText.Values(
                layout.sequence(), layout.fireTime(), OptionalLong.of(totals.rows()), totals.sums());
        return options.trailer.stream().map(cell -> cell.render(values)).toList();
    }

    Quoting quoting(String field) {
        return options.quotingByField.getOrDefault(field, quoting());
    }

    FormulaGuard formulaGuard(String field) {
        return options.guardByField.getOrDefault(field, formulaGuard());
    }

    /** Whether a null is written differently from an empty text. */
    boolean tellsNull() {
        return nullText().isPresent() || quoting() == Quoting.NON_NULL;
    }

    @Override
    public List<String> problems(FileLayout layout) {
        Problems problems = new Problems();
        boolean blankLines = tellsNull() && nullText().orElse("").isEmpty();
        problems.addIf(
                layout.size() == 1 && blankLines,
                "a null in the only column would be a blank line, which readers skip: choose a nullText such as \\N");
        if (header() == Header.PRESENT && replacement().isEmpty()) {
            Encodable encodable = new Encodable(charset());
            for (String title : layout.headers()) {
                problems.addIf(
                        !encodable.carries(title), "charset " + charset() + " can't carry the header '" + title + "'");
            }
        }
        Set<String> names = layout.columns().stream().map(Column::name).collect(Collectors.toSet());
        options.quotingByField
                .keySet()
                .forEach(field -> problems.addIf(
                        !names.contains(field), "quoting is set for '" + field + "', which is no column"));
        options.guardByField
                .keySet()
                .forEach(field -> problems.addIf(
                        !names.contains(field), "formulaGuard is set for '" + field + "', which is no column"));
        return problems.all();
    }

    @Override
    public RecordWriter open(FileLayout layout, OutputStream out) throws IOException {
        return new CsvWriter(this, layout, out);
    }

    @Override
    public String fingerprint() {
        return toString();
    }

    @Override
    public Optional<FormatDescription> description() {
        Map<String, Object> dialect = new LinkedHashMap<>();
        if (delimiter() != ',') {
            dialect.put("delimiter", Character.toString(delimiter()));
        }
        if (quote() != Quote.DOUBLE) {
            dialect.put("quoteChar", Character.toString(quote().character()));
        }
        if (lineEnding() != LineEnding.CRLF) {
            dialect.put("lineTerminator", lineEnding().text());
        }
        if (escape() == Escape.BACKSLASH) {
            dialect.put("doubleQuote", false);
            dialect.put("escapeChar", "\\");
        }
        if (header() == Header.ABSENT) {
            dialect.put("header", false);
        } else if (!options.preamble.isEmpty()) {
            dialect.put("headerRows", List.of(options.preamble.size() + 1));
        }
        return Optional.of(new FormatDescription("csv", "text/csv", Optional.of(charset()), dialect, nullText()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CsvFormat that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    private List<Object> values() {
        return List.of(
                delimiter(),
                quote(),
                lineEnding(),
                quoting(),
                header(),
                charset(),
                byteOrderMark(),
                nullText(),
                replacement(),
                formulaGuard(),
                escape(),
                preamble(),
                trailer(),
                options.quotingByField,
                options.guardByField);
    }

    /** The options that are not the default, and always the three that tell dialects apart. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("CSV with delimiter ")
                .append(delimiter() == '\t' ? "TAB" : Character.toString(delimiter()))
                .append(", ")
                .append(quote())
                .append(" quotes, ")
                .append(lineEnding());
        if (quoting() != Quoting.MINIMAL) {
            text.append(", quoting ").append(quoting());
        }
        if (header() == Header.ABSENT) {
            text.append(", no header");
        }
        if (!charset().equals(StandardCharsets.UTF_8)) {
            text.append(", ").append(charset());
        }
        if (byteOrderMark() == ByteOrderMark.PRESENT) {
            text.append(", byte order mark");
        }
        nullText().ifPresent(nulls -> text.append(", nulls as '").append(nulls).append("'"));
        replacement()
                .ifPresent(other -> text.append(", replacement '").append(other).append("'"));
        if (formulaGuard() != FormulaGuard.NONE) {
            text.append(", formula guard ").append(formulaGuard());
        }
        if (escape() != Escape.DOUBLED) {
            text.append(", escape ").append(escape());
        }
        options.quotingByField.forEach((field, quoting) ->
                text.append(", quoting of ").append(field).append(' ').append(quoting));
        options.guardByField.forEach((field, guard) ->
                text.append(", formula guard of ").append(field).append(' ').append(guard));
        if (!preamble().isEmpty()) {
            text.append(", preamble ").append(preamble());
        }
        if (!trailer().isEmpty()) {
            text.append(", trailer ").append(trailer());
        }
        return text.toString();
    }

    /** Collects the options of a dialect. Not thread-safe. */
    public static final class Builder {

        private final Options options = new Options();

        private Builder() {}

        /**
         * Sets the character between values. Default: a comma.
         *
         * @param delimiter a printable ASCII character that is no letter, digit, quote or space, or a tab
         * @return this builder
         */
        public Builder delimiter(char delimiter) {
            options.delimiter = delimiter;
            return this;
        }

        /**
         * Sets the character that encloses quoted values. Default: {@link Quote#DOUBLE}.
         *
         * @param quote the quote
         * @return this builder
         */
        public Builder quote(Quote quote) {
            options.quote = requireNonNull(quote, "quote");
            return this;
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
         * Sets which values are quoted besides those that need it. Default: {@link Quoting#MINIMAL}.
         *
         * @param quoting the choice
         * @return this builder
         */
        public Builder quoting(Quoting quoting) {
            options.quoting = requireNonNull(quoting, "quoting");
            return this;
        }

        /**
         * Sets whether the first line names the columns. Default: {@link Header#PRESENT}.
         *
         * @param header the choice
         * @return this builder
         */
        public Builder header(Header header) {
            options.header = requireNonNull(header, "header");
            return this;
        }

        /**
         * Sets the charset. Default: UTF-8. A record with a character that the charset can't encode is rejected unless
         * {@link #replacement} is set.
         *
         * @param charset a charset that can encode; for UTF-16 with a byte order mark use {@code UTF_16LE} and
         *     {@link ByteOrderMark#PRESENT}
         * @return this builder
         */
        public Builder charset(Charset charset) {
            options.charset = requireNonNull(charset, "charset");
            return this;
        }

        /**
         * Sets whether a file begins with a byte order mark. Default: {@link ByteOrderMark#ABSENT}. For the Unicode
         * charsets only.
         *
         * @param byteOrderMark the choice
         * @return this builder
         */
        public Builder byteOrderMark(ByteOrderMark byteOrderMark) {
            options.byteOrderMark = requireNonNull(byteOrderMark, "byteOrderMark");
            return this;
        }

        /**
         * Sets the text for a null, which is never quoted; a value that equals it is quoted. Default: a null is written
         * like an empty text. With an empty text here an empty cell is a null, and {@code ""} an empty text, as in
         * PostgreSQL.
         *
         * @param nullText the text, such as {@code \N}; it must not need quotes
         * @return this builder
         */
        public Builder nullText(String nullText) {
            options.nullText = requireNonNull(nullText, "nullText");
            return this;
        }

        /**
         * Sets the replacement for characters that the charset can't encode, and for unpaired surrogates. Default:
         * none, and such a record is rejected.
         *
         * @param replacement the text, such as {@code ?}, which the charset must be able to encode; it may be empty
         * @return this builder
         */
        public Builder replacement(String replacement) {
            options.replacement = requireNonNull(replacement, "replacement");
            return this;
        }

        /**
         * Sets how texts are protected that a spreadsheet would run as formulas. Default: {@link FormulaGuard#NONE}.
         * Choose the apostrophe for files that people open, such as those that are sent by email.
         *
         * @param formulaGuard the choice
         * @return this builder
         */
        public Builder formulaGuard(FormulaGuard formulaGuard) {
            options.formulaGuard = requireNonNull(formulaGuard, "formulaGuard");
            return this;
        }

        /**
         * Sets which values of one column are quoted. Default: what {@link #quoting(Quoting)} says.
         *
         * @param field the name of the column's field
         * @param quoting the choice, but {@link Quoting#NON_NULL}, which is for all columns or none
         * @return this builder
         */
        public Builder quoting(String field, Quoting quoting) {
            options.quotingByField.put(requireNonNull(field, "field"), requireNonNull(quoting, "quoting"));
            return this;
        }

        /**
         * Sets how the texts of one column are protected, such as one of phone numbers that the receiver's program
         * needs as they are. Default: what {@link #formulaGuard(FormulaGuard)} says.
         *
         * @param field the name of the column's field
         * @param formulaGuard the choice
         * @return this builder
         */
        public Builder formulaGuard(String field, FormulaGuard formulaGuard) {
            options.guardByField.put(requireNonNull(field, "field"), requireNonNull(formulaGuard, "formulaGuard"));
            return this;
        }

        /**
         * Sets how a quote within a quoted value is written. Default: {@link Escape#DOUBLED}.
         *
         * @param escape the choice
         * @return this builder
         */
        public Builder escape(Escape escape) {
            options.escape = requireNonNull(escape, "escape");
            return this;
        }

        /**
         * Sets the lines before the header, written as they are, such as {@code sep=;} for a spreadsheet. Default:
         * none.
         *
         * <p>A line may have the variables {@code {sequence}}, the receiver's number of the run, and {@code {fire}},
         * its fire time, also with digits or a date pattern: {@code {sequence:0000}}, {@code {fire:yyyy-MM-dd}}, in
         * GMT.
         *
         * @param lines the lines, without line ends; replace those that were set before
         * @return this builder
         */
        public Builder preamble(String... lines) {
            options.preamble = Stream.of(lines).map(LineText::new).toList();
            return this;
        }

        /**
         * Sets a line after the last record, such as {@code trailer("T", "{rows}", "{sum.amount}")}. Default: none.
         *
         * <p>A cell may have the variables of {@link #preamble}, and {@code {rows}}, the number of records, and
         * {@code {sum.FIELD}}, the sum of the numbers of a field.
         *
         * @param cells the cells, quoted like those of a record; replace those that were set before
         * @return this builder
         */
        public Builder trailer(String... cells) {
            options.trailer = Stream.of(cells).map(LineText::new).toList();
            return this;
        }

        /**
         * Builds the dialect.
         *
         * @return the dialect
         * @throws io.outfeed.error.InvalidDefinitionException if files with these options could not be read back; all
         *     problems are listed
         */
        public CsvFormat build() {
            Problems problems = new Problems();
            boolean printable = options.delimiter > ' ' && options.delimiter < 0x7f;
            boolean word = Character.isLetterOrDigit(options.delimiter);
            boolean quoted = options.delimiter == '"' || options.delimiter == '\'';
            problems.addIf(
                    options.delimiter != '\t' && (!printable || word || quoted),
                    "the delimiter must be a tab or a printable ASCII character that is no letter, digit or quote,"
                            + " such as , ; or |");
            problems.addIf(
                    options.delimiter == '\\' && options.escape == Escape.BACKSLASH,
                    "a backslash can't be both the delimiter and the escape: choose another delimiter");
            Encodable.problem(options.charset).ifPresent(problems::add);
            if (options.charset.canEncode()) {
                checkCharset(problems);
            }
            if (options.nullText != null) {
                checkNullText(options.nullText, problems);
            }
            checkLines("preamble", options.preamble, LineText.Place.BEFORE_RECORDS, problems);
            checkLines("trailer", options.trailer, LineText.Place.AFTER_RECORDS, problems);
            problems.addIf(
                    options.quotingByField.containsValue(Quoting.NON_NULL),
                    "quoting NON_NULL is for all columns or none: choose ALL for a single one");
            problems.throwIfAny("CSV format");
            return new CsvFormat(new Options(options));
        }

        private void checkLines(String option, List<LineText> lines, LineText.Place place, Problems problems) {
            for (LineText line : lines) {
                line.check(place, problem -> problems.add(option + " '" + line + "': " + problem));
                problems.addIf(
                        line.pattern().chars().anyMatch(c -> c < ' ' && c != '\t'),
                        option + " has a line end or another control character: give each line by itself");
                problems.addIf(
                        options.charset.canEncode() && !new Encodable(options.charset).carries(line.pattern()),
                        "charset " + options.charset + " can't carry the " + option);
            }
        }

        private void checkCharset(Problems problems) {
            Encodable encodable = new Encodable(options.charset);
            problems.addIf(
                    !encodable.carries(options.delimiter + "" + options.quote.character() + options.lineEnding.text()),
                    "charset " + options.charset + " can't carry the delimiter, the quote or the line ending");
            problems.addIf(
                    options.byteOrderMark == ByteOrderMark.PRESENT
                            && !options.charset.name().startsWith("UTF-"),
                    "a byte order mark is for the Unicode charsets, not for " + options.charset);
            problems.addIf(
                    options.nullText != null && !encodable.carries(options.nullText),
                    "charset " + options.charset + " can't carry the nullText");
            problems.addIf(
                    options.replacement != null && !encodable.carries(options.replacement),
                    "charset " + options.charset + " can't carry the replacement for other characters either");
        }

        private void checkNullText(String text, Problems problems) {
            boolean needsQuotes = text.indexOf(options.delimiter) >= 0
                    || text.indexOf(options.quote.character()) >= 0
                    || text.chars().anyMatch(c -> c < ' ')
                    || !text.equals(text.strip());
            problems.addIf(
                    needsQuotes,
                    "the nullText must have no delimiter, quote or control character, and no space at either end");
            problems.addIf(
                    text.equals("\\."), "the nullText \\. ends the data for some readers: choose another, such as \\N");
        }
    }
}
