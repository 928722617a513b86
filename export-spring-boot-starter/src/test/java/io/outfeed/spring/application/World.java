package io.outfeed.spring.application;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What the applications of these tests work with: PostgreSQL, an SFTP server and a mail server, as world.yaml says. */
record World(EmbeddedPostgres database, SftpTestServer sftp, GreenMail mail) implements AutoCloseable {

    /** Starts the servers, with the contacts of two customers in the database. */
    static World start(Path home) throws Exception {
        EmbeddedPostgres database = EmbeddedPostgres.builder().start();
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE contacts (id bigint, tenant text, name text, status text,"
                    + " changed_at timestamptz DEFAULT now() - interval '1 hour')");
            statement.execute("INSERT INTO contacts VALUES (1, 'lakeside', 'Ann', 'A'), (2, 'lakeside', 'Ben', 'B'),"
                    + " (3, 'riverside', 'Cleo', 'A')");
        }
        SftpTestServer sftp = SftpTestServer.start(home);
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        return new World(database, sftp, mail);
    }

    /** Runs an application. */
    ConfigurableApplicationContext run(List<Class<?>> sources, String... arguments) {
        Stream<String> all = Stream.of(
                "--spring.config.location=classpath:world.yaml",
                "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--world.sftp-port=" + sftp.port(),
                "--world.sftp-password=" + SftpTestServer.PASSWORD,
                "--world.host-key=" + sftp.fingerprint(),
                "--world.mail-port=" + mail.getSmtp().getPort());
        return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .build()
                .run(Stream.concat(all, Stream.of(arguments)).toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        mail.stop();
        sftp.close();
        database.close();
    }
}
