package io.outfeed.run.file;

/** The state of a file at a destination. */
public enum DeliveryState {
    /** No upload was begun. */
    PENDING,
    /** An upload was begun under its temporary name, and may have left a part. */
    UPLOADING,
    /** Uploaded under its temporary name. It may be visible if its {@link FileDelivery#request} was stored. */
    PREPARED,
    /** Visible, with a receipt. */
    PUBLISHED,
    /** Given up by a person: the file may or may not be visible. */
    UNKNOWN,
    /** Given up: the job no longer has this delivery. */
    REMOVED
}
