package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How numbers are written: decimal places, rounding and separators, the same on every machine.
 *
 * <p>By default the decimal separator is a point, and groups have no separator. Immutable and thread-safe.
 */
public final class NumberStyle {

    /** The limit for numbers such as 1E+1000000000, which would fill the memory. */
    private static final int MAX_DIGITS = 1_000;

    private static final int MAX_SCALE = 100;

    private final int scale;
    private final RoundingMode rounding;
    private final char decimalSeparator;
    private final @Nullable Character groupingSeparator;

    private NumberStyle(
            int scale, RoundingMode rounding, char decimalSeparator, @Nullable Character groupingSeparator) {
        this.scale = scale;
        this.rounding = rounding;
        this.decimalSeparator = decimalSeparator;
        this.groupingSeparator = groupingSeparator;
    }

    /**
     * Creates a style.
     *
     * @param scale how many decimal places each number gets, from 0 to 100
     * @param rounding how further digits are rounded; {@link RoundingMode#UNNECESSARY} rejects a number that has such
     *     digits
     * @return the style, with a decimal point and without groups
     * @throws IllegalArgumentException if the scale is out of its range
     */
    public static NumberStyle scale(int scale, RoundingMode rounding) {
        requireNonNull(rounding, "rounding");
        if (scale < 0 || scale > MAX_SCALE) {
            throw new IllegalArgumentException("scale must be from 0 to " + MAX_SCALE + ", not " + scale);
        }
        return new NumberStyle(scale, rounding, '.', null);
    }

    /**
     * Returns the same style with another decimal separator.
     *
     * @param separator the character, such as a comma; a point by default; ignored where the scale is 0
     * @return a new style
     * @throws IllegalArgumentException if it is a digit, a sign, a letter, a control character, or the grouping
     *     separator
     */
    public NumberStyle decimalSeparator(char separator) {
        check("decimalSeparator", separator);
        return new NumberStyle(scale, rounding, separator, groupingSeparator).distinct();
    }

    /**
     * Returns the same style with a separator between groups of three digits.
     *
     * @param separator the character, such as a comma or a space; none by default
     * @return a new style
     * @throws IllegalArgumentException if it is a digit, a sign, a letter, a control character, or the decimal
     *     separator
     */
    public NumberStyle groupingSeparator(char separator) {
        check("groupingSeparator", separator);
        return new NumberStyle(scale, rounding, decimalSeparator, separator).distinct();
    }

    private static void check(String name, char separator) {
        boolean taken = separator == '-' || separator == '+' || Character.isSurrogate(separator);
        if (taken || Character.isLetterOrDigit(separator) || Character.isISOControl(separator)) {
            throw new IllegalArgumentException(
                    name + " must not be a digit, a sign, a letter or a control character, but is U+"
                            + Integer.toHexString(0x10000 | separator).substring(1));
        }
    }

    private NumberStyle distinct() {
        if (groupingSeparator != null && groupingSeparator == decimalSeparator) {
            throw new IllegalArgumentException("decimalSeparator and groupingSeparator are both '" + decimalSeparator
                    + "': set the other one first");
        }
        return this;
    }

    String format(Number number) {
        BigDecimal exact = exact(number)
                .orElseThrow(() -> new RejectedValueException(
                        "it is infinite or not a number, or of a type of its own: correct the record"));
        if ((long) exact.precision() - exact.scale() > MAX_DIGITS || exact.scale() > MAX_DIGITS) {
            throw new RejectedValueException("it has more than " + MAX_DIGITS + " digits: correct the record");
        }
        BigDecimal rounded;
        try {
            rounded = exact.setScale(scale, rounding);
        } catch (ArithmeticException e) {
            throw new RejectedValueException(
                    "it has more than " + scale + " decimal places: correct the record, or choose how to round");
        }
        String digits = rounded.abs().toPlainString();
        int point = scale == 0 ? digits.length() : digits.length() - scale - 1;
        StringBuilder text = new StringBuilder(rounded.signum() < 0 ? "-" : "");
        for (int i = 0; i < point; i++) {
            if (groupingSeparator != null && i > 0 && (point - i) % 3 == 0) {
                text.append(groupingSeparator.charValue());
            }
            text.append(digits.charAt(i));
        }
        return scale == 0
                ? text.toString()
                : text.append(decimalSeparator)
                        .append(digits, point + 1, digits.length())
                        .toString();
    }

    /** Returns the shortest decimal for the number: 0.1 for the double 0.1, not its binary value. */
    private static Optional<BigDecimal> exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return Optional.of(decimal);
        }
        if (number instanceof BigInteger integer) {
            return Optional.of(new BigDecimal(integer));
        }
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            return Double.isNaN(value) || Double.isInfinite(value)
                    ? Optional.empty()
                    : Optional.of(new BigDecimal(number.toString()));
        }
        boolean whole = number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte;
        return whole ? Optional.of(BigDecimal.valueOf(number.longValue())) : Optional.empty();
    }

    /** An example. */
    @Override
    public String toString() {
        return "numbers such as " + format(-1234);
    }
}
