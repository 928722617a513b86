package io.outfeed.file;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.check.Problems;

/**
 * The dialect of a CSV file.
 *
 * <p>The default is that of RFC 4180: commas, double quotes where a value needs them, lines that end with CRLF, a header
 * line, and UTF-8 without a byte order mark. Immutable and comparable.
 */
public final class CsvFormat {

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

    /** What encloses a value that needs it; within the value it is doubled. */
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

    private static final CsvFormat RFC_4180 = builder().build();

    private final char delimiter;
    private final Quote quote;
    private final LineEnding lineEnding;

    private CsvFormat(Builder builder) {
        this.delimiter = builder.delimiter;
        this.quote = builder.quote;
        this.lineEnding = builder.lineEnding;
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
     * Returns what separates values.
     *
     * @return the character
     */
    public char delimiter() {
        return delimiter;
    }

    /**
     * Returns what encloses a value that needs it.
     *
     * @return the quote
     */
    public Quote quote() {
        return quote;
    }

    /**
     * Returns how lines end.
     *
     * @return the line ending
     */
    public LineEnding lineEnding() {
        return lineEnding;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CsvFormat that
                && delimiter == that.delimiter
                && quote == that.quote
                && lineEnding == that.lineEnding;
    }

    @Override
    public int hashCode() {
        return (delimiter * 31 + quote.hashCode()) * 31 + lineEnding.hashCode();
    }

    @Override
    public String toString() {
        return "CSV with delimiter " + (delimiter == '\t' ? "TAB" : delimiter) + ", " + quote + " quotes, "
                + lineEnding;
    }

    /** Collects the options of a dialect. Not thread-safe. */
    public static final class Builder {

        private char delimiter = ',';
        private Quote quote = Quote.DOUBLE;
        private LineEnding lineEnding = LineEnding.CRLF;

        private Builder() {}

        /**
         * Sets what separates values. Default: a comma.
         *
         * @param delimiter a printable ASCII character that is no letter, digit, quote or space, or a tab
         * @return this builder
         */
        public Builder delimiter(char delimiter) {
            this.delimiter = delimiter;
            return this;
        }

        /**
         * Sets what encloses a value that needs it. Default: {@link Quote#DOUBLE}.
         *
         * @param quote the quote
         * @return this builder
         */
        public Builder quote(Quote quote) {
            this.quote = requireNonNull(quote, "quote");
            return this;
        }

        /**
         * Sets how lines end. Default: {@link LineEnding#CRLF}.
         *
         * @param lineEnding the line ending
         * @return this builder
         */
        public Builder lineEnding(LineEnding lineEnding) {
            this.lineEnding = requireNonNull(lineEnding, "lineEnding");
            return this;
        }

        /**
         * Makes the dialect.
         *
         * @return the dialect
         * @throws io.outfeed.InvalidDefinitionException if the delimiter would make files that can't be read back
         */
        public CsvFormat build() {
            Problems problems = new Problems();
            boolean printable = delimiter > ' ' && delimiter < 0x7f;
            boolean word = Character.isLetterOrDigit(delimiter);
            boolean quoted = delimiter == '"' || delimiter == '\'';
            problems.addIf(
                    delimiter != '\t' && (!printable || word || quoted),
                    "the delimiter must be a tab or a printable ASCII character that is no letter, digit or quote, such as"
                            + " , ; or |");
            problems.throwIfAny("CSV format");
            return new CsvFormat(this);
        }
    }
}
