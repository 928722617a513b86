package io.outfeed.sftp.internal.login;

import java.io.IOException;

/** Runs one step of a login, and breaks the connection if the step takes too long. */
@FunctionalInterface
public interface TimeLimit {

    boolean run(Step step) throws IOException;

    /** A step that waits for the server. */
    @FunctionalInterface
    interface Step {
        boolean run() throws IOException;
    }
}
