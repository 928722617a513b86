package io.outfeed.format;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The type that a definition declares for a column: a cell of another type, a longer text or a larger number rejects
 * its record. It never changes a value, except that a column of texts has texts only, whatever their values were.
 *
 * <p>Immutable, comparable and thread-safe.
 *
 * @param cells the type of its cells
 * @param length how many characters a text may have, or how many digits a number; empty if there is no limit
 * @param scale how many of the digits of a decimal may be after the point; empty if there is no limit
 */
public record ColumnType(CellType cells, OptionalInt length, OptionalInt scale) {

    private static final ColumnType TEXT = of(CellType.TEXT);
    private static final ColumnType INTEGER = of(CellType.INTEGER);
    private static final ColumnType DECIMAL = of(CellType.DECIMAL);
    private static final ColumnType BOOLEAN = of(CellType.BOOLEAN);
    private static final ColumnType DATE = of(CellType.DATE);
    private static final ColumnType TIME = of(CellType.TIME);
    private static final ColumnType TIMESTAMP = of(CellType.TIMESTAMP);
    private static final ColumnType INSTANT = of(CellType.INSTANT);

    /**
     * Checks that the limits fit the type.
     *
     * @param cells the type of its cells
     * @param length how many characters a text may have, or how many digits a number
     * @param scale how many of the digits of a decimal may be after the point
     * @throws IllegalArgumentException if a limit is out of its range, or the type has no such limit
     */
    public ColumnType {
        if (length.isPresent() && (length.getAsInt() < 1 || !(cells == CellType.TEXT || cells.isNumber()))) {
            throw new IllegalArgumentException(
                    cells == CellType.TEXT || cells.isNumber()
                            ? "length must be at least 1, not " + length.getAsInt()
                            : "a column of type " + cells + " has no length");
        }
        if (scale.isPresent() && cells != CellType.DECIMAL) {
            throw new IllegalArgumentException("a column of type " + cells + " has no scale");
        }
        if (scale.isPresent() && (scale.getAsInt() < 0 || scale.getAsInt() > length.orElse(Integer.MAX_VALUE))) {
            throw new IllegalArgumentException(
                    "scale must be from 0 to the number of all digits, not " + scale.getAsInt());
        }
    }

    private static ColumnType of(CellType cells) {
        return new ColumnType(cells, OptionalInt.empty(), OptionalInt.empty());
    }

    /**
     * Texts of any length.
     *
     * @return the type
     */
    public static ColumnType text() {
        return TEXT;
    }

    /**
     * Texts.
     *
     * @param length how many characters a text may have, counted as Unicode code points
     * @return the type
     * @throws IllegalArgumentException if it is less than 1
     */
    public static ColumnType text(int length) {
        return new ColumnType(CellType.TEXT, OptionalInt.of(length), OptionalInt.empty());
    }

    /**
     * Whole numbers of any size.
     *
     * @return the type
     */
    public static ColumnType integer() {
        return INTEGER;
    }

    /**
     * Whole numbers.
     *
     * @param digits how many digits a number may have
     * @return the type
     * @throws IllegalArgumentException if it is less than 1
     */
    public static ColumnType integer(int digits) {
        return new ColumnType(CellType.INTEGER, OptionalInt.of(digits), OptionalInt.empty());
    }

    /**
     * Decimal numbers of any size; whole numbers too.
     *
     * @return the type
     */
    public static ColumnType decimal() {
        return DECIMAL;
    }

    /**
     * Decimal numbers, as {@code DECIMAL(precision, scale)} of SQL; whole numbers too. Zeros at the end of the decimal
     * places don't count.
     *
     * @param precision how many digits a number may have before and after the point together
     * @param scale how many of them may be after the point
     * @return the type
     * @throws IllegalArgumentException if the precision is less than 1, or the scale not from 0 to the precision
     */
    public static ColumnType decimal(int precision, int scale) {
        return new ColumnType(CellType.DECIMAL, OptionalInt.of(precision), OptionalInt.of(scale));
    }

    /**
     * True and false.
     *
     * @return the type
     */
    public static ColumnType bool() {
        return BOOLEAN;
    }

    /**
     * Dates.
     *
     * @return the type
     */
    public static ColumnType date() {
        return DATE;
    }

    /**
     * Times of the day.
     *
     * @return the type
     */
    public static ColumnType time() {
        return TIME;
    }

    /**
     * Dates and times without a zone.
     *
     * @return the type
     */
    public static ColumnType timestamp() {
        return TIMESTAMP;
    }

    /**
     * Points in time.
     *
     * @return the type
     */
    public static ColumnType instant() {
        return INSTANT;
    }

    /**
     * Returns why a cell does not fit.
     *
     * @param type the type of the cell
     * @param text its text
     * @return the problem, as a clause without the text; empty if it fits
     */
    public Optional<String> problem(CellType type, String text) {
        return switch (cells) {
            case TEXT -> tooLong(text);
            case INTEGER -> type == CellType.INTEGER || isWhole(type, text) ? tooLarge(text) : another(type);
            case DECIMAL -> type.isNumber() ? tooLarge(text) : another(type);
            default -> type == cells ? Optional.empty() : another(type);
        };
    }

    /** Whether a decimal was given without decimal places, as databases do that know no whole numbers. */
    private static boolean isWhole(CellType type, String text) {
        return type == CellType.DECIMAL && text.indexOf('.') < 0;
    }

    private Optional<String> another(CellType type) {
        return Optional.of("it is of type " + type + ", and the column is declared as " + this
                + ": correct the record, or declare another type");
    }

    private Optional<String> tooLong(String text) {
        if (length.isEmpty() || text.length() <= length.getAsInt()) {
            return Optional.empty();
        }
        int characters = text.codePointCount(0, text.length());
        return characters <= length.getAsInt()
                ? Optional.empty()
                : Optional.of("its text has " + characters + " characters, and the column is declared as " + this
                        + ": correct the record, or declare more");
    }

    private Optional<String> tooLarge(String text) {
        if (length.isEmpty() && scale.isEmpty()) {
            return Optional.empty();
        }
        int point = text.indexOf('.');
        int end = text.length();
        while (point >= 0 && end > point && (text.charAt(end - 1) == '0' || end - 1 == point)) {
            end--;
        }
        int start = text.startsWith("-") ? 1 : 0;
        int wholeEnd = point < 0 ? text.length() : point;
        int whole = wholeEnd - start == 1 && text.charAt(start) == '0' ? 0 : wholeEnd - start;
        int places = point < 0 ? 0 : Math.max(0, end - point - 1);
        boolean fits = whole <= length.orElse(Integer.MAX_VALUE) - scale.orElse(0)
                && (scale.isEmpty() || places <= scale.getAsInt());
        return fits
                ? Optional.empty()
                : Optional.of("it has " + whole + " digits before the point and " + places
                        + " after it, and the column is declared as " + this
                        + ": correct the record, or declare more");
    }

    /** The type as SQL writes it, such as {@code DECIMAL(10,2)}. */
    @Override
    public String toString() {
        String limits =
                length.isEmpty() ? "" : "(" + length.getAsInt() + (scale.isEmpty() ? "" : "," + scale.getAsInt()) + ")";
        return cells + limits;
    }
}
