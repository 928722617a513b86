package io.outfeed.pgp;

/** Whether the keys are checked when the transform is built. */
public enum KeyCheck {
    /** A key that can't be used is an error of the builder: a mistake is found at once. The default. */
    AT_BUILD,
    /**
     * Keys are read when a file is written, and by checks: a host starts even if a key has expired, and the runs of the
     * jobs that need it wait.
     */
    AT_RUN
}
