/**
 * Pages for the people who operate exports.
 */
module io.outfeed.console {
    requires transitive io.outfeed.core;
    requires gg.jte.runtime;
    requires org.slf4j;
    requires static jakarta.servlet;
    requires static jdk.httpserver;
    requires static java.compiler;
    requires static org.jspecify;

    exports io.outfeed.console;
    exports io.outfeed.console.httpserver;
    exports io.outfeed.console.servlet;

    opens io.outfeed.console.internal.template to
            gg.jte.runtime;
}
