package io.outfeed.spring.application;

import io.outfeed.ExportDefinition;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.JdbcWatermark;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A host: one definition over its database. All else is in its configuration. */
@SpringBootApplication
class TestApplication {

    record Contact(long id, String name, String status, Instant changedAt) {}

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
                .choices(c -> c.fields(f -> f.field("status", Contact::status)).fileName())
                .build();
    }
}
