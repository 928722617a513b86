package io.outfeed.internal.connection;

import java.time.Duration;

/**
 * How a delivery uses the connections to its server.
 *
 * @param delivery the delivery's id, for messages
 * @param endpoint the server
 * @param deliveryTimeout how long a lease may last, and how long it may be waited for
 * @param idleTimeout how long the connection stays open after the lease; zero to close it at once
 * @param connections how many connections the server may have at once
 */
public record LeaseSettings<E extends ServerEndpoint>(
        String delivery, E endpoint, Duration deliveryTimeout, Duration idleTimeout, int connections) {}
