package io.outfeed.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Protection;
import io.outfeed.error.DeliveryException;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.testing.ListSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The kinds of destinations in the configuration that have no server of their own in the test of an application. */
class DestinationsTest {

    private static final String SECRET = "hunter2";

    @TempDir
    private Path directory;

    private final ListSource<Contact> source = Contact.source();

    private ApplicationContextRunner application(String destinations) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutfeedAutoConfiguration.class))
                .withBean("contacts", ExportDefinition.class, () -> Contact.export(source))
                .withPropertyValues("outfeed.directory=" + directory, "lakeside.secret=" + SECRET)
                .withInitializer(new Yaml("""
                        outfeed:
                          destinations:
                        %s
                          jobs:
                            contacts-lakeside: {definitions: contacts, deliver-to: lakeside}
                        """.formatted(destinations.indent(4).stripTrailing())));
    }

    private void assertProblems(String destinations, String... problems) {
        application(destinations)
                .run(context -> assertThat(OutfeedAutoConfigurationTest.problems(context))
                        .contains(problems)
                        .noneMatch(problem -> problem.contains(SECRET)));
    }

    private static Delivery lakeside(AssertableApplicationContext context) {
        Delivery lakeside = context.getBean(ExportEngine.class)
                .job("contacts-lakeside")
                .job()
                .deliveries()
                .get(0);
        assertThat(lakeside + lakeside.fingerprint() + context.getBean(OutfeedProperties.class))
                .doesNotContain(SECRET);
        return lakeside;
    }

    @Test
    void should_make_a_delivery_by_ftps() {
        application("""
                lakeside:
                  ftps:
                    host: ftp.lakeside.example
                    encryption: implicit-tls
                    port: 991
                    user: outfeed
                    password: "property:lakeside.secret"
                    pinned-certificates: "%s"
                    directory: /in
                """.formatted("0f".repeat(32))).run(context -> {
            Delivery lakeside = lakeside(context);

            assertThat(lakeside).hasToString("FTPS delivery 'lakeside' to outfeed@ftp.lakeside.example:991/in");
            assertThat(lakeside.protection()).isEqualTo(Protection.PROTECTED);
        });
    }

    @Test
    void should_make_a_delivery_by_ftp_if_no_encryption_is_asked_for() {
        application("""
                lakeside:
                  ftps:
                    host: ftp.lakeside.example
                    encryption: none
                    user: outfeed
                    password: "property:lakeside.secret"
                    directory: in
                """).run(context -> {
            Delivery lakeside = lakeside(context);

            assertThat(lakeside).hasToString("FTP delivery 'lakeside' to outfeed@ftp.lakeside.example:21/~/in");
            assertThat(lakeside.protection()).isEqualTo(Protection.PLAIN);
        });
    }

    @Test
    void should_make_a_delivery_to_a_bucket() {
        application("""
                lakeside:
                  s3:
                    bucket: lakeside-exports
                    region: eu-central-1
                    prefix: visits
                    access-key: AKIDLAKESIDE
                    secret-key: "property:lakeside.secret"
                    kms-key: alias/exports
                    storage-class: STANDARD_IA
                """).run(context -> {
            Delivery lakeside = lakeside(context);

            assertThat(lakeside.toString())
                    .isEqualTo("S3 delivery 'lakeside' to s3://lakeside-exports/visits/ at"
                            + " s3.eu-central-1.amazonaws.com");
            assertThat(lakeside.login()).contains("AKIDLAKESIDE");
            assertThat(lakeside.link("s3://lakeside-exports/visits/a.csv")).isEmpty();
        });
    }

    @Test
    void should_trust_a_bucket_by_the_file_of_the_configuration() {
        application("""
                lakeside:
                  s3:
                    bucket: lakeside-exports
                    endpoint: https://objects.lakeside.example
                    trusted-certificates: /absent/authority.pem
                    access-key: AKIDLAKESIDE
                    secret-key: "property:lakeside.secret"
                """)
                .run(context -> assertThatThrownBy(lakeside(context)::open)
                        .isInstanceOf(DeliveryException.class)
                        .hasMessageStartingWith("can't read the trusted certificates: "));
    }

    @Test
    void should_let_beans_set_what_has_no_property() {
        application("""
                lakeside:
                  s3:
                    bucket: lakeside-exports
                    endpoint: https://objects.lakeside.example
                    path-style: true
                    access-key: AKIDLAKESIDE
                    secret-key: "property:lakeside.secret"
                branch:
                  ftps: {host: a.example, user: u, password: "property:lakeside.secret", directory: in}
                office:
                  http: {method: put, url: "https://a.example/in"}
                """)
                .withBean(
                        S3DeliveryBuilderCustomizer.class,
                        () -> (id, builder) -> builder.linkLifetime(Duration.ofHours(1)))
                .withBean(
                        FtpsDeliveryBuilderCustomizer.class, () -> (id, builder) -> builder.directory("set-for-" + id))
                .withBean(
                        HttpDeliveryBuilderCustomizer.class,
                        () -> (id, builder) -> builder.basicLogin("user-of-" + id, SECRET::toCharArray))
                .withPropertyValues("outfeed.jobs.contacts-lakeside.deliver-to=lakeside,branch,office")
                .run(context -> {
                    Delivery lakeside = lakeside(context);
                    List<Delivery> all = context.getBean(ExportEngine.class)
                            .job("contacts-lakeside")
                            .job()
                            .deliveries();

                    assertThat(lakeside.link("s3://lakeside-exports/a.csv"))
                            .hasValueSatisfying(link -> assertThat(link.toString())
                                    .startsWith("https://objects.lakeside.example/lakeside-exports/a.csv?"));
                    assertThat(all.get(1).toString()).endsWith("/~/set-for-branch");
                    assertThat(all.get(2).login()).isEqualTo("user-of-office@a.example");
                });
    }

    @Test
    void should_put_files_to_an_address_with_the_headers_and_the_login_of_the_configuration() throws IOException {
        Map<String, List<String>> received = new ConcurrentHashMap<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/in/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (exchange.getRequestMethod().equals("PUT")) {
                List<String> request = new ArrayList<>();
                for (String header : List.of("Authorization", "X-Api-Key", "X-Tenant")) {
                    request.add(exchange.getRequestHeaders().getFirst(header));
                }
                request.add(body);
                received.put(exchange.getRequestURI().getPath(), request);
            }
            exchange.sendResponseHeaders(exchange.getRequestMethod().equals("PUT") ? 201 : 404, -1);
            exchange.close();
        });
        server.start();
        source.put(new Contact(1, "Ann", "A", Instant.parse("2026-02-01T00:00:00Z")));
        try {
            application("""
                    lakeside:
                      http:
                        method: put
                        url: http://127.0.0.1:%d/in
                        without-encryption: true
                        user: outfeed
                        password: "property:lakeside.secret"
                        headers: {X-Tenant: lakeside}
                        secret-headers: {X-Api-Key: "property:lakeside.secret"}
                    """.formatted(server.getAddress().getPort())).run(context -> {
                Delivery lakeside = lakeside(context);
                ExportRun run = context.getBean(ExportEngine.class)
                        .job("contacts-lakeside")
                        .runNow();

                assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
                assertThat(lakeside.login())
                        .isEqualTo("outfeed@127.0.0.1:" + server.getAddress().getPort());
            });
        } finally {
            server.stop(0);
        }

        assertThat(received)
                .containsOnly(Map.entry(
                        "/in/contacts-1.csv",
                        List.of("Basic b3V0ZmVlZDpodW50ZXIy", SECRET, "lakeside", "id,name\r\n1,Ann\r\n")));
    }

    @Test
    void should_post_to_an_address_that_is_a_secret() {
        application("""
                lakeside:
                  http:
                    method: post-form
                    url: "property:lakeside.url"
                    bearer: "property:lakeside.secret"
                    file-field: upload
                    form-fields: {kind: contacts}
                    idempotent: true
                """)
                .withPropertyValues("lakeside.url=https://api.lakeside.example/imports?token=" + SECRET)
                .run(context -> {
                    Delivery lakeside = lakeside(context);

                    assertThat(lakeside)
                            .hasToString("HTTP delivery 'lakeside' to https://api.lakeside.example/imports");
                    assertThat(lakeside.fingerprint()).endsWith("FORM");
                });
    }

    @Test
    void should_refuse_an_address_that_may_show_a_secret() {
        assertProblems(
                """
                lakeside: {http: {method: post, url: "https://api.lakeside.example/imports?token=hunter2"}}
                office: {http: {method: post, url: "https://outfeed:hunter2@api.lakeside.example/imports"}}
                branch: {http: {method: post, url: hunter2}}
                """,
                "outfeed.destinations.lakeside.http.url: has a query or a user, which may be a secret: refer to the"
                        + " address, as env:NAME, or write the login as properties",
                "outfeed.destinations.office.http.url: has a query or a user, which may be a secret: refer to the"
                        + " address, as env:NAME, or write the login as properties",
                "outfeed.destinations.branch.http.url: must refer to the secret, not hold it: write"
                        + " file:/run/secrets/NAME, env:NAME or property:NAME");
    }

    @Test
    void should_refuse_secrets_in_place_of_references() {
        assertProblems(
                """
                lakeside: {ftps: {host: a.example, user: outfeed, password: hunter2, directory: in}}
                office: {s3: {bucket: b, region: eu-central-1, access-key: AKID, secret-key: hunter2}}
                branch: {http: {method: put, url: "https://a.example/in", bearer: hunter2}}
                club: {http: {method: put, url: "https://a.example/in", user: u, password: hunter2}}
                pool: {http: {method: put, url: "https://a.example/in", secret-headers: {X-Api-Key: hunter2}}}
                """,
                List.of(
                                "lakeside.ftps.password",
                                "office.s3.secret-key",
                                "branch.http.bearer",
                                "club.http.password",
                                "pool.http.secret-headers.X-Api-Key")
                        .stream()
                        .map(property -> "outfeed.destinations." + property + ": must refer to the secret, not hold it:"
                                + " write file:/run/secrets/NAME, env:NAME or property:NAME")
                        .toArray(String[]::new));
    }

    @Test
    void should_say_what_is_missing_or_wrong() {
        assertProblems(
                """
                lakeside: {ftps: {host: a.example, directory: in, port: 0}}
                office: {s3: {region: eu-central-1, secret-key: "env:S3"}}
                branch: {s3: {bucket: b, access-key: AKID, without-encryption: true}}
                club: {http: {url: "https://a.example/in", user: u}}
                pool: {http: {method: put, url: "https://a.example/in", password: "env:POOL"}}
                gym: {http: {method: put, url: "http://a.example/in", headers: {X A: b}}}
                both: {http: {method: put, url: "https://a.example/in"}, s3: {bucket: b}}
                """,
                "outfeed.destinations.lakeside.ftps: user is missing",
                "outfeed.destinations.lakeside.ftps: password is missing",
                "outfeed.destinations.office.s3.bucket: is missing",
                "outfeed.destinations.office.s3.access-key: is missing",
                "outfeed.destinations.branch.s3.secret-key: is missing",
                "outfeed.destinations.branch.s3.endpoint: is missing",
                "outfeed.destinations.club.http.method: is missing",
                "outfeed.destinations.club.http.password: is missing",
                "outfeed.destinations.pool.http.user: is missing",
                "outfeed.destinations.gym.http.headers.X A: put the name below headers in brackets, as \"[a b]\"",
                "outfeed.destinations.both: needs exactly one of directory, sftp, ftps, s3, http and mail, not s3 and"
                        + " http");
    }

    @Test
    void should_name_the_modules_that_are_missing() {
        application("""
                lakeside: {ftps: {host: a.example}}
                office: {s3: {bucket: b}}
                branch: {http: {method: put, url: "https://a.example/in"}}
                """)
                .withClassLoader(new FilteredClassLoader("io.outfeed.ftp", "io.outfeed.s3", "io.outfeed.http"))
                .run(context -> assertThat(OutfeedAutoConfigurationTest.problems(context))
                        .contains(
                                "outfeed.destinations.lakeside: needs io.outfeed:export-ftp on the class path",
                                "outfeed.destinations.office: needs io.outfeed:export-s3 on the class path",
                                "outfeed.destinations.branch: needs io.outfeed:export-http on the class path"));
    }
}
