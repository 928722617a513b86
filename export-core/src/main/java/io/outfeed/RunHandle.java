package io.outfeed;

import java.io.InputStream;

/**
 * A run that an engine knows.
 *
 * <p>Thread-safe. Each call looks afresh.
 */
public interface RunHandle {

    /**
     * Returns the run as the ledger has it.
     *
     * @return the run
     */
    ExportRun run();

    /**
     * Opens a file of the run: the very bytes that are delivered.
     *
     * @param path the path of the staged file
     * @return the bytes; close it
     * @throws NoSuchJobException if the run has no such file
     * @throws StoreException if its bytes are gone
     */
    InputStream open(String path);
}
