/** Connections to servers that engines keep and share, and what the protocols on them have in common. */
@NullMarked
package io.outfeed.internal.connection;

import org.jspecify.annotations.NullMarked;
