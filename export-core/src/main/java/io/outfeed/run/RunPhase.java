package io.outfeed.run;

/** The phase that an entry of a run's log records. */
public enum RunPhase {
    /** The windows are frozen. */
    PLANNED,
    /** The source was read and the files are finished. */
    STAGED,
    /** A guard has objected: nothing is delivered until a person releases the run. */
    HELD,
    /** A person has released the run. */
    RELEASED,
    /** A destination has all files under their temporary names. */
    PREPARED,
    /** A destination has all files under their own names. */
    PUBLISHED,
    /** A destination has a copy of all files. */
    COPIED,
    /** Something failed; the run may still continue. */
    FAILED,
    /** The run has ended. */
    ENDED,
    /** A person has acknowledged that the files which were assumed to be taken have arrived. */
    ACKNOWLEDGED,
    /** The files which were assumed to be taken were sent once more, since a person has asked for it. */
    SENT_AGAIN
}
