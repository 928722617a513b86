package io.outfeed.format.fixed;

import io.outfeed.format.CellType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Writes numbers at a fixed width. */
final class FixedNumber {

    private FixedNumber() {}

    /**
     * Appends a number.
     *
     * @param text the number in plain notation
     * @return why it can't be written, as a clause; empty if it was appended
     */
    static Optional<String> append(String text, CellType type, FixedField field, StringBuilder line) {
        if (!type.isNumber()) {
            return Optional.of("it is of type " + type + ", and its place takes numbers: correct the record, or use"
                    + " FixedField.text");
        }
        BigDecimal number = new BigDecimal(text);
        if (field.decimals().isPresent()) {
            int places = field.decimals().getAsInt();
            if (number.stripTrailingZeros().scale() > places) {
                return Optional.of("it has more than " + places
                        + " decimal places: correct the record, or let a transformation round it");
            }
            number = number.setScale(places, RoundingMode.UNNECESSARY);
        }
        boolean isNegative = number.signum() < 0;
        if (isNegative && field.sign() == FixedField.Sign.UNSIGNED) {
            return Optional.of("it is negative, and its place has no sign: correct the record, or choose a sign");
        }
        String digits = number.abs().toPlainString();
        if (!field.isPointWritten()) {
            digits = withoutPoint(digits);
        }
        String before = signBefore(field.sign(), isNegative);
        String behind = signBehind(field.sign(), isNegative);
        int room = field.width() - before.length() - behind.length() - digits.length();
        if (room < 0) {
            return Optional.of("it needs " + (field.width() - room) + " characters, and its place has " + field.width()
                    + ": correct the record, or use a wider field");
        }
        String padding = Character.toString(field.padding()).repeat(room);
        if (field.align() == FixedField.Align.LEFT) {
            line.append(before).append(digits).append(behind).append(padding);
        } else if (field.padding() == '0') {
            line.append(before).append(padding).append(digits).append(behind);
        } else {
            line.append(padding).append(before).append(digits).append(behind);
        }
        return Optional.empty();
    }

    /** 0.05 with two implied decimal places is 5, and 0.00 is 0. */
    private static String withoutPoint(String digits) {
        String all = digits.replace(".", "");
        int first = 0;
        while (first < all.length() - 1 && all.charAt(first) == '0') {
            first++;
        }
        return all.substring(first);
    }

    private static String signBefore(FixedField.Sign sign, boolean isNegative) {
        return switch (sign) {
            case LEADING -> isNegative ? "-" : "";
            case LEADING_ALWAYS -> isNegative ? "-" : "+";
            case TRAILING, TRAILING_ALWAYS, UNSIGNED -> "";
        };
    }

    private static String signBehind(FixedField.Sign sign, boolean isNegative) {
        return switch (sign) {
            case TRAILING -> isNegative ? "-" : " ";
            case TRAILING_ALWAYS -> isNegative ? "-" : "+";
            case LEADING, LEADING_ALWAYS, UNSIGNED -> "";
        };
    }
}
