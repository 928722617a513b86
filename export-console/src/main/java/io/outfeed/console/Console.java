package io.outfeed.console;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportEngine;
import io.outfeed.console.internal.RequestHandler;
import io.outfeed.console.internal.access.ConsoleSettings;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages for the people who operate the exports of an engine: what needs attention, jobs, runs, destinations, and what
 * can be done about them. It has no login of its own: the host authenticates, and an {@link Authorizer} decides what a
 * person sees and may do. An adapter connects it to a server: {@link io.outfeed.console.servlet.ConsoleServlet}, {@link
 * io.outfeed.console.httpserver.ConsoleHandler}, or the host's own, by {@link #handle}.
 *
 * <p>All links are relative, and all state is in the address or the store: it can be mounted at any path, behind any
 * proxy, on any number of nodes. The address of the console itself must end with a slash, such as {@code /exports/}; an
 * adapter sends those without it there.
 *
 * <p>Thread-safe. Close it before the engine.
 */
public final class Console implements AutoCloseable {

    private final RequestHandler handler;

    private Console(RequestHandler handler) {
        this.handler = handler;
    }

    /**
     * Starts building a console.
     *
     * @param engine the engine; the console does not close it
     * @param authorizer decides what a person sees and may do
     * @return a builder with the defaults
     */
    public static Builder builder(ExportEngine engine, Authorizer authorizer) {
        return new Builder(requireNonNull(engine, "engine"), requireNonNull(authorizer, "authorizer"));
    }

    /**
     * Answers a request.
     *
     * @param request the request
     * @return the answer, whose body is yet to be written
     */
    public ConsoleResponse handle(ConsoleRequest request) {
        return handler.handle(requireNonNull(request, "request"));
    }

    /** Interrupts operations that were asked for and go on; the engine continues runs that were interrupted. */
    @Override
    public void close() {
        handler.close();
    }

    /** Collects the settings of a console. Not thread-safe. */
    public static final class Builder {

        private final ExportEngine engine;
        private final Authorizer authorizer;
        private String title = "Exports";
        private ZoneId zone = ZoneOffset.UTC;
        private @Nullable String customerParameter;
        private @Nullable JobEditor editor;

        private Builder(ExportEngine engine, Authorizer authorizer) {
            this.engine = engine;
            this.authorizer = authorizer;
        }

        /**
         * Sets the title of all pages. Default: {@code Exports}.
         *
         * @param title the title
         * @return this builder
         */
        public Builder title(String title) {
            this.title = requireNonNull(title, "title");
            return this;
        }

        /**
         * Sets the zone in which times are shown, with GMT beside them. Default: GMT. The fires of a schedule are shown
         * in its own zone.
         *
         * @param zone the zone
         * @return this builder
         */
        public Builder zone(ZoneId zone) {
            this.zone = requireNonNull(zone, "zone");
            return this;
        }

        /**
         * Sets which parameter of a job names its customer, for a column and a filter. Default: none.
         *
         * @param parameter the name of the parameter, such as {@code tenant}
         * @return this builder
         */
        public Builder customerParameter(String parameter) {
            this.customerParameter = requireNonNull(parameter, "parameter");
            return this;
        }

        /**
         * Sets what changes jobs where the host keeps them. Default: none: layouts can't be changed, and jobs neither
         * copied nor removed.
         *
         * @param editor the editor
         * @return this builder
         */
        public Builder editor(JobEditor editor) {
            this.editor = requireNonNull(editor, "editor");
            return this;
        }

        /**
         * Builds the console.
         *
         * @return the console
         */
        public Console build() {
            return new Console(new RequestHandler(new ConsoleSettings(
                    engine,
                    authorizer,
                    title,
                    zone,
                    Optional.ofNullable(customerParameter),
                    Optional.ofNullable(editor))));
        }
    }
}
