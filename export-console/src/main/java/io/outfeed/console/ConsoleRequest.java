package io.outfeed.console;

import static java.util.Objects.requireNonNull;

import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as an adapter gives it to the {@link Console}.
 *
 * <p>Immutable, but for the body, which is not copied.
 */
public final class ConsoleRequest {

    /** The largest body that an adapter reads, in bytes. Forms of the console are smaller. */
    public static final int MAX_BODY = 256 * 1024;

    private final String method;
    private final String path;
    private final String query;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final @Nullable Principal principal;
    private final boolean secure;

    /**
     * Makes a request.
     *
     * @param method the method, in capitals
     * @param path the decoded path below the console's own, such as {@code /jobs}; {@code /} for the first page
     * @param query the query as it was sent; empty if there is none
     * @param headers the headers
     * @param body the body, of at most {@link #MAX_BODY} bytes
     * @param principal the person, as the host has authenticated them; null if they are not
     * @param secure whether the request came by HTTPS
     */
    public ConsoleRequest(
            String method,
            String path,
            String query,
            Map<String, List<String>> headers,
            byte[] body,
            @Nullable Principal principal,
            boolean secure) {
        this.method = requireNonNull(method, "method");
        this.path = requireNonNull(path, "path");
        this.query = requireNonNull(query, "query");
        Map<String, List<String>> copy = new HashMap<>();
        headers.forEach((name, values) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        this.headers = Map.copyOf(copy);
        this.body = requireNonNull(body, "body");
        this.principal = principal;
        this.secure = secure;
    }

    /**
     * Returns the method.
     *
     * @return the method, in capitals
     */
    public String method() {
        return method;
    }

    /**
     * Returns the path below the console's own.
     *
     * @return the decoded path
     */
    public String path() {
        return path;
    }

    /**
     * Returns the query.
     *
     * @return the query as it was sent, or an empty text
     */
    public String query() {
        return query;
    }

    /**
     * Returns a header.
     *
     * @param name its name, in any case
     * @return its first value
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /**
     * Returns all values of a header.
     *
     * @param name its name, in any case
     * @return its values
     */
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /**
     * Returns the body.
     *
     * @return the bytes, not copied
     */
    public byte[] body() {
        return body;
    }

    /**
     * Returns the person who asks.
     *
     * @return the principal; empty if the host has not authenticated one
     */
    public Optional<Principal> principal() {
        return Optional.ofNullable(principal);
    }

    /**
     * Tells whether the request came by HTTPS.
     *
     * @return whether it did
     */
    public boolean secure() {
        return secure;
    }

    /** The method and the path. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
