package io.outfeed.internal.incident;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import io.outfeed.error.StoreException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import io.outfeed.notification.Notice.Kind;
import io.outfeed.notification.Notifier;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.store.ExportStore;
import io.outfeed.support.InMemoryTempDir;
import io.outfeed.support.SimulatedServers;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A month with 400 jobs at six servers, thirty outages, and two nodes with one store: what people are told. */
@Timeout(600)
class SimulatedMonthTest {

    private static final int JOBS = 400;
    private static final int SERVERS = 6;
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant RESTART = Instant.parse("2026-03-23T04:10:00Z");
    private static final Duration STEP = Duration.ofMinutes(1);

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    private final Logger log = (Logger) LoggerFactory.getLogger("io.outfeed");

    private final SettableClock clock = SettableClock.at(START);
    private final SimulatedServers servers = new SimulatedServers();
    private final InMemoryStore remembers = new InMemoryStore();
    private final ListSource<Visit> visits = Visit.source();
    private final List<Digest> digests = new ArrayList<>();
    private boolean storeAway;
    private boolean notifierAway;
    private @Nullable FailureCode sourceFailure;
    private final List<Node> nodes = new ArrayList<>();

    @BeforeEach
    void logErrorsOnly() {
        log.setLevel(Level.ERROR); // the outages make a million lines
    }

    @AfterEach
    void logAsBefore() {
        log.setLevel(null);
    }

    /** A line of the table. */
    private record Outage(
            String what,
            String which,
            Instant from,
            Instant until,
            FailureCode code,
            int opened,
            int reminded,
            int ended) {

        private static Outage of(List<String> words) {
            Instant from = Instant.parse("2026-03-" + words.get(2) + ":00Z");
            return new Outage(
                    words.get(0),
                    words.get(1),
                    from,
                    from.plus(Duration.parse("PT" + words.get(3))),
                    FailureCode.valueOf(words.get(4)),
                    Integer.parseInt(words.get(5)),
                    Integer.parseInt(words.get(6)),
                    Integer.parseInt(words.get(7)));
        }

        /** What notices of it are about. */
        private String scope() {
            return switch (what) {
                case "server", "flapping" -> "server " + which;
                case "login" -> "login exports@" + which;
                case "recipient" -> "recipient " + which + "/second";
                case "source" -> "source " + which;
                case "store" -> "store store";
                default -> what + " " + which;
            };
        }

        private boolean isFor(Incident incident) {
            return incident.code() == code
                    && incident.scope().toString().equals(scope())
                    && !incident.openedAt().isBefore(from)
                    && !incident.openedAt().isAfter(until);
        }

        private String expected() {
            return this + ": " + opened + " new, " + reminded + " reminders, " + ended + " over";
        }

        @Override
        public String toString() {
            return scope() + " from " + from;
        }
    }

    /** An engine with a scheduler of its own. */
    private final class Node {

        private final Path home;
        private ManualScheduler scheduler = new ManualScheduler(clock);
        private ExportEngine engine;

        private Node(String name) {
            home = directory.resolve(name);
            engine = start();
        }

        private ExportEngine start() {
            ExportEngine started = ExportEngine.builder()
                    .directory(home)
                    .store(store())
                    .scheduler(scheduler)
                    .clock(clock)
                    .retryPolicy(RetryPolicy.none())
                    .renameLooks(Duration.ZERO)
                    .keepHistory(Duration.ofDays(2))
                    .listenerExecutor(Runnable::run)
                    .notifier(new Operators())
                    .build();
            for (int i = 0; i < JOBS; i++) {
                started.add(job(i));
            }
            started.start();
            return started;
        }

        private void restart() {
            engine.close();
            scheduler = new ManualScheduler(clock);
            engine = start();
        }
    }

    private final class Operators implements Notifier {

        @Override
        public String id() {
            return "operators";
        }

        @Override
        public void send(Digest digest) {
            if (notifierAway) {
                throw new IllegalStateException("the mail server is away");
            }
            digests.add(digest);
        }
    }

