package io.outfeed.delivery;

/**
 * What becomes of a file whose publication was requested, but not acknowledged, and of which nothing is left at the
 * destination: neither the temporary file nor one that can be recognized under the final name. A receiver may have
 * taken it at once, or it may be lost.
 */
public enum IfVanished {
    /**
     * It counts as taken, {@link Publication#ASSUMED}: nothing is sent twice, the positions move, and later runs
     * continue. The run is {@link io.outfeed.run.ExportRun#unconfirmed() unconfirmed}, and its bytes are kept, until a
     * person has found out whether the receiver has it, and {@linkplain io.outfeed.operation.RunHandle#acknowledge
     * acknowledges} the run.
     */
    ASSUME_TAKEN,
    /**
     * It is sent once more, and its receipt says {@link DeliveryReceipt#repeated() repeated}: nothing is lost, and the
     * receiver may have it twice. If that one vanishes too, it counts as taken.
     */
    SEND_AGAIN
}
