package io.outfeed.spring.application;

import io.outfeed.ExportDefinition;
import io.outfeed.console.Authorizer;
import io.outfeed.console.ConsoleAction;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.JdbcWatermark;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A host: one definition over its database. All else is in its configuration. */
@SpringBootApplication
class TestApplication {

    record Contact(long id, String name, String status, Instant changedAt) {}

    /** The person is the one that a header names: a host has a login instead. */
    @Bean
    Filter person() {
        return (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public @Nullable Principal getUserPrincipal() {
                        String name = getHeader("Person");
                        return name == null ? null : () -> name;
                    }
                },
                response);
    }

    @Bean
    Authorizer authorizer() {
        return (person, action, job) ->
                action == ConsoleAction.VIEW && job.name().endsWith(person.getName());
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
                .choices(c -> c.fields(f -> f.field("status", Contact::status)).fileName())
                .build();
    }
}
