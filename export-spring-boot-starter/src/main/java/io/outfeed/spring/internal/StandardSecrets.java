package io.outfeed.spring.internal;

import io.outfeed.spring.SecretResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.springframework.core.env.Environment;

/** Secrets in files, environment variables and other properties. Thread-safe. */
public final class StandardSecrets implements SecretResolver {

    private static final String FILE = "file:";
    private static final String ENV = "env:";
    private static final String PROPERTY = "property:";

    private final Environment environment;

    /** Looks for the secrets of an application. */
    public StandardSecrets(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean accepts(String reference) {
        return reference.startsWith(FILE) || reference.startsWith(ENV) || reference.startsWith(PROPERTY);
    }

    @Override
    public String secret(String reference) throws IOException {
        if (reference.startsWith(FILE)) {
            return Files.readString(Path.of(reference.substring(FILE.length()))).replaceFirst("\\R\\z", "");
        }
        Optional<String> value = Optional.empty();
        if (reference.startsWith(ENV)) {
            value = Optional.ofNullable(System.getenv(reference.substring(ENV.length())));
        } else if (reference.startsWith(PROPERTY)) {
            value = Optional.ofNullable(environment.getProperty(reference.substring(PROPERTY.length())));
        }
        return value.orElseThrow(() -> new NoSuchElementException("the secret of a reference is not set"));
    }
}
