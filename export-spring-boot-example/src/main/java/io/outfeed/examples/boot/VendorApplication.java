package io.outfeed.examples.boot;

import io.outfeed.ExportDefinition;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.JdbcWatermark;
import io.outfeed.job.JobSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Exports the contacts of its customers: of one by a job in application.yaml, of all others by rows of a table. */
@SpringBootApplication(proxyBeanMethods = false)
class VendorApplication {

    public static void main(String... arguments) {
        SpringApplication.run(VendorApplication.class, arguments);
    }

    @Bean
    ExportDefinition<Contact> contacts(DataSource database) {
        return ExportDefinition.builder("contacts", Contact.class)
                .source(JdbcRecordSource.builder(database, Contact.class)
                        .query("SELECT id, name, status, changed_at FROM contacts WHERE tenant = :tenant"
                                + " AND changed_at >= :from AND changed_at < :until ORDER BY id")
                        .build())
                .recordKey(Contact::id)
                .watermark(JdbcWatermark.timestamp("changed_at", Contact::changedAt)
                        .settleTime(Duration.ZERO))
                .parameter("tenant")
                .fields(f -> f.field("id", Contact::id).field("name", Contact::name))
                .file(f -> f.name("{parameter.tenant}-{sequence}.csv"))
                .choices(c -> c.fields(f -> f.field("status", Contact::status))
                        .standardTransformations()
                        .standardFormats()
                        .standardTransforms()
                        .fileName())
                .build();
    }

    /** The directories of customers are below one, as those of an SFTP server for them would be. */
    @Bean
    JobSource customers(
            DataSource database, ExportDefinition<Contact> contacts, @Value("${vendor.outboxes}") Path outboxes)
            throws IOException {
        Files.createDirectories(outboxes.resolve("lakeside"));
        return new CustomerJobs(database, contacts, outboxes);
    }
}
