package io.outfeed.http.internal.upload;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.internal.io.TextDigest;

/** The keys of requests: the same for each request that sends one file of one run by one delivery. */
final class RequestKeys {

    private static final int BYTES = 16;

    private RequestKeys() {}

    /** Returns 32 hexadecimal digits. */
    static String of(String delivery, OutgoingFile file) {
        return new TextDigest()
                .add(delivery)
                .add(file.job())
                .add(Long.toString(file.run()))
                .add(file.file().path())
                .hex(BYTES);
    }
}
