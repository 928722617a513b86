package io.outfeed.spring.internal;

import io.outfeed.spring.SecretResolver;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns references of the configuration into suppliers, which are asked at each login. Thread-safe. */
final class Secrets {

    private final SecretResolver resolver;

    Secrets(SecretResolver resolver) {
        this.resolver = resolver;
    }

    /** Returns the supplier of a secret; null, and a problem, if the property holds no reference. */
    @Nullable
    Supplier<char[]> supplier(String path, String reference, Findings findings) {
        if (!resolver.accepts(reference)) {
            // Without what it says: it may be the secret itself.
            findings.add(
                    path,
                    "must refer to the secret, not hold it: write file:/run/secrets/NAME, env:NAME or property:NAME");
            return null;
        }
        return () -> resolve(path, reference).toCharArray();
    }

    /** Returns the supplier of a secret that may be left out; null, and no problem, if it is. */
    @Nullable
    Supplier<char[]> optional(String path, @Nullable String reference, Findings findings) {
        return reference == null ? null : supplier(path, reference, findings);
    }

    private String resolve(String path, String reference) {
        try {
            return resolver.secret(reference);
        } catch (Exception e) {
            // Neither its message nor the exception as a cause: both may hold the secret.
            throw new IllegalStateException(
                    path + " can't be resolved (" + e.getClass().getName() + ")");
        }
    }
}
