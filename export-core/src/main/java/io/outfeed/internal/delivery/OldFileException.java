package io.outfeed.internal.delivery;

import io.outfeed.run.file.FileDelivery;

/**
 * Thrown if a receiver has not taken an old file yet. It is no failure: the run is dropped, and the next one covers its
 * window.
 */
public final class OldFileException extends Exception {

    private static final long serialVersionUID = 1L;

    OldFileException(FileDelivery step) {
        super("waits, since delivery '" + step.delivery() + "' still has the file " + step.path()
                + " that the receiver has not taken: the next run covers this window too");
    }
}
