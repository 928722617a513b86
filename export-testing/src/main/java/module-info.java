/**
 * In-memory fakes, a settable clock and a manual scheduler for the tests of a host application. Needs no test framework.
 */
module io.outfeed.testing {
    requires transitive io.outfeed.core;
    requires static transitive org.jspecify;

    exports io.outfeed.testing;
}
