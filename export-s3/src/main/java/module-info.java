/**
 * Delivery to a bucket of Amazon S3, or of a server with its API.
 */
@SuppressWarnings("module") // the digit is a part of the name
module io.outfeed.s3 {
    requires transitive io.outfeed.core;
    requires transitive software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.urlconnection;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.services.s3;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.outfeed.s3;
}
