/**
 * Spreadsheets as a format of files.
 */
module io.outfeed.xlsx {
    requires transitive io.outfeed.core;
    requires static org.jspecify;

    exports io.outfeed.xlsx;
}
