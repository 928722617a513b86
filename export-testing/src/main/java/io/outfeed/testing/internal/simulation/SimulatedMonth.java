package io.outfeed.testing.internal.simulation;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import io.outfeed.error.StoreException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import io.outfeed.notification.Notifier;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A month with up to 400 jobs at six servers, the outages of {@code month.txt}, and two nodes with one store: what
 * people are told. Used by one thread.
 */
public final class SimulatedMonth {

    private static final int JOBS = 400;
    private static final int SERVERS = 6;
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant RESTART = Instant.parse("2026-03-23T04:10:00Z");

    /** The jobs that the table names. */
    private static final List<Integer> NAMED = List.of(7, 8, 100, 200, 399);

    private final List<Outage> outages = Outage.table();
    private final SettableClock clock = SettableClock.at(START);
    private final SimulatedServers servers = new SimulatedServers();
    private final ListSource<Visit> visits = ListSource.create(Visit::id, Visit::updatedAt);
    private final List<Digest> digests = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private final Path directory;
    private final Function<String, ExportStore> stores;
    private final List<Integer> jobs;
    private final Duration step;
    private boolean storeAway;
    private boolean notifierAway;
    private @Nullable FailureCode sourceFailure;

    private record Visit(long id, Instant updatedAt) {}

    /**
     * Prepares a month.
     *
     * @param directory of the nodes
     * @param stores returns the store of a node by its name: all of them have the same content. The caller closes them
     * @param jobs which jobs there are, by their numbers from 0 to 399, besides those that the table names. A job runs
     *     that many minutes after 01:00, at the server that follows that of the job before
     * @param step how far the clock moves at a time: of the times of the table each is a multiple of ten minutes
     */
    public SimulatedMonth(Path directory, Function<String, ExportStore> stores, IntPredicate jobs, Duration step) {
        this.directory = directory;
        this.stores = stores;
        this.step = step;
        this.jobs = IntStream.range(0, JOBS)
                .filter(i -> jobs.test(i) || NAMED.contains(i))
                .boxed()
                .toList();
    }

    /** Returns how many outages the table has. */
    public int outages() {
        return outages.size();
    }

    /** Lets the month pass. Returns in what it differs from what is expected; empty if it does not. */
    public List<String> pass() {
        nodes.add(new Node("a"));
        nodes.add(new Node("b"));
        try {
            for (Instant now = START; now.isBefore(START.plus(Duration.ofDays(31))); now = now.plus(step)) {
                pass(now);
            }
            compareNotices();
            compareTimes();
            compareDeliveries();
        } finally {
            nodes.forEach(node -> node.engine.close());
        }
        return List.copyOf(differences);
    }

    private void pass(Instant now) {
        clock.set(now);
        outages.forEach(outage -> set(outage, now));
        if (now.equals(RESTART)) {
            nodes.forEach(Node::restart);
        }
        if (Duration.between(START, now).toMinutes() % 60 == 30) {
            visits.put(new Visit(now.getEpochSecond(), now));
        }
        nodes.forEach(node -> node.scheduler.runDue());
    }

    // ---- outages

    private void set(Outage outage, Instant now) {
        if (!outage.concerns(now)) {
            return;
        }
        boolean out = outage.isOut(now);
        switch (outage.what()) {
            case "server", "login", "flapping" -> {
                if (out) {
                    servers.failServer(outage.which(), outage.code());
                } else {
                    servers.restoreServer(outage.which());
                }
            }
            case "destination" -> {
                if (out) {
                    servers.failDestination(outage.which(), outage.code());
                } else {
                    servers.restoreDestination(outage.which());
                }
            }
            case "recipient" -> {
                if (out) {
                    servers.refuseRecipient(outage.which());
                } else {
                    servers.acceptRecipient(outage.which());
                }
            }
            case "source" -> sourceFailure = out ? outage.code() : null;
            case "store" -> storeAway = out;
            case "notifier" -> notifierAway = out;
            default -> throw new AssertionError(outage);
        }
    }

    // ---- nodes

    /** An engine with a scheduler of its own. */
    private final class Node {

        private final String name;
        private final ExportStore store;
        private ManualScheduler scheduler = new ManualScheduler(clock);
        private ExportEngine engine;

        private Node(String name) {
            this.name = name;
            this.store = stores.apply(name);
            this.engine = start();
        }

        private ExportEngine start() {
            ExportEngine started = ExportEngine.builder()
                    .directory(directory.resolve(name))
                    .store(sometimesAway(store))
                    .scheduler(scheduler)
                    .clock(clock)
                    .retryPolicy(RetryPolicy.none())
                    .renameLooks(Duration.ZERO)
                    .keepHistory(Duration.ofDays(2))
                    .listenerExecutor(Runnable::run)
                    .notifier(new Operators())
                    .build();
            started.addAll(jobs.stream().map(SimulatedMonth.this::job).toList());
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

    private ExportStore sometimesAway(ExportStore store) {
        return (ExportStore) Proxy.newProxyInstance(
                ExportStore.class.getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, arguments) -> {
                    if (storeAway && !method.getName().equals("close")) {
                        throw new StoreException("the store is away", null);
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ExportJob job(int i) {
        String server = "s" + (i % SERVERS + 1);
        String name = name(i);
        ExportJob.Builder job = ExportJob.builder(name, definition());
        return i == JOBS - 1
                ? job.schedule(Schedule.every(Duration.ofHours(5), START.plusSeconds(2_340))) // not once a day
                        .deliverTo(servers.withRecipients(server, name))
                        .build()
                : job.schedule(Schedule.daily(LocalTime.of(1, 0).plusMinutes(i), ZoneOffset.UTC))
                        .deliverTo(servers.at(server, name))
                        .build();
    }

    private static String name(int i) {
        return String.format("job-%03d", i);
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
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("visits-{sequence}.csv"))
                .build();
    }

    // ---- what is expected

    private void compareNotices() {
        outages.stream()
                .filter(outage -> !outage.told(digests).equals(outage.expected()))
                .forEach(outage -> differences.add("told " + outage.told(digests) + ", not " + outage.expected()));
        digests.stream()
                .flatMap(digest -> digest.notices().stream())
                .filter(notice -> outages.stream().noneMatch(outage -> outage.isFor(notice.incident())))
                .forEach(notice -> differences.add("told of something else: " + notice));
        nodes.get(0).engine.incidents(IncidentQuery.open()).forEach(open -> differences.add("not over: " + open));
    }

    /** Digests come an hour apart. Each node tells by itself that the store is away. */
    private void compareTimes() {
        List<Instant> times = digests.stream()
                .filter(digest -> digest.notices().stream()
                        .map(Notice::incident)
                        .noneMatch(incident -> incident.code() == FailureCode.STORE_UNAVAILABLE))
                .map(Digest::at)
                .toList();
        for (int i = 1; i < times.size(); i++) {
            if (Duration.between(times.get(i - 1), times.get(i)).compareTo(Duration.ofHours(1)) < 0) {
                differences.add("a digest at " + times.get(i - 1) + " and one at " + times.get(i));
            }
        }
    }

    /** What was written until the last day is at each destination. */
    private void compareDeliveries() {
        ExportStore store = nodes.get(0).store;
        for (ExportRun waiting :
                store.runs(RunQuery.all().status(RunStatus.WAITING).limit(JOBS))) {
            differences.add("waits: " + waiting);
        }
        for (int job : jobs) {
            if (!store.positions(name(job)).positions().containsKey("visits")) {
                differences.add("nothing was delivered by " + name(job));
            }
        }
    }
}
