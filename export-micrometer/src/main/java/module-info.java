/**
 * Meters and observations of runs, by Micrometer.
 */
module io.outfeed.micrometer {
    requires transitive io.outfeed.core;
    requires transitive micrometer.core;
    requires transitive micrometer.observation;
    requires micrometer.commons;
    requires static org.jspecify;

    exports io.outfeed.micrometer;
}
