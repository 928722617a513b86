package io.outfeed.operation;

/** How a job does, in the words of a list of jobs. The first that applies, in this order. */
public enum JobStatus {
    /** A run is on its way, or has yet to be published everywhere. */
    IN_PROGRESS("in progress"),
    /** A guard holds a run until a person has looked. */
    HELD("held"),
    /** The code says that it does not run by its schedule. */
    DISABLED("disabled"),
    /** A person, or too many failures, keep it from running by its schedule until it is resumed. */
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
     * Returns what people see.
     *
     * @return words in lower case, such as {@code yet to execute}
     */
    public String label() {
        return label;
    }
}
