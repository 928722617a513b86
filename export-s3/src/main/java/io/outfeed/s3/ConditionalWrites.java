package io.outfeed.s3;

/** Whether the server writes an object only if a condition holds, which protects the objects of others. */
public enum ConditionalWrites {
    /**
     * It does, as Amazon S3: {@code If-None-Match: *} for a name that must be free, {@code If-Match} for an object that
     * is replaced. A check of the destination proves it.
     */
    REQUIRED,
    /**
     * It ignores or refuses these headers, and they are not sent: the name is only looked at before it is written, and
     * an object that appears in between is overwritten. Receipts say
     * {@link io.outfeed.delivery.Publication#DIRECT DIRECT}.
     */
    NOT_SUPPORTED
}
