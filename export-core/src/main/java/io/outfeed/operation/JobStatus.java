package io.outfeed.operation;

/** The status of a job in a list of jobs: the first that applies, in this order. */
public enum JobStatus {
    /** What the store has of it is damaged, and it does not run; {@link JobSummary#damage} says what to do. */
    DAMAGED("damaged"),
    /** It owes a file: an attempt has failed, and the run is tried again; {@link JobSummary#delay} says why. */
    DELAYED("delayed"),
    /** A run is in progress, or waits for its delivery window. */
    IN_PROGRESS("in progress"),
    /** A guard holds a run until a person releases or discards it. */
    HELD("held"),
    /** Its schedule is disabled in code. */
    DISABLED("disabled"),
    /** Its schedule is paused, by an operator or after too many failures, until it is resumed. */
    PAUSED("paused"),
    /** No scheduled or manual run has ended in success or failure, as far as the history reaches. */
    YET_TO_EXECUTE("yet to execute"),
    /** Its last run has succeeded. */
    SUCCESS("success"),
    /** Its last run has failed, or was given up. */
    FAILED("failed");

    private final String label;

    JobStatus(String label) {
        this.label = label;
    }

    /**
     * Returns the label for people.
     *
     * @return words in lower case, such as {@code yet to execute}
     */
    public String label() {
        return label;
    }
}
