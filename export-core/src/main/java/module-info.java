/**
 * Export definitions, field mapping, CSV files, watermarks, schedules, the engine, the file store, and delivery to a
 * directory.
 */
@SuppressWarnings("module") // the other modules are built after this module
module io.outfeed.core {
    requires org.apache.commons.csv;
    requires java.sql;
    requires jdk.jfr;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.outfeed;
    exports io.outfeed.error;
    exports io.outfeed.run;
    exports io.outfeed.run.file;
    exports io.outfeed.operation;
    exports io.outfeed.backfill;
    exports io.outfeed.job;
    exports io.outfeed.source;
    exports io.outfeed.field;
    exports io.outfeed.watermark;
    exports io.outfeed.file;
    exports io.outfeed.file.transform;
    exports io.outfeed.format;
    exports io.outfeed.format.fixed;
    exports io.outfeed.layout;
    exports io.outfeed.dictionary;
    exports io.outfeed.schedule;
    exports io.outfeed.scheduler;
    exports io.outfeed.delivery;
    exports io.outfeed.directory;
    exports io.outfeed.spool;
    exports io.outfeed.store;
    exports io.outfeed.event;
    exports io.outfeed.incident;
    exports io.outfeed.audit;
    exports io.outfeed.notification;
    exports io.outfeed.view;

    // Stores have some failures in common, and their contract tests make runs.
    exports io.outfeed.internal.model to
            io.outfeed.jdbc,
            io.outfeed.testing;

    // The clocks of tests have a monotonic time too.
    exports io.outfeed.internal.clock to
            io.outfeed.testing;

    // What code of the host throws is logged without its message, in every module.
    exports io.outfeed.internal.failure to
            io.outfeed.ftp,
            io.outfeed.http,
            io.outfeed.jdbc,
            io.outfeed.mail,
            io.outfeed.pgp,
            io.outfeed.s3,
            io.outfeed.sftp;

    // Connections to servers are kept, limited and released alike, and certificates are read alike.
    exports io.outfeed.internal.connection to
            io.outfeed.ftp,
            io.outfeed.s3,
            io.outfeed.sftp;

    // The text of a value is the same in a file and to a host.
    exports io.outfeed.internal.value to
            io.outfeed.jdbc;

    // JSON is written alike, archives have no times, files have content types, and interrupts are told from failures.
    exports io.outfeed.internal.io to
            io.outfeed.console,
            io.outfeed.http,
            io.outfeed.s3,
            io.outfeed.xlsx;

    // Text becomes bytes alike, and trailers have the same variables.
    exports io.outfeed.internal.format to
            io.outfeed.xlsx;

    // What a server says is shown alike, names that it gives back are checked alike, and advice on names is the same.
    exports io.outfeed.internal.text to
            io.outfeed.ftp,
            io.outfeed.http,
            io.outfeed.mail,
            io.outfeed.s3,
            io.outfeed.sftp,
            io.outfeed.testing;
}
