package io.outfeed.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A file that arrived at an {@link InMemoryDelivery}.
 *
 * <p>Immutable. Its {@code toString} does not show the content.
 */
public final class DeliveredFile {

    private final String path;
    private final long run;
    private final byte[] content;

    DeliveredFile(String path, long run, byte[] content) {
        this.path = path;
        this.run = run;
        this.content = content;
    }

    /**
     * Returns where it appeared.
     *
     * @return the path below the destination
     */
    public String path() {
        return path;
    }

    /**
     * Returns whose it is.
     *
     * @return the number of the run
     */
    public long run() {
        return run;
    }

    /**
     * Returns its bytes.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return content.clone();
    }

    /**
     * Returns its content as text.
     *
     * @return the content, read as UTF-8
     */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /**
     * Returns its lines, the header first.
     *
     * @return the lines, without their ends
     */
    public List<String> lines() {
        return text().lines().toList();
    }

    /** Path and size. */
    @Override
    public String toString() {
        return path + " (" + content.length + " bytes)";
    }
}
