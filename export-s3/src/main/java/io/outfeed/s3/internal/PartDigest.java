package io.outfeed.s3.internal;

import java.util.Base64;
import java.util.HexFormat;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * What identifies the bytes of a part.
 *
 * @param bytes how many there are
 * @param sha256 in Base64, as S3 has it
 * @param md5 in hexadecimal digits, as the tag of a part that is not encrypted by KMS
 */
record PartDigest(long bytes, String sha256, String md5) {

    static PartDigest of(long bytes, byte[] sha256, byte[] md5) {
        return new PartDigest(
                bytes,
                Base64.getEncoder().encodeToString(sha256),
                HexFormat.of().formatHex(md5));
    }

    /** Whether the server has the same bytes; false if it does not say enough. */
    boolean isOf(Part part) {
        if (part.size() == null || part.size() != bytes) {
            return false;
        }
        return part.checksumSHA256() != null
                ? part.checksumSHA256().equals(sha256)
                : part.eTag() != null && part.eTag().replace("\"", "").equalsIgnoreCase(md5);
    }
}
