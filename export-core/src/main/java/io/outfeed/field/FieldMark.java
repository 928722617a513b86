package io.outfeed.field;

/** Marks of a column. */
public enum FieldMark {
    /** Every record must have a value: a record whose text is null, empty or blank is rejected. */
    REQUIRED,
    /**
     * It may be sent by {@link io.outfeed.delivery.Protection#PROTECTED protected} deliveries only: a job that would
     * send it by a plain one, such as email, does not build. A transformation that masks or hashes the value does not
     * remove the mark.
     */
    SENSITIVE
}
