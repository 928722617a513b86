package io.outfeed.source;

/**
 * The pool that the sessions of a source take their connections from, one each. The engine opens no more sessions of a
 * pool at once than leave it a connection for the store.
 *
 * <p>An SPI. Sources that share a pool have {@linkplain Object#equals equal} ones. Thread-safe; {@link #toString} names
 * the pool in messages.
 */
@FunctionalInterface
public interface ConnectionPool {

    /**
     * Takes a connection that is not used, to find out whether there is one. Waits for it as long as the pool lets a
     * caller wait.
     *
     * @return gives the connection back when it is closed
     * @throws Exception if there is none
     */
    AutoCloseable take() throws Exception;
}
