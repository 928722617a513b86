package io.outfeed.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dataformat.csv.CsvDataFormat;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/**
 * Camel as its guide has it: a route from a query with streamed rows, through its CSV format, to a file. The values
 * of a row are replaced by those whose texts Outfeed writes.
 */
final class CamelExport {

    private static final int FETCH_SIZE = 1_000;

    private CamelExport() {}

    static void write(
            DataSource database, String query, List<String> columns, UnaryOperator<@Nullable Object> text, Path file)
            throws Exception {
        CsvDataFormat csv = new CsvDataFormat(CSVFormat.RFC4180);
        csv.setHeader(String.join(",", columns));
        HikariConfig withTransactions =
                new HikariConfig(); // else the driver fetches all rows, or Camel ends the cursor
        withTransactions.setDataSource(database);
        withTransactions.setAutoCommit(false);
        withTransactions.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(withTransactions);
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getStreamCachingStrategy().setSpoolEnabled(true); // else the whole file is in memory
            camel.getRegistry().bind("database", pool);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:export")
                            .to("jdbc:database?outputType=StreamList&resetAutoCommit=false&statement.fetchSize="
                                    + FETCH_SIZE)
                            .process(exchange -> exchange.getMessage().setBody(texts(exchange.getMessage(), text)))
                            .marshal(csv)
                            .to("file:" + file.getParent() + "?fileName=" + file.getFileName());
                }
            });
            camel.start();
            camel.createProducerTemplate().requestBody("direct:export", query);
        }
    }

    private static Iterator<Map<String, @Nullable Object>> texts(
            org.apache.camel.Message message, UnaryOperator<@Nullable Object> text) {
        @SuppressWarnings("unchecked")
        Iterator<Map<String, @Nullable Object>> rows = message.getBody(Iterator.class);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Map<String, @Nullable Object> next() {
                Map<String, @Nullable Object> row = rows.next();
                row.replaceAll((column, value) -> text.apply(value));
                return row;
            }
        };
    }
}
