package io.outfeed.examples;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.layout.Layout;
import io.outfeed.schedule.Schedule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A job for each customer, from a table that the host's own pages edit. */
// customers:begin
final class CustomerJobs implements JobSource {

    private static final String QUERY =
            "SELECT name, deliver_at, zone, folder, layout, changed_at FROM customers WHERE active ORDER BY name";

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private final DataSource database;
    private final ExportDefinition<Interaction> interactions;
    private final Function<String, Delivery> folders;

    CustomerJobs(DataSource database, ExportDefinition<Interaction> interactions, Function<String, Delivery> folders) {
        this.database = database;
        this.interactions = interactions;
        this.folders = folders;
    }

    @Override
    public String id() {
        return "customers";
    }

    @Override
    public List<JobRow> load() throws SQLException {
        List<JobRow> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(QUERY);
                ResultSet customers = query.executeQuery()) {
            while (customers.next()) {
                rows.add(row(customers));
            }
        }
        return rows;
    }

    private JobRow row(ResultSet customer) throws SQLException {
        String job = "interactions-" + customer.getString("name");
        String deliverAt = customer.getString("deliver_at");
        String zone = customer.getString("zone");
        String folder = customer.getString("folder");
        String layout = customer.getString("layout");
        return new JobRow(
                job,
                customer.getString("changed_at"),
                () -> ExportJob.builder(job, interactions)
                        .schedule(Schedule.daily(LocalTime.parse(deliverAt), ZoneId.of(zone)))
                        .deliverTo(folders.apply(folder))
                        .layout(layout == null ? Layout.none() : Layout.of(JSON.readValue(layout, TREE)))
                        .build());
    }
}
// customers:end
