package io.outfeed.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.RunGuard;
import io.outfeed.console.httpserver.ConsoleHandler;
import io.outfeed.delivery.Protection;
import io.outfeed.error.FailureCode;
import io.outfeed.field.FieldMark;
import io.outfeed.field.Transformations;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host with two customers, whose jobs fare differently, and its console. {@code ops} may do everything, {@code
 * reader} sees all, {@code lakeside} sees the jobs of that customer and may run them.
 */
final class School implements AutoCloseable {

    static final Instant START = Instant.parse("2026-03-02T06:00:00Z");

    static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

    /** What a person who may not see sensitive values must never read. */
    static final String SECRET = "1999-07-04";

    static final String SCRIPT = "<script>document.title='taken'</script>";

    final ListSource<Student> students = ListSource.create(Student::id, Student::changedAt);

    final InMemoryDelivery sftp = InMemoryDelivery.create("lakeside-sftp").protection(Protection.PROTECTED);
    final InMemoryDelivery other = InMemoryDelivery.create("riverside-sftp").protection(Protection.PROTECTED);
    final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    final MemoryEditor editor = new MemoryEditor(sandbox.engine());
    final Console console = Console.builder(sandbox.engine(), new Roles())
            .title("Exports of Example School Systems")
            .zone(CHICAGO)
            .customerParameter("tenant")
            .editor(editor)
            .build();

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private @Nullable HttpServer server;

    record Student(long id, String name, String status, String born, Instant changedAt) {}

    /** A person without a password. */
    record Person(String name) implements Principal {

        @Override
        public String getName() {
            return name;
        }
    }

    private static final class Roles implements Authorizer {

        @Override
        public boolean allows(Principal principal, ConsoleAction action, ExportJob job) {
            boolean own = principal.getName().equals(job.parameters().asMap().get("tenant"));
            return own
                    && Set.of(ConsoleAction.VIEW, ConsoleAction.VIEW_RECORDS, ConsoleAction.RUN)
                            .contains(action);
        }

        @Override
        public boolean allowsAll(Principal principal, ConsoleAction action) {
            return principal.getName().equals("ops")
                    || (principal.getName().equals("reader") && action == ConsoleAction.VIEW);
        }
    }

    ExportDefinition<Student> definition(String name) {
        return ExportDefinition.builder(name, Student.class)
                .source(students)
                .recordKey(Student::id)
                .watermark(Watermark.timestamp(Student::changedAt, Duration.ofMinutes(5)))
                .parameter("tenant")
                .rejectPolicy(RejectPolicy.skipUpTo(100))
                .fields(f -> f.field("id", Student::id)
                        .field("name", Student::name, Transformations.strip())
                        .field("status", Student::status)
                        .field("born", Student::born, FieldMark.SENSITIVE)
                        .skip("notes", "the receiver has no column for them"))
                .file(file -> file.name("{job}-{sequence}.csv"))
                .choices(c -> c.fields(f -> f.blank("spare"))
                        .standardTransformations()
                        .fileName())
                .build();
    }

    ExportJob.Builder job(String name, String tenant, InMemoryDelivery delivery) {
        return ExportJob.builder(name, definition("students"))
                .parameter("tenant", tenant)
                .description("Students of " + tenant + ", each morning")
                .schedule(Schedule.daily(LocalTime.of(7, 0), CHICAGO))
                .deliverTo(delivery);
    }

    void put(int from, int until) {
        for (int i = from; i < until; i++) {
            students.put(new Student(
                    i,
                    "Student " + i,
                    i % 2 == 0 ? "active" : "gone",
                    SECRET,
                    sandbox.clock().instant().minusSeconds(3600)));
        }
    }

    /** Jobs in every state that needs a person, and some that don't. */
    School withTrouble() {
        put(1, 41);
        sandbox.add(job("lakeside-students", "lakeside", sftp).build());
        sandbox.add(job("lakeside-held", "lakeside", sftp)
                .holdIf(RunGuard.moreRowsThan(10))
                .build());
        sandbox.add(job("riverside-students", "riverside", other)
                .description("Riverside " + SCRIPT)
                .build());
        sandbox.add(job("riverside-weekly", "riverside", sftp)
                .schedule(Schedule.weekly(DayOfWeek.MONDAY, LocalTime.of(6, 30), CHICAGO))
                .build());
        sandbox.add(job("riverside-once", "riverside", sftp)
                .schedule(Schedule.once(START.plusSeconds(60)))
                .build());
        for (int i = 0; i < 200; i++) {
            other.failNext(Operation.OPEN, FailureCode.DESTINATION_UNAVAILABLE);
        }
        sandbox.advance(Duration.ofDays(1));
        put(41, 53);
        sandbox.advance(Duration.ofDays(2));
        sandbox.engine().job("riverside-weekly").pause("the receiver moves to another server");
        return this;
    }

    /** The number of the run of a job that has not ended. */
    long openRun(String job) {
        return sandbox.engine().job(job).summary().current().orElseThrow().number();
    }

    /** The number of the last run of a job that has ended. */
    long lastRun(String job) {
        return sandbox.engine().job(job).summary().lastOutcome().orElseThrow().number();
    }

    ConsoleResponse send(
            String method, String person, String pathAndQuery, String body, Map<String, List<String>> headers) {
        int query = pathAndQuery.indexOf('?');
        return console.handle(new ConsoleRequest(
                method,
                query < 0 ? pathAndQuery : pathAndQuery.substring(0, query),
                query < 0 ? "" : pathAndQuery.substring(query + 1),
                headers,
                body.getBytes(UTF_8),
                person.isEmpty() ? null : new Person(person),
                false));
    }

    /** Serves the console below a path, to the person that a cookie names. */
    String serve(String path) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                path,
                new ConsoleHandler(
                        console,
                        exchange -> Optional.ofNullable(
                                        exchange.getRequestHeaders().getFirst("Cookie"))
                                .flatMap(cookies -> Stream.of(cookies.split(";", -1))
                                        .map(String::strip)
                                        .filter(cookie -> cookie.startsWith("person="))
                                        .map(cookie -> new Person(cookie.substring("person=".length())))
                                        .findFirst())
                                .orElse(null)));
        server.start();
        return "http://localhost:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
        console.close();
        sandbox.close();
    }
}
