/** Records and state in databases. */
module io.outfeed.jdbc {
    requires transitive io.outfeed.core;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.outfeed.jdbc.store;
}
