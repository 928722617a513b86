package io.outfeed.jdbc.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import javax.sql.DataSource;

/** A PostgreSQL server that comes back on the same port with the same data. */
final class RestartablePostgres implements AutoCloseable {

    private final Path data;
    private EmbeddedPostgres server;

    private RestartablePostgres(Path data, EmbeddedPostgres server) {
        this.data = data;
        this.server = server;
    }

    static RestartablePostgres start(Path data) throws IOException {
        return new RestartablePostgres(data, start(data, 0));
    }

    private static EmbeddedPostgres start(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("max_connections", "100");
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    /** Stops the server, which ends all connections and what they were at, and starts it again. */
    void restart() throws IOException {
        int port = server.getPort();
        server.close();
        server = start(data, port);
    }

    int port() {
        return server.getPort();
    }

    /** The address by way of a port of this machine. */
    String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    DataSource database() {
        return server.getPostgresDatabase();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
