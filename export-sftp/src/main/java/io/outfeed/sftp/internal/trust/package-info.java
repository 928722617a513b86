/** Which host keys are trusted. */
@NullMarked
package io.outfeed.sftp.internal.trust;

import org.jspecify.annotations.NullMarked;
