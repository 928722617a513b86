package io.outfeed.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ByteArrayResource;

/** Gives an application the properties of a YAML text, as those of its application.yaml. */
final class Yaml implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private final String text;

    Yaml(String text) {
        this.text = text;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        try {
            new YamlPropertySourceLoader()
                    .load("application.yaml", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
                    .forEach(context.getEnvironment().getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
