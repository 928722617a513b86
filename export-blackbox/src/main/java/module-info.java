/** A host's module: it requires the modules of Outfeed, so that the tests, which run in it, see what these export. */
module io.outfeed.blackbox {
    requires io.outfeed.console;
    requires io.outfeed.core;
    requires io.outfeed.dbscheduler;
    requires io.outfeed.ftp;
    requires io.outfeed.http;
    requires io.outfeed.jdbc;
    requires io.outfeed.mail;
    requires io.outfeed.micrometer;
    requires io.outfeed.pgp;
    requires io.outfeed.s3;
    requires io.outfeed.sftp;
    requires io.outfeed.testing;
    requires io.outfeed.xlsx;
}
