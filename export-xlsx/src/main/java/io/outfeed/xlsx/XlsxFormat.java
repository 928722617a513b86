package io.outfeed.xlsx;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.Column;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FormatDescription;
import io.outfeed.format.RecordFormat;
import io.outfeed.format.RecordWriter;
import io.outfeed.internal.format.LineText;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Spreadsheets: Excel workbooks of Office Open XML, {@code .xlsx}.
 *
 * <p>Numbers, booleans, dates and times are such, with a format that shows them. A text stays a text whatever it looks
 * like: an id keeps its leading zeros, and {@code =1+1} is no formula. A null and an empty text are an empty cell.
 *
 * <p>What a cell can't hold rejects its record: a text of more than 32,767 characters, a control character but tab and
 * line ends, half of a surrogate pair, a date before 1900-03-01 or after 9999-12-31, and, unless {@link
 * Builder#longNumbers} says otherwise, a number of more than 15 digits. Times are cut to milliseconds, which is what
 * spreadsheets show.
 *
 * <p>A file is written as its records come, and takes a compressor for as long as it is open. Its size is known at the
 * end only: it can be split by {@code splitAfterRows}, and not by {@code splitAfterBytes}. Immutable, comparable and
 * thread-safe.
 */
public final class XlsxFormat implements RecordFormat {

    private static final int MOST_COLUMNS = 16_384;
    private static final int MOST_WIDTH = 255;
    private static final int MOST_CODE = 255;
    private static final int MOST_NAME = 31;

    /** What the number of a further sheet takes of the name. */
    private static final int ROOM_FOR_NUMBER = 5;

    private static final String NO_NAME = "\\/?*[]:";

    /** The row that names the columns. */
    public enum Header {
        /** The first row names the columns, and stays in view when a reader scrolls. The default. */
        FROZEN,
        /** The first row names the columns. */
        SCROLLING,
        /** The first row is a record. */
        ABSENT
    }

    /** How the row looks that names the columns. */
    public enum HeaderStyle {
        /** Bold. The default. */
        BOLD,
        /** Bold, on a light blue ground. */
        FILLED,
        /** As other texts. */
        PLAIN
    }

    /** What becomes of a number that a spreadsheet would change, since it keeps 15 digits. */
    public enum LongNumbers {
        /** It rejects its record. The default. */
        REJECT,
        /** It is written as a text, with all digits; formulas leave it out of sums. */
        TEXT
    }

    /** What becomes of a record for which the sheet has no room: one has 1,048,576 rows, and 4 GB of XML. */
    public enum WhenFull {
        /** The run fails: nothing is published until the definition is changed. The default. */
        FAIL,
        /** Another sheet begins, with the header. */
        NEXT_SHEET
    }

    private final Options options;

    private XlsxFormat(Options options) {
        this.options = options;
    }

    private static final class Options {

        private String sheetName = "Data";
        private Header header = Header.FROZEN;
        private HeaderStyle headerStyle = HeaderStyle.BOLD;
        private LongNumbers longNumbers = LongNumbers.REJECT;
        private WhenFull whenFull = WhenFull.FAIL;
        private ZoneId zone = ZoneOffset.UTC;
        private List<LineText> trailer = List.of();
        private final Map<String, Integer> widths = new TreeMap<>();
        private final Map<String, String> numberFormats = new TreeMap<>();

        private Options() {}

        private Options(Options other) {
            sheetName = other.sheetName;
            header = other.header;
            headerStyle = other.headerStyle;
            longNumbers = other.longNumbers;
            whenFull = other.whenFull;
            zone = other.zone;
            trailer = other.trailer;
            widths.putAll(other.widths);
            numberFormats.putAll(other.numberFormats);
        }
    }

    /**
     * Starts a format.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the name of the first sheet.
     *
     * @return the name
     */
    public String sheetName() {
        return options.sheetName;
    }

    /**
     * Returns what the first row is.
     *
     * @return the choice
     */
    public Header header() {
        return options.header;
    }

    /**
     * Returns how the row looks that names the columns.
     *
     * @return the choice
     */
    public HeaderStyle headerStyle() {
        return options.headerStyle;
    }

    /**
     * Returns what becomes of numbers of more than 15 digits.
     *
     * @return the choice
     */
    public LongNumbers longNumbers() {
        return options.longNumbers;
    }

    /**
     * Returns what becomes of a record for which the sheet has no room.
     *
     * @return the choice
     */
    public WhenFull whenFull() {
        return options.whenFull;
    }

    /**
     * Returns the zone in which points in time are shown.
     *
     * @return the zone
     */
    public ZoneId zone() {
        return options.zone;
    }

    /**
     * Returns the cells of the row after the last record.
     *
     * @return the cells with their variables; none by default, and there is no such row
     */
    public List<String> trailer() {
        return options.trailer.stream().map(LineText::pattern).toList();
    }

    /** Returns the width that is set for a column. */
    OptionalInt width(String field) {
        Integer width = options.widths.get(field);
        return width == null ? OptionalInt.empty() : OptionalInt.of(width);
    }

    /** Returns the format code that is set for a column. */
    Optional<String> numberFormat(String field) {
        return Optional.ofNullable(options.numberFormats.get(field));
    }

    @Override
    public Set<String> sums() {
        return options.trailer.stream()
                .flatMap(cell -> cell.sums().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public List<String> problems(FileLayout layout) {
        List<String> problems = new ArrayList<>();
        if (layout.size() > MOST_COLUMNS) {
            problems.add("there are " + layout.size() + " columns, and a spreadsheet has " + MOST_COLUMNS);
        }
        Set<String> names = new HashSet<>();
        for (Column column : layout.columns()) {
            names.add(column.name());
            CellText.problem(column.header())
                    .ifPresent(problem -> problems.add("the header of column '" + column.name() + "' can't be written: "
                            + problem.replace("correct the record", "change the header")));
        }
        options.widths.keySet().stream()
                .filter(field -> !names.contains(field))
                .forEach(field -> problems.add("width is set for '" + field + "', which is no column"));
        options.numberFormats.keySet().stream()
                .filter(field -> !names.contains(field))
                .forEach(field -> problems.add("numberFormat is set for '" + field + "', which is no column"));
        return problems;
    }

    @Override
    public boolean measuresRecords() {
        return false;
    }

    @Override
    public RecordWriter open(FileLayout layout, OutputStream out) throws IOException {
        return new XlsxWriter(this, layout, out, XlsxWriter.MOST_SHEET_BYTES);
    }

    @Override
    public String fingerprint() {
        return toString();
    }

    @Override
    public Optional<FormatDescription> description() {
        return Optional.of(FormatDescription.of(
                "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Optional.empty()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof XlsxFormat that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    private List<Object> values() {
        return List.of(
                sheetName(),
                header(),
                headerStyle(),
                longNumbers(),
                whenFull(),
                zone(),
                trailer(),
                options.widths,
                options.numberFormats);
    }

    /** The options that are not the default, and always the sheet's name and the zone. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("XLSX with sheet '" + sheetName() + "', times in " + zone());
        if (header() != Header.FROZEN) {
            text.append(", header ").append(header());
        }
        if (headerStyle() != HeaderStyle.BOLD) {
            text.append(", header style ").append(headerStyle());
        }
        if (longNumbers() != LongNumbers.REJECT) {
            text.append(", long numbers ").append(longNumbers());
        }
        if (whenFull() != WhenFull.FAIL) {
            text.append(", when full ").append(whenFull());
        }
        options.widths.forEach((field, width) ->
                text.append(", width of ").append(field).append(' ').append(width));
        options.numberFormats.forEach((field, code) -> text.append(", number format of ")
                .append(field)
                .append(" '")
                .append(code)
                .append("'"));
        if (!trailer().isEmpty()) {
            text.append(", trailer ").append(trailer());
        }
        return text.toString();
    }

    /** Collects the options of a format. Not thread-safe. */
    public static final class Builder {

        private final Options options = new Options();

        private Builder() {}

        /**
         * Sets the name of the sheet. Default: {@code Data}. A further sheet has a number behind it: {@code Data 2}.
         *
         * @param sheetName at most 31 characters, or 26 with {@link WhenFull#NEXT_SHEET}; none of {@code \ / ? * [ ] :}
         *     and no apostrophe at either end
         * @return this builder
         */
        public Builder sheetName(String sheetName) {
            options.sheetName = requireNonNull(sheetName, "sheetName");
            return this;
        }

        /**
         * Sets what the first row is. Default: {@link Header#FROZEN}.
         *
         * @param header the choice
         * @return this builder
         */
        public Builder header(Header header) {
            options.header = requireNonNull(header, "header");
            return this;
        }

        /**
         * Sets how the row looks that names the columns. Default: {@link HeaderStyle#BOLD}. Ignored if there is none.
         *
         * @param headerStyle the choice
         * @return this builder
         */
        public Builder headerStyle(HeaderStyle headerStyle) {
            options.headerStyle = requireNonNull(headerStyle, "headerStyle");
            return this;
        }

        /**
         * Sets what becomes of a number of more than 15 digits, or one that is beyond the range of a {@code double}.
         * Default: {@link LongNumbers#REJECT}. A column that is declared as a text has no numbers: that is the better
         * choice for ids.
         *
         * @param longNumbers the choice
         * @return this builder
         */
        public Builder longNumbers(LongNumbers longNumbers) {
            options.longNumbers = requireNonNull(longNumbers, "longNumbers");
            return this;
        }

        /**
         * Sets what becomes of a record for which the sheet has no room. Default: {@link WhenFull#FAIL}. With {@code
         * splitAfterRows} of the file each sheet may be a file instead.
         *
         * @param whenFull the choice
         * @return this builder
         */
        public Builder whenFull(WhenFull whenFull) {
            options.whenFull = requireNonNull(whenFull, "whenFull");
            return this;
        }

        /**
         * Sets the zone in which points in time are written, since a cell has no zone. Default: GMT. Where clocks are
         * set back, two points in time have one text: write such a column as a text if that matters.
         *
         * @param zone the zone
         * @return this builder
         */
        public Builder zone(ZoneId zone) {
            options.zone = requireNonNull(zone, "zone");
            return this;
        }

        /**
         * Sets the width of a column. Default: by its header, its declared type, or the type of its first value, at
         * most 60.
         *
         * @param field the name of the column's field
         * @param characters how many digits of the default font it has room for, from 1 to 255
         * @return this builder
         */
        public Builder width(String field, int characters) {
            options.widths.put(requireNonNull(field, "field"), characters);
            return this;
        }

        /**
         * Sets how a column shows its numbers, dates or times. Default: {@code 0} for whole numbers, {@code General}
         * for others, the declared decimal places if there are any, {@code yyyy-mm-dd}, {@code hh:mm:ss}, and {@code
         * yyyy-mm-dd hh:mm:ss}, with {@code .000} where a value has a fraction of a second.
         *
         * @param field the name of the column's field
         * @param code a format code of spreadsheets in its English form, such as {@code #,##0.00} or {@code
         *     dd.mm.yyyy}, at most 255 characters; what it does to a value is not checked
         * @return this builder
         */
        public Builder numberFormat(String field, String code) {
            options.numberFormats.put(requireNonNull(field, "field"), requireNonNull(code, "code"));
            return this;
        }

        /**
         * Sets a row after the last record, such as {@code trailer("Total", "{rows}", "{sum.amount}")}. Default: none.
         *
         * <p>A cell may have the variables {@code {sequence}}, the receiver's number of the run, {@code {fire}}, its
         * fire time in GMT, {@code {rows}}, the number of records in the file, and {@code {sum.FIELD}}, the sum of the
         * numbers of a field. A cell that is nothing but a number of records or a sum is a number; a sum of more than
         * 15 digits is a text.
         *
         * @param cells the cells; replace those that were set before
         * @return this builder
         */
        public Builder trailer(String... cells) {
            options.trailer = Stream.of(cells).map(LineText::new).toList();
            return this;
        }

        /**
         * Builds the format.
         *
         * @return the format
         * @throws InvalidDefinitionException if a workbook can't have these options; all problems are listed
         */
        public XlsxFormat build() {
            List<String> problems = new ArrayList<>();
            checkSheetName(problems);
            options.widths.forEach((field, width) -> {
                if (width < 1 || width > MOST_WIDTH) {
                    problems.add("width of '" + field + "' must be from 1 to " + MOST_WIDTH + ", not " + width);
                }
            });
            options.numberFormats.forEach((field, code) -> {
                if (code.isBlank() || code.length() > MOST_CODE || isNoCellText(code)) {
                    problems.add("numberFormat of '" + field + "' must have from 1 to " + MOST_CODE
                            + " characters, none of them a control character, such as #,##0.00");
                }
            });
            for (LineText cell : options.trailer) {
                cell.check(LineText.Place.AFTER_RECORDS, problem -> problems.add("trailer '" + cell + "': " + problem));
                if (isNoCellText(cell.pattern())) {
                    problems.add("trailer '" + cell + "' has a control character, or is too long for a cell");
                }
            }
            if (options.trailer.size() > MOST_COLUMNS) {
                problems.add("the trailer has more cells than a spreadsheet has columns, " + MOST_COLUMNS);
            }
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException("XLSX format", problems);
            }
            return new XlsxFormat(new Options(options));
        }

        private void checkSheetName(List<String> problems) {
            String name = options.sheetName;
            int most = options.whenFull == WhenFull.NEXT_SHEET ? MOST_NAME - ROOM_FOR_NUMBER : MOST_NAME;
            if (name.isBlank() || name.length() > most) {
                problems.add("sheetName must have from 1 to " + most + " characters, not " + name.length()
                        + (most < MOST_NAME ? ": further sheets have a number behind it" : ""));
            }
            if (name.chars().anyMatch(c -> NO_NAME.indexOf(c) >= 0) || isNoCellText(name)) {
                problems.add("sheetName must have none of \\ / ? * [ ] : and no control character");
            }
            if (name.startsWith("'") || name.endsWith("'")) {
                problems.add("sheetName must not begin or end with an apostrophe");
            }
            if (name.equalsIgnoreCase("History")) {
                problems.add("sheetName '" + name + "' is one that spreadsheets keep for themselves: choose another");
            }
        }

        private static boolean isNoCellText(String text) {
            return CellText.problem(text).isPresent() || text.chars().anyMatch(c -> c < ' ');
        }
    }
}
