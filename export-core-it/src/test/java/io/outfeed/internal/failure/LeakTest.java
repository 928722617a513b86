package io.outfeed.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.RunGuard;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.event.ExportEvent;
import io.outfeed.field.Fields;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.RecordFormat;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.run.RunQuery;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.support.LoggedEvents;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Code of the host throws a value of a record, or a secret, at each place where the engine calls it: the value is in no
 * log at the finest level, no history, no event and no file of the store, and the type of the exception is.
 */
class LeakTest {

    private static final String CANARY = "canary-4711";

    /** Where the host's code is called. */
    private enum Place {
        OPEN,
        UNTIL,
        EXPECTED_RECORDS,
        READ,
        ITERATOR,
        HAS_NEXT,
        NEXT,
        CLOSE_STREAM,
        CLOSE_SOURCE,
        RECORD_KEY,
        POSITION,
        FILTER,
        FIELD,
        PARTITION,
        FORMAT,
        GUARD,
        LISTENER,
        CONNECT,
        PREPARE,
        PUBLISH,
        INSPECT,
        DISCARD,
        CLOSE_DELIVERY
    }

    /** What it throws. */
    private enum Thrown {
        RUNTIME,
        CHECKED,
        ERROR,
        OF_SYSTEM,
        NESTED;

        private Throwable make() {
            return switch (this) {
                case RUNTIME -> new IllegalStateException("unexpected value " + CANARY);
                case CHECKED -> new SQLException("duplicate key: (" + CANARY + ")", "23505", 7);
                case ERROR -> new AssertionError("unexpected value " + CANARY);
                case OF_SYSTEM -> new SocketException("refused for " + CANARY);
                case NESTED -> {
                    Exception nested = new RuntimeException(new IOException(CANARY, new AssertionError(CANARY)));
                    nested.addSuppressed(new IllegalArgumentException(CANARY));
                    yield nested;
                }
            };
        }
    }

    private record Patient(long id, String name, Instant updatedAt) {}

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<ExportEvent> events = new CopyOnWriteArrayList<>();

    @RegisterExtension
    private final LoggedEvents log = LoggedEvents.from(Level.TRACE);

    private EnumSet<Place> failing = EnumSet.noneOf(Place.class);
    private Thrown thrown = Thrown.RUNTIME;

    private void at(Place place) {
        if (failing.contains(place)) {
            LeakTest.<RuntimeException>sneak(thrown.make());
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    static Stream<Arguments> leaks() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(Thrown.values()).map(thrown -> Arguments.of(place, thrown)));
    }

