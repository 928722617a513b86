package io.outfeed.http.internal.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A header whose value the host supplies at each request. Thread-safe if the supplier is. Its {@code toString} has the
 * name only.
 *
 * @param name the name of the header
 * @param secret gives the secret
 * @param value makes the value of the header from a copy of the secret, which is cleared afterwards
 */
public record SecretHeader(String name, Supplier<char[]> secret, Function<char[], String> value) {

    /** The header of a bearer token. */
    public static SecretHeader bearer(Supplier<char[]> token) {
        return new SecretHeader("Authorization", token, copy -> "Bearer " + new String(copy));
    }

    /** The header of a user with a password, in UTF-8. */
    public static SecretHeader basic(String user, Supplier<char[]> password) {
        return new SecretHeader(
                "Authorization",
                password,
                copy -> "Basic " + Base64.getEncoder().encodeToString((user + ":" + new String(copy)).getBytes(UTF_8)));
    }

    /** A header that is the secret. */
    public static SecretHeader of(String name, Supplier<char[]> secret) {
        return new SecretHeader(name, secret, String::new);
    }

    /**
     * Returns the value, of which the client keeps a text in memory.
     *
     * @throws IllegalStateException if the supplier gives null, or what no header can have
     */
    String current() {
        char[] supplied = secret.get();
        if (supplied == null) {
            throw new IllegalStateException("the supplier of the secret gave null");
        }
        char[] copy = supplied.clone();
        try {
            String text = value.apply(copy);
            if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new IllegalStateException("the secret has characters that no header can have");
            }
            return text;
        } finally {
            Arrays.fill(copy, '\0');
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
