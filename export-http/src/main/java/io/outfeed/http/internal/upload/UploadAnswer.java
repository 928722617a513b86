package io.outfeed.http.internal.upload;

/** What the status of an answer to an upload means, as {@code HttpAnswer} has it. */
public enum UploadAnswer {
    TAKEN,
    OCCUPIED,
    LATER,
    REFUSED,
    UNKNOWN;

    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    /**
     * Returns what a status means unless the host says otherwise.
     *
     * @param conditional whether the request had a condition
     * @param keyHonoured whether the receiver carries out the requests of a key once: it answers 409 while the first
     *     one is in progress
     */
    static UploadAnswer of(int status, boolean conditional, boolean keyHonoured) {
        if (status == PRECONDITION_FAILED && conditional) {
            return OCCUPIED;
        } else if (status == CONFLICT && keyHonoured) {
            return LATER;
        }
        return switch (status) {
            case 408, 425, 429, 503 -> LATER;
            case 501, 505, 507, 511 -> REFUSED;
            default -> status >= 200 && status <= 299 ? TAKEN : status >= 500 ? UNKNOWN : REFUSED;
        };
    }
}
