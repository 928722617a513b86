/** What an engine leaves behind when it is closed. */
@NullMarked
package io.outfeed.sftp.lifecycle;

import org.jspecify.annotations.NullMarked;
