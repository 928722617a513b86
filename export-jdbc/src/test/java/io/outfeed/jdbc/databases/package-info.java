/** The servers of the tests. */
package io.outfeed.jdbc.databases;
