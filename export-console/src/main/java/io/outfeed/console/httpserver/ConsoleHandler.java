package io.outfeed.console.httpserver;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpPrincipal;
import com.sun.net.httpserver.HttpsExchange;
import io.outfeed.console.Console;
import io.outfeed.console.ConsoleRequest;
import io.outfeed.console.ConsoleResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The console as a handler of the JDK's HTTP server: {@code server.createContext("/exports", new
 * ConsoleHandler(console))}. Set an {@link com.sun.net.httpserver.Authenticator} on the context. Thread-safe.
 */
@SuppressWarnings("exports") // a host with another server does not need this one
public final class ConsoleHandler implements HttpHandler {

    private static final int TOO_LARGE = 413;

    private final Console console;
    private final Function<HttpExchange, @Nullable Principal> principal;

    /**
     * Makes a handler that asks the authenticator of the context for the person, whose name is that of the user without
     * the realm.
     *
     * @param console the console; the handler does not close it
     */
    public ConsoleHandler(Console console) {
        this(console, ConsoleHandler::person);
    }

    /**
     * Makes a handler.
     *
     * @param console the console; the handler does not close it
     * @param principal finds the person of a request; null if none is signed in
     */
    public ConsoleHandler(Console console, Function<HttpExchange, @Nullable Principal> principal) {
        this.console = requireNonNull(console, "console");
        this.principal = requireNonNull(principal, "principal");
    }

    /** The name of an {@link HttpPrincipal} has its realm, which is no part of a person's name. */
    private static @Nullable Principal person(HttpExchange exchange) {
        HttpPrincipal principal = exchange.getPrincipal();
        return principal == null ? null : new Person(principal.getUsername());
    }

    private record Person(String name) implements Principal {

        @Override
        public String getName() {
            return name;
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(ConsoleRequest.MAX_BODY + 1);
            if (body.length > ConsoleRequest.MAX_BODY) {
                exchange.sendResponseHeaders(TOO_LARGE, -1);
                return;
            }
            String address = exchange.getRequestURI().getPath();
            ConsoleRequest asked = new ConsoleRequest(
                    exchange.getRequestMethod(),
                    below(exchange.getHttpContext().getPath(), address),
                    Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                    exchange.getRequestHeaders(),
                    body,
                    principal.apply(exchange),
                    exchange instanceof HttpsExchange);
            ConsoleResponse answer =
                    asked.path().isEmpty() ? ConsoleResponse.withSlash(address) : console.handle(asked);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            boolean bodyless = exchange.getRequestMethod().equals("HEAD") || answer.length() == 0;
            exchange.sendResponseHeaders(answer.status(), bodyless ? -1 : answer.length());
            if (!bodyless) {
                answer.writeTo(exchange.getResponseBody());
            }
        }
    }

    /** The path below that of the context, with its slash. */
    private static String below(String context, String address) {
        int length = context.endsWith("/") ? context.length() - 1 : context.length();
        return address.substring(Math.min(address.length(), length));
    }
}
