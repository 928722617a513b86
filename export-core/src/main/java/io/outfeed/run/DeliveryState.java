package io.outfeed.run;

/** How far a file has come at a destination. */
public enum DeliveryState {
    /** Nothing there yet that the ledger knows of. */
    PENDING,
    /** Uploaded under its temporary name. Once its run is publishing, it may have been renamed. */
    PREPARED,
    /** Visible, with a receipt. */
    PUBLISHED,
    /** Given up by a person: the destination may or may not show it. */
    UNKNOWN,
    /** Given up: the job no longer has this delivery. */
    REMOVED
}
