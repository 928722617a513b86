package io.outfeed.sftp.internal.connection;

import java.time.Duration;

/**
 * How long the keys of a connection are used before new ones are agreed on.
 *
 * @param bytes how many bytes they encrypt, in both directions together
 * @param age how long they are used
 */
public record KeyLimit(long bytes, Duration age) {

    /** As RFC 4253 recommends, section 9. */
    public static final KeyLimit DEFAULT = new KeyLimit(1L << 30, Duration.ofHours(1));
}
