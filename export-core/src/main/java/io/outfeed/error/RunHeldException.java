package io.outfeed.error;

/** Thrown if a run of the job is held: nothing was started. Check its files, then release or discard it. */
public final class RunHeldException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** The number of the run. */
    private final long run;

    /**
     * Makes an exception.
     *
     * @param message what is held and what to do next
     * @param run the number of the run
     */
    public RunHeldException(String message, long run) {
        super(message);
        this.run = run;
    }

    /**
     * Returns the run that is held.
     *
     * @return its number
     */
    public long run() {
        return run;
    }

    @Override
    public FailureCode code() {
        return FailureCode.ALREADY_RUNNING;
    }
}
