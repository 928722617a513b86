/** Connections on which a user is logged in: opening, lending, keeping and closing them. */
@NullMarked
package io.outfeed.sftp.internal.connection;

import org.jspecify.annotations.NullMarked;
