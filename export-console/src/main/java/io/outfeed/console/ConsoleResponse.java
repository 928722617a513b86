package io.outfeed.console;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer of the {@link Console} to a request.
 *
 * <p>The body is written once, by one thread.
 */
public final class ConsoleResponse {

    /** Writes a body. */
    @FunctionalInterface
    public interface Body {

        /**
         * Writes the body.
         *
         * @param out where to; not closed
         * @throws IOException if it can't be written, or read: the client must see that it is not complete
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private static final int SEE_OTHER = 303;

    private final int status;
    private final Map<String, String> headers;
    private final long length;
    private final Body body;

    /**
     * Makes a response.
     *
     * @param status the status
     * @param headers the headers, without the length
     * @param length the length of the body, in bytes
     * @param body writes the body
     */
    public ConsoleResponse(int status, Map<String, String> headers, long length, Body body) {
        this.status = status;
        this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        this.length = length;
        this.body = requireNonNull(body, "body");
    }

    /**
     * Makes the answer that sends a browser from the console's own path to the same with a slash, by a relative link:
     * whatever a proxy calls the path before it, links of pages are right then.
     *
     * @param address the path of the request, such as {@code /exports}
     * @return the answer
     */
    public static ConsoleResponse withSlash(String address) {
        String last = address.substring(address.lastIndexOf('/') + 1);
        return new ConsoleResponse(
                SEE_OTHER, Map.of("Location", last + "/", "Cache-Control", "no-store"), 0, out -> {});
    }

    /**
     * Returns the status.
     *
     * @return the status
     */
    public int status() {
        return status;
    }

    /**
     * Returns the headers.
     *
     * @return the headers, without the length of the body
     */
    public Map<String, String> headers() {
        return headers;
    }

    /**
     * Returns the length of the body.
     *
     * @return the length, in bytes
     */
    public long length() {
        return length;
    }

    /**
     * Writes the body.
     *
     * @param out where to; not closed
     * @throws IOException if it can't be written, or read: end the connection then
     */
    public void writeTo(OutputStream out) throws IOException {
        body.writeTo(out);
    }

    /** The status. */
    @Override
    public String toString() {
        return "response " + status;
    }
}
