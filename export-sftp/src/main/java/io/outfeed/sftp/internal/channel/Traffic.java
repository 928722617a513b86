package io.outfeed.sftp.internal.channel;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes that the channels of a connection have sent and received. Thread-safe. */
public final class Traffic {

    private final AtomicLong bytes = new AtomicLong();

    void add(long count) {
        bytes.addAndGet(count);
    }

    public long bytes() {
        return bytes.get();
    }
}
