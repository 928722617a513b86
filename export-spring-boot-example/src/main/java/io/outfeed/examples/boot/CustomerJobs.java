package io.outfeed.examples.boot;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.layout.Layout;
import io.outfeed.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Makes a job of each customer in the table. */
final class CustomerJobs implements JobSource {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private final JdbcClient database;
    private final ExportDefinition<Contact> contacts;
    private final Path outboxes;

    CustomerJobs(DataSource database, ExportDefinition<Contact> contacts, Path outboxes) {
        this.database = JdbcClient.create(database);
        this.contacts = contacts;
        this.outboxes = outboxes;
    }

    private record Customer(String name, String layout) {}

    @Override
    public String id() {
        return "customers";
    }

    @Override
    public List<JobRow> load() {
        return database.sql("SELECT name, layout FROM customers ORDER BY name").query(Customer.class).list().stream()
                .map(customer -> new JobRow(job(customer), customer.layout(), () -> job(customer, outbox(customer))))
                .toList();
    }

    private static String job(Customer customer) {
        return "contacts-" + customer.name();
    }

    private Path outbox(Customer customer) throws IOException {
        return Files.createDirectories(outboxes.resolve(customer.name()));
    }

    private ExportJob job(Customer customer, Path outbox) {
        return ExportJob.builder(job(customer), contacts)
                .schedule(Schedule.every(Duration.ofMinutes(1), Instant.EPOCH))
                .deliverTo(DirectoryDelivery.to(customer.name(), outbox))
                .parameter("tenant", customer.name())
                .layout(Layout.of(JSON.readValue(customer.layout(), TREE)))
                .build();
    }
}
