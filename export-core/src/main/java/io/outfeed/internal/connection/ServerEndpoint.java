package io.outfeed.internal.connection;

/** A server, and how to connect and log in to it. Connections to equal endpoints are interchangeable. */
public interface ServerEndpoint {

    /** Returns the host and port, for messages: the connections to it are limited. */
    String server();
}
