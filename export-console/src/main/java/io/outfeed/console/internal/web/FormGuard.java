package io.outfeed.console.internal.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.outfeed.console.ConsoleRequest;
import java.net.URI;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets only forms of the console's own pages through: the browser must say that the request comes from the same origin
 * ({@code Sec-Fetch-Site}, or {@code Origin} where that is missing), and the form must have the token of the cookie.
 * The token is in no memory of the server, so that any node can take the form of another.
 */
public final class FormGuard {

    /** The name of the field and of the cookie. */
    public static final String TOKEN = "outfeed-token";

    private static final int BYTES = 24;

    private static final SecureRandom RANDOM = new SecureRandom();

    private FormGuard() {}

    /** Returns the token of the request's cookie; empty if there is none that this class could have made. */
    public static Optional<String> token(ConsoleRequest request) {
        return request.headers("cookie").stream()
                .flatMap(header -> Stream.of(header.split(";", -1)))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(TOKEN + "="))
                .map(cookie -> cookie.substring(TOKEN.length() + 1))
                .filter(value -> value.matches("[A-Za-z0-9_-]{32}"))
                .findFirst();
    }

    public static String newToken() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The cookie is sent back to the console's own path only: a path that is not named is that of the page. */
    public static String cookie(String token, boolean secure) {
        return TOKEN + "=" + token + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    /**
     * Checks where a form comes from.
     *
     * @throws ForbiddenException if it may be from another site
     */
    public static void check(ConsoleRequest request, Parameters form) {
        Optional<String> site = request.header("sec-fetch-site");
        if (site.isPresent() ? !site.get().equals("same-origin") : !isFromSameHost(request)) {
            throw new ForbiddenException("the form was not sent by a page of this console: open the page anew, and if"
                    + " it stays so, let the proxy pass on the header Host");
        }
        String expected = token(request).orElse("");
        boolean same = MessageDigest.isEqual(
                expected.getBytes(US_ASCII), form.text(TOKEN).getBytes(US_ASCII));
        if (expected.isEmpty() || !same) {
            throw new ForbiddenException(
                    "the form has no valid token: allow cookies of this site, open the page anew, and send it again");
        }
    }

    private static boolean isFromSameHost(ConsoleRequest request) {
        Optional<String> host = request.header("host").map(name -> name.toLowerCase(Locale.ROOT));
        return request.header("origin")
                .flatMap(FormGuard::authority)
                .filter(authority -> host.filter(authority::equals).isPresent())
                .isPresent();
    }

    private static Optional<String> authority(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getRawAuthority()).map(name -> name.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // "null", or nonsense
        }
    }
}
