package io.outfeed.s3.internal;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.TemporaryNames;
import java.util.Optional;

/**
 * The names of objects in a bucket: a location is {@code s3://bucket/key}.
 *
 * @param name the name of the bucket
 * @param prefix what all keys begin with, such as {@code exports/}; may be empty
 */
public record Bucket(String name, String prefix) {

    /** Returns the key of a path below the prefix. */
    String key(String path) {
        return prefix + path;
    }

    String location(String key) {
        return root() + key;
    }

    private String root() {
        return "s3://" + name + "/";
    }

    /** Returns the key of a location in this bucket; empty for another bucket, or what is no location of an object. */
    Optional<String> key(Location location) {
        return Optional.of(location.object())
                .filter(object -> object.startsWith(root()) && object.length() > root().length())
                .map(object -> object.substring(root().length()));
    }

    /** The same, only for keys with the prefix: those that the delivery writes and deletes. */
    Optional<String> ownKey(Location location) {
        return key(location).filter(key -> key.startsWith(prefix) && key.length() > prefix.length());
    }

    /**
     * What a location of the ledger says.
     *
     * @param object where the object is, or will be
     * @param upload the temporary name of a multipart upload; an empty text for an object
     * @param uploadId the id that the server has given the upload, or an empty text
     */
    record Location(String object, String upload, String uploadId) {

        private static final String UPLOAD = "?upload=";
        private static final String ID = "&id=";

        /** Reads a location. No name of a file has a question mark. */
        static Location parse(String location) {
            int upload = location.indexOf(UPLOAD);
            int id = location.indexOf(ID, Math.max(upload, 0));
            return upload < 0 || id < 0
                    ? new Location(location, "", "")
                    : new Location(
                            location.substring(0, upload),
                            location.substring(upload + UPLOAD.length(), id),
                            location.substring(id + ID.length()));
        }

        boolean isUpload() {
            return !uploadId.isEmpty();
        }

        boolean isUploadOf(OutgoingFile file) {
            return isUpload() && TemporaryNames.isOf(upload, file);
        }

        @Override
        public String toString() {
            return isUpload() ? object + UPLOAD + upload + ID + uploadId : object;
        }
    }
}