    @ParameterizedTest(name = "{1} at {0}")
    @MethodSource("leaks")
    void should_keep_what_the_host_throws_out_of_everything_that_is_written(Place place, Thrown what) throws Exception {
        failing = place == Place.INSPECT || place == Place.DISCARD
                ? EnumSet.of(place, Place.PUBLISH) // it is asked after a failure only
                : EnumSet.of(place);
        thrown = what;
        List<String> written = new ArrayList<>();
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory.resolve("engine"))
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listenerExecutor(Runnable::run)
                .listener(events::add)
                .listener(event -> at(Place.LISTENER))
                .build()) {
            JobHandle job = engine.add(job());
            engine.start();
            scheduler.advance(Duration.ofMinutes(61)); // by schedule
            try {
                written.add(job.runNow().toString());
            } catch (RuntimeException e) { // what a host would log
                written.add(stackTrace(e));
            }
            written.add(job.check().toString());
            written.add(engine.jobs(JobQuery.all()).toString());
            engine.runs(RunQuery.all()).runs().forEach(run -> {
                written.add(run + " " + run.note() + " " + run.failure() + run.attempts() + run.log());
                written.add(engine.run(run.number()).rejects().toString());
            });
        }
        events.forEach(event -> written.add(event.toString()));
        written.add(logged());
        try (Stream<Path> files = Files.walk(directory.resolve("engine/store"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                written.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }

        assertThat(written).noneMatch(text -> text.contains(CANARY));
        assertThat(written)
                .anyMatch(text -> text.contains(thrown.make().getClass().getSimpleName()));
    }

    private ExportJob job() {
        ExportDefinition<Patient> patients = ExportDefinition.builder("patients", Patient.class)
                .source(source())
                .recordKey(patient -> {
                    at(Place.RECORD_KEY);
                    return patient.id();
                })
                .watermark(watermark())
                .filter(patient -> {
                    at(Place.FILTER);
                    return true;
                })
                .fields(this::fields)
                .file(f -> f.name("patients-{partition}-{sequence}.csv").format(format()))
                .filePer(patient -> {
                    at(Place.PARTITION);
                    return "all";
                })
                .build();
        RunGuard guard = (staged, previous) -> {
            at(Place.GUARD);
            return Optional.empty();
        };
        return ExportJob.builder("patients", patients)
                .schedule(Schedule.every(Duration.ofHours(1), clock.instant()))
                .holdIf(guard)
                .deliverTo(delivery())
                .build();
    }

    private void fields(Fields.Builder<Patient> fields) {
        fields.field("id", Patient::id).field("name", patient -> {
            at(Place.FIELD);
            return patient.name();
        });
    }

    private Watermark<Patient> watermark() {
        Watermark<Patient> real = Watermark.timestamp(Patient::updatedAt, Duration.ZERO);
        return new Watermark<>() {
            @Override
            public String kind() {
                return real.kind();
            }

            @Override
            public Position beginning() {
                return real.beginning();
            }

            @Override
            public Position until(SourceSession<Patient> session, Clock now) throws Exception {
                at(Place.UNTIL);
                return real.until(session, now);
            }

            @Override
            public Optional<Position> positionOf(Patient patient) throws Exception {
                at(Place.POSITION);
                return real.positionOf(patient);
            }

            @Override
            public int compare(Position left, Position right) {
                return real.compare(left, right);
            }
        };
    }

    private RecordSource<Patient> source() {
        return parameters -> {
            at(Place.OPEN);
            return new SourceSession<>() {
                @Override
                public OptionalLong expectedRecords(Window window) {
                    at(Place.EXPECTED_RECORDS);
                    return OptionalLong.of(1);
                }

                @Override
                public Stream<Patient> read(Window window) {
                    at(Place.READ);
                    Stream<Patient> records = Stream.generate(() -> {
                                at(Place.ITERATOR);
                                return patients();
                            })
                            .limit(1)
                            .flatMap(patients -> {
                                Iterable<Patient> iterable = () -> patients;
                                return StreamSupport.stream(iterable.spliterator(), false);
                            });
                    return records.onClose(() -> at(Place.CLOSE_STREAM));
                }

                @Override
                public void close() {
                    at(Place.CLOSE_SOURCE);
                }
            };
        };
    }

    private Iterator<Patient> patients() {
        return new Iterator<>() {
            private boolean given;

            @Override
            public boolean hasNext() {
                at(Place.HAS_NEXT);
                return !given;
            }

            @Override
            public Patient next() {
                at(Place.NEXT);
                if (given) {
                    throw new NoSuchElementException();
                }
                given = true;
                return new Patient(7, CANARY, Instant.parse("2026-02-01T00:00:00Z"));
            }
        };
    }

    private RecordFormat format() {
        RecordFormat csv = CsvFormat.rfc4180();
        return (layout, out) -> {
            at(Place.FORMAT);
            return csv.open(layout, out);
        };
    }

    private Delivery delivery() {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        return new Delivery() {
            @Override
            public String id() {
                return lakeside.id();
            }

            @Override
            public DeliverySession open() {
                at(Place.CONNECT);
                DeliverySession session = lakeside.open();
                return new DeliverySession() {
                    @Override
                    public PreparedFile prepare(OutgoingFile file) throws Exception {
                        PreparedFile prepared = session.prepare(file);
                        at(Place.PREPARE);
                        return prepared;
                    }

                    @Override
                    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file)
                            throws Exception {
                        at(Place.PUBLISH);
                        return session.publish(prepared, file);
                    }

                    @Override
                    public void discard(OutgoingFile file) throws Exception {
                        at(Place.DISCARD);
                        session.discard(file);
                    }

                    @Override
                    public Inspection inspect(String location) throws Exception {
                        at(Place.INSPECT);
                        return session.inspect(location);
                    }

                    @Override
                    public void close() {
                        at(Place.CLOSE_DELIVERY);
                        session.close();
                    }
                };
            }
        };
    }

    private String logged() {
        StringBuilder text = new StringBuilder();
        for (ILoggingEvent event : log.list()) {
            text.append(event.getLevel())
                    .append(' ')
                    .append(event.getFormattedMessage())
                    .append('\n');
            if (event.getThrowableProxy() != null) {
                text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
