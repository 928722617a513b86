package io.outfeed.s3.internal;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a delivery, without problems.
 *
 * @param id the id of the delivery
 * @param server where requests are sent, and by which login
 * @param bucket the bucket and the prefix of keys
 * @param encryption how the server encrypts objects
 * @param storageClass the storage class of objects; null for that of the bucket
 * @param contentType the content type of all objects; null to take it from the name of each file
 * @param tags the tags of objects
 * @param linkLifetime for how long a link is good; null for no links
 * @param conditional whether the server takes conditions for writes
 * @param partSize the size of a part in bytes, unless there would be too many
 * @param multipartFrom from which size on files are uploaded in parts
 */
public record S3Settings(
        String id,
        S3Server server,
        Bucket bucket,
        ObjectEncryption encryption,
        @Nullable String storageClass,
        @Nullable String contentType,
        Map<String, String> tags,
        @Nullable Duration linkLifetime,
        boolean conditional,
        long partSize,
        long multipartFrom) {}
