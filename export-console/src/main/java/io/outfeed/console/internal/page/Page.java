package io.outfeed.console.internal.page;

/** What a page shows. */
public interface Page {

    /** The name of its template. */
    String template();

    /** Its title. */
    String title();

    /** The part of the navigation that it belongs to. */
    String section();

    /** The same for programs: records of {@code io.outfeed.view}, or lists and maps of them. */
    Object json();

    /** Identifies what it shows; empty if it is not loaded anew by itself. */
    default String state() {
        return "";
    }

    /** Where the console tells the state of now, relative to it; empty if it does not. */
    default String poll() {
        return "";
    }
}
