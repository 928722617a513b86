package io.outfeed.error;

/** Thrown if the engine does not know a job or a run. */
public final class NoSuchJobException extends ExportException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what failed and what to do next
     */
    public NoSuchJobException(String message) {
        super(message);
    }

    @Override
    public FailureCode code() {
        return FailureCode.NOT_FOUND;
    }
}
