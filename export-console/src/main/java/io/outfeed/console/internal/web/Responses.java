package io.outfeed.console.internal.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.console.ConsoleResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Responses with the headers that keep pages from being framed, cached, guessed at, or running what is not theirs. */
public final class Responses {

    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
            + " img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private Responses() {}

    public static ConsoleResponse html(int status, String page) {
        return text(status, "text/html; charset=utf-8", page);
    }

    public static ConsoleResponse json(String json) {
        return text(200, "application/json", json);
    }

    public static ConsoleResponse text(int status, String type, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return of(status, Map.of("Content-Type", type), bytes.length, out -> out.write(bytes));
    }

    /** A page that is shown instead, by a link that is relative to the one of the request. */
    public static ConsoleResponse seeOther(String link) {
        return of(303, Map.of("Location", link), 0, out -> {});
    }

    /** A file of the console itself: the same until another version is installed. */
    public static ConsoleResponse asset(String type, byte[] bytes) {
        Map<String, String> headers = headers(Map.of("Content-Type", type));
        headers.put("Cache-Control", "private, max-age=3600");
        return new ConsoleResponse(200, headers, bytes.length, out -> out.write(bytes));
    }

    /** A file to be saved: whatever it has, the browser does not show it. */
    public static ConsoleResponse download(String name, long length, ConsoleResponse.Body body) {
        return of(
                200,
                Map.of(
                        "Content-Type",
                        "application/octet-stream",
                        "Content-Disposition",
                        "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "\""),
                length,
                body);
    }

    public static ConsoleResponse with(ConsoleResponse response, String name, String value) {
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        headers.put(name, value);
        return new ConsoleResponse(response.status(), headers, response.length(), response::writeTo);
    }

    private static ConsoleResponse of(int status, Map<String, String> more, long length, ConsoleResponse.Body body) {
        return new ConsoleResponse(status, headers(more), length, body);
    }

    private static Map<String, String> headers(Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Content-Security-Policy", POLICY);
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        return headers;
    }
}