    private ExportStore store() {
        return (ExportStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, arguments) -> {
                    if (storeAway && !method.getName().equals("close")) {
                        throw new StoreException("the store is away", null);
                    }
                    try {
                        return method.invoke(remembers, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ExportJob job(int i) {
        String server = "s" + (i % SERVERS + 1);
        String name = String.format("job-%03d", i);
        ExportJob.Builder job = ExportJob.builder(name, definition());
        return name.equals("job-399")
                ? job.schedule(Schedule.every(Duration.ofHours(5), START.plusSeconds(2_340))) // not once a day
                        .deliverTo(servers.withRecipients(server, name))
                        .build()
                : job.schedule(Schedule.daily(LocalTime.of(1, 0).plusMinutes(i), ZoneOffset.UTC))
                        .deliverTo(servers.at(server, name))
                        .build();
    }

    private ExportDefinition<Visit> definition() {
        RecordSource<Visit> source = parameters -> {
            FailureCode failure = sourceFailure;
            if (failure != null) {
                throw SourceException.of(failure, "the simulated source fails", null);
            }
            return visits.open(parameters);
        };
        return ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id).field("note", Visit::note))
                .file(f -> f.name("visits-{sequence}.csv"))
                .build();
    }

    // ---- outages

    private static List<Outage> table() {
        try (InputStream table = requireNonNull(SimulatedMonthTest.class.getResourceAsStream("month.txt"))) {
            return new String(table.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Outage.of(List.of(line.strip().split("\\s+"))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void set(Outage outage, Instant now) {
        boolean out = !now.isBefore(outage.from()) && now.isBefore(outage.until());
        long twenties = Duration.between(outage.from(), now).toMinutes() / 20;
        switch (outage.what()) {
            case "server", "login" -> setServer(outage, out, now);
            case "flapping" -> setServer(outage, out && twenties % 2 == 0, now);
            case "destination" -> {
                if (out) {
                    servers.failDestination(outage.which(), outage.code());
                } else if (now.equals(outage.until())) {
                    servers.restoreDestination(outage.which());
                }
            }
            case "recipient" -> {
                if (out) {
                    servers.refuseRecipient(outage.which());
                } else if (now.equals(outage.until())) {
                    servers.acceptRecipient(outage.which());
                }
            }
            case "source" -> sourceFailure = out ? outage.code() : now.equals(outage.until()) ? null : sourceFailure;
            case "store" -> storeAway = out;
            case "notifier" -> notifierAway = out;
            default -> throw new AssertionError(outage);
        }
    }

    private void setServer(Outage outage, boolean out, Instant now) {
        boolean concerns = !now.isBefore(outage.from()) && !now.isAfter(outage.until());
        if (out) {
            servers.failServer(outage.which(), outage.code());
        } else if (concerns) {
            servers.restoreServer(outage.which());
        }
    }

    @Test
    void should_tell_of_each_cause_once_and_once_a_day_and_of_its_end() {
        List<Outage> outages = table();
        assertThat(outages).hasSize(30);
        nodes.add(new Node("a"));
        nodes.add(new Node("b"));
        try {
            for (Instant now = START; now.isBefore(START.plus(Duration.ofDays(31))); now = now.plus(STEP)) {
                clock.set(now);
                for (Outage outage : outages) {
                    set(outage, now);
                }
                if (now.equals(RESTART)) {
                    nodes.forEach(Node::restart);
                }
                write(now);
                nodes.forEach(node -> node.scheduler.runDue());
            }

            assertThat(outages.stream()
                            .filter(outage -> !told(outage).equals(outage.expected()))
                            .map(outage -> "told " + told(outage) + ", not " + outage.expected()))
                    .isEmpty();
            assertThat(digests.stream().flatMap(digest -> digest.notices().stream()))
                    .describedAs("no notice of anything else")
                    .allMatch(notice -> outages.stream().anyMatch(outage -> outage.isFor(notice.incident())));
            assertHourly();
            assertThat(nodes.get(0).engine.incidents(IncidentQuery.open())).isEmpty();
            assertDelivered();
        } finally {
            nodes.forEach(node -> node.engine.close());
        }
    }

    private void write(Instant now) {
        if (Duration.between(START, now).toMinutes() % 60 == 30) {
            visits.put(Visit.of(now.getEpochSecond(), "a", now.toString()));
        }
    }

    private String told(Outage outage) {
        Map<Kind, Integer> kinds = new TreeMap<>();
        digests.stream()
                .flatMap(digest -> digest.notices().stream())
                .filter(notice -> outage.isFor(notice.incident()))
                .forEach(notice -> kinds.merge(notice.kind(), 1, Integer::sum));
        int both = kinds.getOrDefault(Kind.OPENED_AND_ENDED, 0);
        return outage + ": " + (kinds.getOrDefault(Kind.OPENED, 0) + both) + " new, "
                + kinds.getOrDefault(Kind.REMINDER, 0) + " reminders, " + (kinds.getOrDefault(Kind.ENDED, 0) + both)
                + " over";
    }

    /** Each node tells by itself that the store is away. */
    private void assertHourly() {
        List<Instant> times = digests.stream()
                .filter(digest -> digest.notices().stream()
                        .map(Notice::incident)
                        .noneMatch(incident -> incident.code() == FailureCode.STORE_UNAVAILABLE))
                .map(Digest::at)
                .toList();
        for (int i = 1; i < times.size(); i++) {
            assertThat(Duration.between(times.get(i - 1), times.get(i))).isGreaterThanOrEqualTo(Duration.ofHours(1));
        }
    }

    /** All that was written until the last day is at each destination, once. */
    private void assertDelivered() {
        assertThat(remembers.runs(RunQuery.all().status(RunStatus.WAITING).limit(JOBS)))
                .isEmpty();
        for (int i = 0; i < JOBS; i++) {
            assertThat(remembers
                            .positions(String.format("job-%03d", i))
                            .positions()
                            .get("visits"))
                    .isNotNull();
        }
    }
}
