package io.outfeed.internal.incident;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.event.ExportEvent;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import io.outfeed.notification.Notifier;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.ExportStore;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.testing.internal.simulation.SimulatedServers;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine with jobs at simulated servers, and a notifier that remembers its digests. */
abstract class IncidentFixture {

    static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    static final String SERVER = "sftp.lakeside.example:22";

    @TempDir
    Path directory;

    final SettableClock clock = SettableClock.at(START);
    final InMemoryStore store = new InMemoryStore();
    final SimulatedServers servers = new SimulatedServers();
    final ListSource<Visit> source = Visit.source();
    final List<Digest> digests = new ArrayList<>();
    final List<ExportEvent> events = new ArrayList<>();
    ManualScheduler scheduler = new ManualScheduler(clock);
    private long records;

    /** How often the engine has read the incidents. */
    int reads;

    /** What happens when it has read them, before it knows what it has read. */
    Runnable afterRead = () -> {};

    ExportEngine engine;

    @AfterEach
    void close() {
        engine.close();
    }

    /** A notifier that fails while it is told to. */
    final class Remembering implements Notifier {

        private boolean away;
        private Runnable meanwhile = () -> {};

        /** Sets what happens while it sends. */
        void meanwhile(Runnable action) {
            meanwhile = action;
        }

        void away(boolean next) {
            away = next;
        }

        @Override
        public String id() {
            return "operators";
        }

        @Override
        public void send(Digest digest) {
            if (away) {
                throw new IllegalStateException("away");
            }
            meanwhile.run();
            digests.add(digest);
        }
    }

    final Remembering notifier = new Remembering();

    @BeforeEach
    void start() {
        engine = ExportEngine.builder()
                .directory(directory)
                .store(counted())
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listener(events::add)
                .listenerExecutor(Runnable::run)
                .notifier(notifier)
                .build();
        engine.start();
    }

    private ExportStore counted() {
        return (ExportStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(store, arguments);
                    if (method.getName().equals("unsettledIncidents")) {
                        reads++;
                        afterRead.run();
                    }
                    return answer;
                });
    }

    void restart() {
        engine.close();
        scheduler = new ManualScheduler(clock);
        start();
    }

    /** A job that exports at a time of each day. */
    ExportJob daily(String name, LocalTime at, Delivery delivery) {
        return ExportJob.builder(name, Visit.export(source))
                .schedule(Schedule.daily(at, ZoneOffset.UTC))
                .deliverTo(delivery)
                .build();
    }

    void write() {
        source.put(Visit.of(++records, "a", clock.instant().toString()));
    }

    List<Incident> open() {
        return engine.incidents(IncidentQuery.open());
    }

    /** What the notifier was told, a line for each notice: the time, the kind and what it is about. */
    List<String> told() {
        return digests.stream()
                .flatMap(digest -> digest.notices().stream().map(notice -> digest.at() + " " + line(notice)))
                .toList();
    }

    private static String line(Notice notice) {
        return notice.kind() + " " + notice.incident().code() + " "
                + notice.incident().scope();
    }
}
