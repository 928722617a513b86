package io.outfeed.format.fixed;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.format.LineText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The fields of a line of fixed width: of a header, of a trailer, or of each record.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class FixedLine {

    /**
     * A field of a line.
     *
     * @param content the name of a column, or a text with variables
     * @param position where it begins, from 1; 0 if it follows the field before it
     */
    record Slot(String content, boolean isColumn, int position, FixedField field) {

        LineText text() {
            return new LineText(content);
        }

        String what() {
            return isColumn ? "column '" + content + "'" : "the text '" + content + "'";
        }
    }

    private final List<Slot> slots;

    private FixedLine(List<Slot> slots) {
        this.slots = List.copyOf(slots);
    }

    List<Slot> slots() {
        return slots;
    }

    /** Returns the fields whose sums it has. */
    Set<String> sums() {
        Set<String> sums = new TreeSet<>();
        slots.stream()
                .filter(slot -> !slot.isColumn())
                .forEach(slot -> sums.addAll(slot.text().sums()));
        return sums;
    }

    /** Adds what is wrong with the positions and the texts, as clauses. */
    void check(LineText.Place place, Consumer<String> problems) {
        int at = 1;
        for (Slot slot : slots) {
            if (slot.position() > 0 && slot.position() < at) {
                problems.accept(slot.what() + " begins at position " + slot.position()
                        + ", and the fields before it end at " + (at - 1));
            }
            at = Math.max(at, slot.position()) + slot.field().width();
            if (!slot.isColumn()) {
                slot.text().check(place, problem -> problems.accept(slot.what() + ": " + problem));
            }
            FixedField field = slot.field();
            if (field.align() == FixedField.Align.LEFT && Character.isDigit(field.padding())) {
                problems.accept(slot.what() + " is padded at its right with the digit '" + field.padding()
                        + "', which would change a number: choose a space, or align it at the right");
            }
            if (field.padding() < ' ' || field.empty() < ' ') {
                problems.accept(slot.what() + " is padded with a control character: choose a space");
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FixedLine that && slots.equals(that.slots);
    }

    @Override
    public int hashCode() {
        return slots.hashCode();
    }

    /** The fields. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Slot slot : slots) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(slot.position() > 0 ? slot.position() + ":" : "")
                    .append(slot.isColumn() ? slot.content() : "'" + slot.content() + "'")
                    .append('=')
                    .append(slot.field());
        }
        return text.toString();
    }

    /** Collects the fields of a line, in order. Not thread-safe. */
    public static final class Builder {

        private final List<Slot> slots = new ArrayList<>();

        Builder() {}

        /**
         * Adds a fixed text, which is as wide as it is long, such as the type of the line.
         *
         * @param text the text; it has no variables
         * @return this builder
         * @throws IllegalArgumentException if it is empty
         */
        public Builder text(String text) {
            return field(text, FixedField.text(text.codePointCount(0, text.length())));
        }

        /**
         * Adds spaces.
         *
         * @param width how many
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder filler(int width) {
            return field("", FixedField.text(width));
        }

        /**
         * Adds a text with variables: {@code {sequence}}, the receiver's number of the run, and {@code {fire}}, its
         * fire time in GMT; in a trailer also {@code {rows}}, the number of records, and {@code {sum.FIELD}}, the sum
         * of the numbers of a field. {@code {sequence:0000}} has at least four digits, {@code {fire:yyyyMMdd}} a date
         * pattern.
         *
         * @param text the text
         * @param field how it fills its place
         * @return this builder
         */
        public Builder field(String text, FixedField field) {
            return add(text, false, 0, field);
        }

        /**
         * Adds a text as {@link #field(String, FixedField)} does, at a position; spaces fill the line up to it.
         *
         * @param position where it begins, from 1
         * @param text the text
         * @param field how it fills its place
         * @return this builder
         * @throws IllegalArgumentException if the position is less than 1
         */
        public Builder field(int position, String text, FixedField field) {
            return add(text, false, positive(position), field);
        }

        Builder column(int position, String name, FixedField field) {
            return add(name, true, position, field);
        }

        static int positive(int position) {
            if (position < 1) {
                throw new IllegalArgumentException("positions count from 1: there is no position " + position);
            }
            return position;
        }

        private Builder add(String content, boolean isColumn, int position, FixedField field) {
            requireNonNull(content, "content");
            slots.add(new Slot(content, isColumn, position, requireNonNull(field, "field")));
            return this;
        }

        FixedLine build() {
            return new FixedLine(slots);
        }
    }
}
