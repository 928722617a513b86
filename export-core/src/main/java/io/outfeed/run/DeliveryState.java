package io.outfeed.run;

/** The state of a file at a destination. */
public enum DeliveryState {
    /** Nothing was uploaded yet, as far as the ledger knows. */
    PENDING,
    /** Uploaded under its temporary name. Once its run is publishing, it may have been renamed already. */
    PREPARED,
    /** Visible, with a receipt. */
    PUBLISHED,
    /** Given up by a person: the file may or may not be visible. */
    UNKNOWN,
    /** Given up: the job no longer has this delivery. */
    REMOVED
}
