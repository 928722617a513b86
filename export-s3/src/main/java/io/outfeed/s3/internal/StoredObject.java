package io.outfeed.s3.internal;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has a key.
 *
 * @param presence whether an object is there
 * @param bytes its size
 * @param modifiedAt when it was written; null if not said
 * @param etag what identifies its version; empty if not said
 * @param metadata what it says about its origin
 * @param sha256 the SHA-256 that the server has computed of the whole object, in Base64; empty if not said
 */
record StoredObject(
        Presence presence,
        long bytes,
        @Nullable Instant modifiedAt,
        String etag,
        Map<String, String> metadata,
        String sha256) {

    /** Whether an object is there. */
    enum Presence {
        PRESENT,
        MISSING,
        /** The login may not read it. */
        NOT_SAID
    }

    static final StoredObject MISSING = new StoredObject(Presence.MISSING, 0, null, "", Map.of(), "");
    static final StoredObject NOT_SAID = new StoredObject(Presence.NOT_SAID, 0, null, "", Map.of(), "");

    boolean isPresent() {
        return presence == Presence.PRESENT;
    }

    boolean isMissing() {
        return presence == Presence.MISSING;
    }
}
