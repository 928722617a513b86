/** The objects of a bucket, multipart uploads, and what becomes of requests. */
@NullMarked
package io.outfeed.s3.internal;

import org.jspecify.annotations.NullMarked;
