/**
 * A scheduler on db-scheduler, for hosts with many machines.
 */
module io.outfeed.dbscheduler {
    requires transitive io.outfeed.core;
    requires transitive com.github.kagkarlsson.scheduler;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.outfeed.dbscheduler;
}
