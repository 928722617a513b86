package io.outfeed.format.fixed;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How a value fills its place in a line: the width, and what is put around the value.
 *
 * <p>Immutable, comparable and thread-safe; each option returns a new field.
 */
public final class FixedField {

    /** Where a value stands in its place. */
    public enum Align {
        /** At the left; the padding follows. The default of texts. */
        LEFT,
        /** At the right, after the padding. The default of numbers. */
        RIGHT
    }

    /** What becomes of a text that is longer than its place. Numbers that don't fit always reject their record. */
    public enum TooLong {
        /** Its record is rejected. The default. */
        REJECT,
        /** The rest of the text is left out. */
        CUT
    }

    /** How the sign of a number is written; it takes a character of the width. */
    public enum Sign {
        /** {@code -} before the digits of a negative number. The default. */
        LEADING,
        /** {@code -} behind the digits of a negative number, and a space behind others. */
        TRAILING,
        /** {@code -} or {@code +} before the digits. */
        LEADING_ALWAYS,
        /** {@code -} or {@code +} behind the digits. */
        TRAILING_ALWAYS,
        /** None: a negative number rejects its record. */
        UNSIGNED
    }

    /** What a field takes. */
    enum Kind {
        TEXT,
        NUMBER
    }

    private final Options options;

    private FixedField(Options options) {
        this.options = options;
    }

    private record Options(
            Kind kind,
            int width,
            Align align,
            char padding,
            char empty,
            TooLong tooLong,
            Sign sign,
            OptionalInt decimals,
            boolean isPointWritten) {}

    /**
     * A place for any value, as its text: at the left, padded with spaces.
     *
     * @param width how many characters or bytes it has, see {@link FixedWidthFormat.WidthUnit}
     * @return the field
     * @throws IllegalArgumentException if the width is less than 1
     */
    public static FixedField text(int width) {
        return of(new Options(
                Kind.TEXT, width, Align.LEFT, ' ', ' ', TooLong.REJECT, Sign.LEADING, OptionalInt.empty(), true));
    }

    /**
     * A place for a number: at the right, padded with zeros, with a leading {@code -} if it is negative, and with the
     * decimal places that it has. A value that is no number rejects its record; an empty one is all spaces.
     *
     * @param width how many characters it has, with sign and point
     * @return the field
     * @throws IllegalArgumentException if the width is less than 1
     */
    public static FixedField number(int width) {
        return of(new Options(
                Kind.NUMBER, width, Align.RIGHT, '0', ' ', TooLong.REJECT, Sign.LEADING, OptionalInt.empty(), true));
    }

    private static FixedField of(Options options) {
        if (options.width() < 1) {
            throw new IllegalArgumentException("width must be at least 1, not " + options.width());
        }
        return new FixedField(options);
    }

    /**
     * Sets where the value stands.
     *
     * @param align the side
     * @return a new field
     */
    public FixedField align(Align align) {
        requireNonNull(align, "align");
        return with(options.padding(), options.empty(), align, options.tooLong(), options.sign());
    }

    /**
     * Sets the character that fills the place. Default: a space for texts, {@code 0} for numbers.
     *
     * @param padding a printable character; no digit at the right of a value, which would change it
     * @return a new field
     */
    public FixedField padding(char padding) {
        return with(padding, options.empty(), options.align(), options.tooLong(), options.sign());
    }

    /**
     * Sets the character that fills the place of an empty value. Default: a space.
     *
     * @param empty a printable character, such as {@code 0}
     * @return a new field
     */
    public FixedField empty(char empty) {
        return with(options.padding(), empty, options.align(), options.tooLong(), options.sign());
    }

    /**
     * Sets what becomes of a text that is longer than its place. Default: {@link TooLong#REJECT}.
     *
     * @param tooLong the choice
     * @return a new field
     * @throws IllegalStateException if this is a place for numbers, which are never cut
     */
    public FixedField tooLong(TooLong tooLong) {
        requireNonNull(tooLong, "tooLong");
        if (options.kind() == Kind.NUMBER && tooLong == TooLong.CUT) {
            throw new IllegalStateException("a number is never cut, which would change it: use a wider field");
        }
        return with(options.padding(), options.empty(), options.align(), tooLong, options.sign());
    }

