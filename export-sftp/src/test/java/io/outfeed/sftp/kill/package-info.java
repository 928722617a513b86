/** Kills a process that exports. */
@NullMarked
package io.outfeed.sftp.kill;

import org.jspecify.annotations.NullMarked;
