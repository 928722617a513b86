/**
 * Delivery to object stores: {@link io.outfeed.s3.S3Delivery} puts files into a bucket of Amazon S3, or of a server
 * with its API.
 */
@NullMarked
package io.outfeed.s3;

import org.jspecify.annotations.NullMarked;
