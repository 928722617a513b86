/**
 * Records streamed from the host's database, watermarks in the database's own terms, and state that nodes share.
 */
module io.outfeed.jdbc {
    requires transitive io.outfeed.core;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.postgresql.jdbc;

    exports io.outfeed.jdbc;
    exports io.outfeed.jdbc.store;
}
