package io.outfeed.operation;

/** What a person has found out about the files of an {@link RunHandle#acknowledge unconfirmed} run. */
public enum Arrival {
    /** The receiver has them, or does not need them: nothing is sent. */
    ARRIVED,
    /** The receiver does not have them: they are sent once more, and no other files of the run are. */
    SEND_AGAIN
}
