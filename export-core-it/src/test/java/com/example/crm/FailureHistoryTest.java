package com.example.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.error.FailureCode;
import io.outfeed.event.ExportEvent;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunPhase;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In a package of a host: what the history says of a failure in the host's code, enough to find the cause, and none of
 * its words.
 */
class FailureHistoryTest {

    private static final String SECRET = "Jane Doe, born 1984";

    private static final Visit VISIT = Visit.of(1, "a note", "2026-02-01T00:00:00Z");

    @TempDir
    private Path directory;

    private final List<ExportEvent> events = new ArrayList<>();

    /** Where the host's code fails. */
    enum Failing {
        OPEN("SQLException (SQLState 08006, vendor code 17) caused by ConnectException,"
                + " at com.example.crm.FailureHistoryTest"),
        READ("SQLException (SQLState 08006, vendor code 17) caused by ConnectException,"
                + " at com.example.crm.FailureHistoryTest"),
        RECORD("IllegalStateException caused by SQLException (SQLState 08006, vendor code 17)"
                + " caused by ConnectException,"
                + " at com.example.crm.FailureHistoryTest"),
        KEY("IllegalStateException caused by SQLException (SQLState 08006, vendor code 17)"
                + " caused by ConnectException,"
                + " at com.example.crm.FailureHistoryTest"),
        FIELD("IllegalStateException caused by SQLException (SQLState 08006, vendor code 17)"
                + " caused by ConnectException,"
                + " at com.example.crm.FailureHistoryTest"),
        DESTINATION("SQLException (SQLState 08006, vendor code 17) caused by ConnectException,"
                + " at com.example.crm.FailureHistoryTest");

        private final String origin;

        Failing(String origin) {
            this.origin = origin;
        }

        private void checked(Failing here) throws SQLException {
            if (this == here) {
                throw failure();
            }
        }

        private void unchecked(Failing here) {
            if (this == here) {
                throw new IllegalStateException(SECRET, failure());
            }
        }

        /** Each link has a value in its message, and one suppressed. */
        private static SQLException failure() {
            Exception root = new ConnectException(SECRET);
            root.addSuppressed(new IOException(SECRET));
            SQLException failure = new SQLException(SECRET, "08006", 17, root);
            failure.setNextException(new SQLException(SECRET, SECRET));
            return failure;
        }
    }

    private static RecordSource<Visit> source(Failing failing) {
        return parameters -> {
            failing.checked(Failing.OPEN);
            return window -> {
                failing.checked(Failing.READ);
                return Stream.of(VISIT).peek(visit -> failing.unchecked(Failing.RECORD));
            };
        };
    }

    private static ExportDefinition<Visit> definition(Failing failing) {
        return ExportDefinition.builder("visits", Visit.class)
                .source(source(failing))
                .recordKey(visit -> {
                    failing.unchecked(Failing.KEY);
                    return visit.id();
                })
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id).field("note", visit -> {
                    failing.unchecked(Failing.FIELD);
                    return visit.note();
                }))
                .file(f -> f.name("visits-{sequence}.csv"))
                .build();
    }

    private static Delivery delivery(Failing failing) {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        return new Delivery() {
            @Override
            public String id() {
                return "lakeside";
            }

            @Override
            public DeliverySession open() throws Exception {
                failing.checked(Failing.DESTINATION);
                return lakeside.open();
            }
        };
    }

    private ExportEngine engine() {
        SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
        return ExportEngine.builder()
                .directory(directory)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listener(events::add)
                .listenerExecutor(Runnable::run)
                .build();
    }

    private String ledger() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @ParameterizedTest
    @EnumSource
    void should_say_what_caused_it_and_repeat_no_message_of_foreign_code(Failing failing) throws IOException {
        try (ExportEngine engine = engine()) {
            JobHandle job = engine.add(ExportJob.builder("visits", definition(failing))
                    .deliverTo(delivery(failing))
                    .build());
            assertThatThrownBy(job::runNow).hasMessageNotContaining(SECRET);

            ExportRun run = Runs.newest(engine, job, 1).get(0);

            RunFailure failure = run.failure().orElseThrow();
            assertThat(failure.origin().orElseThrow()).startsWith(failing.origin);
            assertThat(failure.origin().orElseThrow())
                    .contains("FailureHistoryTest$Failing.failure(FailureHistoryTest.java:");
            assertThat(run.attempts().get(0).failure()).contains(failure);
            assertThat(run.log())
                    .filteredOn(entry -> entry.phase() == RunPhase.FAILED)
                    .singleElement()
                    .asString()
                    .endsWith(failure.message() + " [" + failure.origin().orElseThrow() + "]");
            assertThat(run + " " + run.log() + run.attempts() + run.failure() + job.summary() + events)
                    .doesNotContain(SECRET);
            assertThat(events).isNotEmpty();
        }
        assertThat(ledger()).contains("ConnectException").doesNotContain(SECRET, "Jane", "1984");
    }

    @Test
    void should_say_no_more_than_a_message_that_says_all() {
        try (ExportEngine engine = engine()) {
            JobHandle job = engine.add(ExportJob.builder(
                            "visits", Visit.export(Visit.source().put(Visit.of(1, "a note", "2026-02-01T00:00:00Z"))))
                    .deliverTo(InMemoryDelivery.create("lakeside").removeDirectory())
                    .build());
            assertThatThrownBy(job::runNow).hasMessage("the directory is not there, as the test wanted");

            RunFailure failure = Runs.newest(engine, job, 1).get(0).failure().orElseThrow();

            assertThat(failure)
                    .isEqualTo(new RunFailure(
                            FailureCode.DESTINATION_MISSING,
                            "DeliveryException",
                            "the directory is not there, as the test wanted",
                            Optional.empty()));
        }
    }
}
