package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.delivery.Delivery;
import io.outfeed.spring.internal.StandardSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.env.MockEnvironment;

class SecretsTest {

    @TempDir
    private Path directory;

    private final MockEnvironment environment = new MockEnvironment();
    private final StandardSecrets secrets = new StandardSecrets(environment);

    @Test
    void should_read_a_file_anew_each_time() throws IOException {
        Path file = Files.writeString(directory.resolve("smtp"), "first\n");
        assertThat(secrets.secret("file:" + file)).isEqualTo("first");

        Files.writeString(file, "second \r\n");

        assertThat(secrets.secret("file:" + file)).isEqualTo("second ");
    }

    @Test
    void should_read_environment_and_properties() throws IOException {
        environment.setProperty("vendor.smtp", "hunter2");

        assertThat(secrets.secret("property:vendor.smtp")).isEqualTo("hunter2");
        assertThat(secrets.secret("env:PATH")).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void should_fail_if_there_is_no_secret() {
        assertThatThrownBy(() -> secrets.secret("file:" + directory.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> secrets.secret("env:OUTFEED_IS_NOT_SET"))
                .hasMessage("the secret of a reference is not set");
        assertThat(secrets.accepts("hunter2")).isFalse();
    }

    @Test
    void should_ask_a_bean_of_the_application_and_show_nothing_of_it() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutfeedAutoConfiguration.class))
                .withBean("contacts", ExportDefinition.class, () -> Contact.export(Contact.source()))
                .withBean(SecretResolver.class, () -> reference -> "hunter2 of " + reference)
                .withPropertyValues("outfeed.directory=" + directory)
                .withInitializer(new Yaml("""
                        outfeed:
                          destinations:
                            lakeside:
                              sftp:
                                host: sftp.lakeside.example
                                user: outfeed
                                password: "vault:lakeside"
                                directory: in
                                host-keys: "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
                          jobs:
                            contacts-lakeside: {definitions: contacts, deliver-to: lakeside}
                        """))
                .run(context -> {
                    Delivery lakeside = context.getBean(ExportEngine.class)
                            .job("contacts-lakeside")
                            .job()
                            .deliveries()
                            .get(0);

                    assertThat(lakeside.toString() + context.getBean(OutfeedProperties.class))
                            .contains("sftp.lakeside.example")
                            .doesNotContain("hunter2");
                });
    }
}
