package io.outfeed.field;

/** What a column is marked as, besides how it gets its value. */
public enum FieldMark {
    /** Every record must have a value: one whose text is null, empty or blank fails, and nothing is published. */
    REQUIRED,
    /**
     * It may leave only by a {@link io.outfeed.delivery.Protection#PROTECTED protected} way: a job that would send it
     * by a plain one, such as email, does not build. A transformation that masks or hashes the value does not remove
     * the mark.
     */
    SENSITIVE
}
