package io.outfeed.format;

import org.jspecify.annotations.Nullable;

/** The cells of one record, in the order of the columns. Valid only until the next record. Used by one thread. */
public interface RecordCells {

    /**
     * Returns the number of cells.
     *
     * @return as many as there are columns
     */
    int size();

    /**
     * Returns the text of a cell.
     *
     * @param column the column, from zero
     * @return the text, in the notation of its {@link #type}; null for an empty cell, which differs from an empty text
     */
    @Nullable
    String text(int column);

    /**
     * Returns the type of a cell. A column with a declared type has cells of that type only, and whole numbers among
     * decimals.
     *
     * @param column the column, from zero
     * @return the type of its value; {@code TEXT} if it is null
     */
    CellType type(int column);

    /**
     * Returns the value of a cell, for formats that don't write it as text.
     *
     * @param column the column, from zero
     * @return by its {@link #type}: a {@code String}; a {@code Long}, or a {@code BigInteger} beyond its range; a
     *     {@code BigDecimal}; a {@code Boolean}; a {@code LocalDate}, {@code LocalTime}, {@code LocalDateTime} or
     *     {@code Instant}; null for an empty cell
     */
    @Nullable
    Object value(int column);
}
