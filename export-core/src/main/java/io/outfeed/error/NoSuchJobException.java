package io.outfeed.error;

/** No job, or no run, of that name is known to the engine. */
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
}
