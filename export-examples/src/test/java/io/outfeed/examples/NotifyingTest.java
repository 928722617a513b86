package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.mail.MailServer;
import io.outfeed.operation.JobQuery;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifyingTest {

    private static final MailServer SERVER =
            MailServer.builder("smtp.vendor.example").build();

    @TempDir
    Path directory;

    @Test
    void should_build() {
        Notifying.Customers customers = new Notifying.Customers() {
            @Override
            public List<String> contacts(String job) {
                return List.of();
            }

            @Override
            public URI page(long run, String file) {
                return URI.create("https://portal.vendor.example/runs/" + run);
            }
        };
        URI channel = URI.create("https://hooks.slack.com/services/x");

        try (ExportEngine engine = Notifying.operators(directory.resolve("a"), SERVER, channel);
                ExportEngine other = Notifying.customers(directory.resolve("b"), SERVER, customers)) {
            assertThat(engine.jobs(JobQuery.all())).isEmpty();
            assertThat(other.jobs(JobQuery.all())).isEmpty();
        }
    }

    @Test
    void should_be_what_the_readme_shows() throws IOException {
        assertThat(Readme.code("docs/guide/notices.md", "## Notices for operators"))
                .isEqualTo(Readme.region("Notifying.java", "operators"));
        assertThat(Readme.code("docs/guide/notices.md", "## A mail when a file is there"))
                .isEqualTo(Readme.region("Notifying.java", "customers"));
    }
}
