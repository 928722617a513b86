package io.outfeed.console.servlet;

import static java.util.Objects.requireNonNull;

import io.outfeed.console.Console;
import io.outfeed.console.ConsoleRequest;
import io.outfeed.console.ConsoleResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The console as a servlet. Map it to a path and all below it, such as {@code /exports/*}; the container or a filter
 * before it authenticates. Thread-safe.
 */
@SuppressWarnings("exports") // a host with another server does not need this one
public final class ConsoleServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Console console;
    private final transient Function<HttpServletRequest, @Nullable Principal> principal;

    /**
     * Makes a servlet that asks the container for the person.
     *
     * @param console the console; the servlet does not close it
     */
    public ConsoleServlet(Console console) {
        this(console, HttpServletRequest::getUserPrincipal);
    }

    /**
     * Makes a servlet.
     *
     * @param console the console; the servlet does not close it
     * @param principal finds the person of a request; null if none is signed in
     */
    public ConsoleServlet(Console console, Function<HttpServletRequest, @Nullable Principal> principal) {
        this.console = requireNonNull(console, "console");
        this.principal = requireNonNull(principal, "principal");
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readNBytes(ConsoleRequest.MAX_BODY + 1);
        if (body.length > ConsoleRequest.MAX_BODY) {
            response.sendError(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
            return;
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        String path = Optional.ofNullable(request.getPathInfo()).orElse("");
        ConsoleRequest asked = new ConsoleRequest(
                request.getMethod(),
                path,
                Optional.ofNullable(request.getQueryString()).orElse(""),
                headers,
                body,
                principal.apply(request),
                request.isSecure());
        ConsoleResponse answer =
                path.isEmpty() ? ConsoleResponse.withSlash(request.getRequestURI()) : console.handle(asked);
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentLengthLong(answer.length());
        if (!request.getMethod().equals("HEAD")) {
            answer.writeTo(response.getOutputStream());
        }
    }
}