    /**
     * Sets how the sign of a number is written. Default: {@link Sign#LEADING}.
     *
     * @param sign the choice
     * @return a new field
     * @throws IllegalStateException if this is a place for texts
     */
    public FixedField sign(Sign sign) {
        requireNonNull(sign, "sign");
        requireNumber("a sign");
        return with(options.padding(), options.empty(), options.align(), options.tooLong(), sign);
    }

    /**
     * Writes a number with this many decimal places, with a decimal point: 12.5 is {@code 12.50}. A number that has
     * more rejects its record: let a transformation round it. Default: the decimal places that a number has.
     *
     * @param places how many, from 0 to 100
     * @return a new field
     * @throws IllegalArgumentException if the number is out of its range
     * @throws IllegalStateException if this is a place for texts
     */
    public FixedField decimals(int places) {
        return decimals(places, true);
    }

    /**
     * Writes a number with this many decimal places, without a decimal point: 12.5 is {@code 1250}. A number that has
     * more rejects its record: let a transformation round it. Default: the decimal places that a number has.
     *
     * @param places how many, from 0 to 100
     * @return a new field
     * @throws IllegalArgumentException if the number is out of its range
     * @throws IllegalStateException if this is a place for texts
     */
    public FixedField impliedDecimals(int places) {
        return decimals(places, false);
    }

    private FixedField decimals(int places, boolean isPointWritten) {
        requireNumber("decimal places");
        if (places < 0 || places > 100) {
            throw new IllegalArgumentException("decimal places must be from 0 to 100, not " + places);
        }
        return of(new Options(
                options.kind(),
                options.width(),
                options.align(),
                options.padding(),
                options.empty(),
                options.tooLong(),
                options.sign(),
                OptionalInt.of(places),
                isPointWritten));
    }

    private void requireNumber(String what) {
        if (options.kind() != Kind.NUMBER) {
            throw new IllegalStateException("a text has no " + what.replaceFirst("^a ", "") + ": use number(width)");
        }
    }

    private FixedField with(char padding, char empty, Align align, TooLong tooLong, Sign sign) {
        return of(new Options(
                options.kind(),
                options.width(),
                align,
                padding,
                empty,
                tooLong,
                sign,
                options.decimals(),
                options.isPointWritten()));
    }

    Kind kind() {
        return options.kind();
    }

    int width() {
        return options.width();
    }

    Align align() {
        return options.align();
    }

    char padding() {
        return options.padding();
    }

    char empty() {
        return options.empty();
    }

    TooLong tooLong() {
        return options.tooLong();
    }

    Sign sign() {
        return options.sign();
    }

    OptionalInt decimals() {
        return options.decimals();
    }

    boolean isPointWritten() {
        return options.isPointWritten();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FixedField that && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(options);
    }

    /** The width, and the options that are not the default. */
    @Override
    public String toString() {
        FixedField standard = kind() == Kind.TEXT ? text(width()) : number(width());
        StringBuilder text = new StringBuilder(kind().name()).append('(').append(width());
        if (align() != standard.align()) {
            text.append(", ").append(align());
        }
        if (padding() != standard.padding()) {
            text.append(", padding '").append(padding()).append('\'');
        }
        if (empty() != ' ') {
            text.append(", empty '").append(empty()).append('\'');
        }
        if (tooLong() != TooLong.REJECT) {
            text.append(", ").append(tooLong());
        }
        if (sign() != Sign.LEADING) {
            text.append(", sign ").append(sign());
        }
        if (decimals().isPresent()) {
            text.append(isPointWritten() ? ", decimals " : ", implied decimals ")
                    .append(decimals().getAsInt());
        }
        return text.append(')').toString();
    }
}
