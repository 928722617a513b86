/** A process that is killed while it exports. */
@NullMarked
package io.outfeed.ftp.kill;

import org.jspecify.annotations.NullMarked;
