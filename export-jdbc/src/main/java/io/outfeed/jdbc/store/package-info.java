/**
 * State in a database, shared by the nodes of a host.
 */
@NullMarked
package io.outfeed.jdbc.store;

import org.jspecify.annotations.NullMarked;
