package io.outfeed.s3.internal;

import io.outfeed.delivery.OutgoingFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What an object says about its origin, in its metadata: which run has written which file. */
final class ObjectMetadata {

    private static final String RUN = "outfeed-run";
    private static final String PATH = "outfeed-path";
    private static final String SHA256 = "outfeed-sha256";
    private static final String UPLOAD = "outfeed-upload";

    private ObjectMetadata() {}

    static Map<String, String> of(OutgoingFile file) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(RUN, Long.toString(file.run()));
        metadata.put(PATH, Encoded.query(file.file().path()));
        metadata.put(SHA256, file.file().sha256());
        return metadata;
    }

    /** That of an object which is uploaded in parts: which upload it was. */
    static Map<String, String> ofUpload(OutgoingFile file) {
        Map<String, String> metadata = of(file);
        metadata.put(UPLOAD, Encoded.query(file.temporaryName()));
        return metadata;
    }

    /** Whether the run has written an object for that path. */
    static boolean isOfRun(Map<String, String> metadata, OutgoingFile file) {
        return Long.toString(file.run()).equals(metadata.get(RUN))
                && Encoded.query(file.file().path()).equals(metadata.get(PATH));
    }

    /** Whether it is the very file of the run. */
    static boolean isOf(Map<String, String> metadata, OutgoingFile file) {
        return isOfRun(metadata, file) && file.file().sha256().equals(metadata.get(SHA256));
    }

    /** Returns the temporary name of the upload that an object was; empty if it was put by one request. */
    static Optional<String> upload(Map<String, String> metadata) {
        return Optional.ofNullable(metadata.get(UPLOAD)).map(Encoded::decoded);
    }
}
