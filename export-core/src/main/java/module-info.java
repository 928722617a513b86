/**
 * Export definitions, field mapping, CSV files, watermarks, schedules, the engine, the file store, and delivery to a directory.
 */
module io.outfeed.core {
    requires org.apache.commons.csv;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.outfeed;
    exports io.outfeed.source;
    exports io.outfeed.field;
    exports io.outfeed.watermark;
    exports io.outfeed.file;
    exports io.outfeed.schedule;
    exports io.outfeed.delivery;
    exports io.outfeed.store;
    exports io.outfeed.event;
}
