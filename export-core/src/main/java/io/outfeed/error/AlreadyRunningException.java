package io.outfeed.error;

/** Thrown if the job has a run in progress: nothing was started. */
public final class AlreadyRunningException extends ExportException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what failed and what to do next
     */
    public AlreadyRunningException(String message) {
        super(message);
    }

    @Override
    public FailureCode code() {
        return FailureCode.ALREADY_RUNNING;
    }
}
