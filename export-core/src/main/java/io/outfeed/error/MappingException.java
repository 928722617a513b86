package io.outfeed.error;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a field of a record can't be mapped.
 *
 * <p>Nothing was published and no position moved. It names the field, the record's key, job and run, never a
 * value; the cause is carried without its message, since that may quote one.
 */
public final class MappingException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** The header of the field. */
    private final String field;

    /** The key of the record. */
    private final String recordKey;

    /** What is wrong. */
    private final String reason;

    /**
     * Makes an exception.
     *
     * @param message what failed and what to do next, without any value
     * @param field the header of the field
     * @param recordKey the key of the record
     * @param reason the part of the message that says what is wrong and what to do
     * @param cause what the mapping threw, or null
     */
    public MappingException(String message, String field, String recordKey, String reason, @Nullable Throwable cause) {
        super(message, cause);
        this.field = field;
        this.recordKey = recordKey;
        this.reason = reason;
    }

    /**
     * Returns the header of the field.
     *
     * @return the header
     */
    public String field() {
        return field;
    }

    /**
     * Returns the key of the record, as the definition's {@code recordKey} gives it.
     *
     * @return the key
     */
    public String recordKey() {
        return recordKey;
    }

    /**
     * Returns what is wrong and what to do, without naming field, record, job and run.
     *
     * @return a clause, without any value
     */
    public String reason() {
        return reason;
    }

    @Override
    public FailureCode code() {
        return FailureCode.MAPPING_FAILED;
    }
}
