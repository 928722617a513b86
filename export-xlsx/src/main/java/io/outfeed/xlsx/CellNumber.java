package io.outfeed.xlsx;

import java.math.BigDecimal;
import java.util.Optional;

/** Which numbers spreadsheets keep: those of 15 digits, in the range of a normal {@code double}. */
final class CellNumber {

    private static final int MOST_DIGITS = 15;

    /** A number that is whole and smaller than this has at most 15 digits. */
    private static final long SIMPLE = 1_000_000_000_000_000L;

    private static final BigDecimal LARGEST = new BigDecimal("9.99999999999999E307");
    private static final BigDecimal SMALLEST = new BigDecimal("2.22507385850721E-308");

    private CellNumber() {}

    /** Returns why a cell can't have a number as it is, as a clause; empty if it can. */
    static Optional<String> problem(Object number, String text) {
        if (number instanceof Long whole && whole > -SIMPLE && whole < SIMPLE) {
            return Optional.empty();
        }
        BigDecimal exact = new BigDecimal(text).stripTrailingZeros();
        if (exact.precision() > MOST_DIGITS) {
            return Optional.of("its number has " + exact.precision() + " digits, and a spreadsheet keeps " + MOST_DIGITS
                    + ": declare the column as a text, round the number, or choose longNumbers(TEXT)");
        }
        boolean inRange = exact.signum() == 0
                || (exact.abs().compareTo(LARGEST) <= 0 && exact.abs().compareTo(SMALLEST) >= 0);
        return inRange
                ? Optional.empty()
                : Optional.of("its number is out of the range of a spreadsheet: declare the column as a text, or choose"
                        + " longNumbers(TEXT)");
    }
}
