/**
 * In-memory fakes, a settable clock and a manual scheduler for the tests of a host application, which need no test
 * framework; and contract tests for implementations of the SPIs, which need JUnit Jupiter and AssertJ.
 */
module io.outfeed.testing {
    requires transitive io.outfeed.core;
    requires static transitive org.jspecify;
    requires static org.assertj.core;
    requires static org.junit.jupiter.api;

    exports io.outfeed.testing;
    exports io.outfeed.testing.contract;

    // JUnit calls the tests, which are no API and therefore not public.
    opens io.outfeed.testing.contract to
            org.junit.platform.commons;
}
