/**
 * Records streamed from the host's database, and watermarks in the database's own terms.
 */
module io.outfeed.jdbc {
    requires transitive io.outfeed.core;
    requires transitive java.sql;
    requires static org.jspecify;

    exports io.outfeed.jdbc;
}
