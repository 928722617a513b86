/** What a server says in the failures of sshj. */
@NullMarked
package io.outfeed.sftp.internal.failure;

import org.jspecify.annotations.NullMarked;
