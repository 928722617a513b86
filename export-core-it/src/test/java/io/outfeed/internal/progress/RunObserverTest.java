package io.outfeed.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.RunObserver;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What observers and the flight recorder are told of attempts. */
class RunObserverTest {

    @TempDir
    private Path directory;

    private final ListSource<Visit> source = Visit.source();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final List<String> log = new ArrayList<>();
    private final Set<Thread> threads = new HashSet<>();
    private ExportEngine engine;

    private final class Log implements RunObserver {

        @Override
        public Span beginAttempt(ExportRun run) {
            return span("attempt " + run.attemptCount() + " of run " + run.number());
        }

        @Override
        public Span beginStep(RunProgress progress) {
            return span(progress.step()
                    + progress.definition().map(name -> " " + name).orElse("")
                    + progress.path().map(path -> " " + path).orElse("")
                    + progress.delivery().map(id -> " to " + id).orElse(""));
        }

        private Span span(String what) {
            threads.add(Thread.currentThread());
            log.add("+ " + what);
            return end -> log.add("- " + what + (end.failed() ? ", failed" : "")
                    + end.code().map(code -> " " + code).orElse("")
                    + end.status().map(status -> ": " + status).orElse(""));
        }
    }

    @BeforeEach
    void start() {
        source.put(Visit.of(1, "first", "2026-02-01T00:00:00Z"));
        engine = ExportEngine.builder()
                .directory(directory)
                .retryPolicy(RetryPolicy.none())
                .observer(new Failing())
                .observer(new Log())
                .build();
        engine.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .copyTo(InMemoryDelivery.create("archive"))
                .build());
    }

    /** An observer that can't do any harm. */
    private static final class Failing implements RunObserver {

        @Override
        public Span beginAttempt(ExportRun run) {
            throw new IllegalStateException("begin");
        }

        @Override
        public Span beginStep(RunProgress progress) {
            return end -> {
                throw new IllegalStateException("end");
            };
        }
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void should_tell_of_each_step_on_the_thread_of_the_run() {
        engine.job("visits").runNow();

        assertThat(log)
                .containsExactly(
                        "+ attempt 1 of run 1",
                        "+ READING visits",
                        "- READING visits",
                        "+ WRITING visits",
                        "- WRITING visits",
                        "+ UPLOADING visits-1.csv to lakeside",
                        "- UPLOADING visits-1.csv to lakeside",
                        "+ PUBLISHING visits-1.csv to lakeside",
                        "- PUBLISHING visits-1.csv to lakeside",
                        "+ COPYING visits-1.csv to archive",
                        "- COPYING visits-1.csv to archive",
                        "- attempt 1 of run 1: COMMITTED");
        assertThat(threads).containsExactly(Thread.currentThread());
        assertThat(engine.inProgress()).isEmpty();
    }

    @Test
    void should_tell_why_an_attempt_has_failed() {
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        fails();

        assertThat(log)
                .endsWith(
                        "+ UPLOADING visits-1.csv to lakeside",
                        "- UPLOADING visits-1.csv to lakeside, failed DESTINATION_UNAVAILABLE",
                        "- attempt 1 of run 1, failed DESTINATION_UNAVAILABLE");
    }

    private void fails() {
        try {
            engine.job("visits").runNow();
            throw new AssertionError("the run has not failed");
        } catch (ExportException e) {
            assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
        }
    }

    @Test
    void should_record_what_a_recording_asks_for() throws Exception {
        List<RecordedEvent> events;
        try (Recording recording = new Recording()) {
            for (String name : List.of("Run", "Attempt", "Stage", "Upload", "StoreCall")) {
                recording.enable("io.outfeed." + name);
            }
            recording.start();
            lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
            fails();
            engine.job("visits").runNow();
            recording.stop();
            Path file = directory.resolve("recording.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
            Files.delete(file);
        }

        assertThat(events(events, "Attempt"))
                .extracting(event ->
                        event.getInt("number") + " " + event.getString("status") + " " + event.getString("failure"))
                .containsExactly("1 null DESTINATION_UNAVAILABLE", "2 COMMITTED null");
        assertThat(events(events, "Stage"))
                .extracting(event ->
                        event.getString("step") + " " + event.getString("definition") + " " + event.getLong("rowsRead"))
                .containsExactly("READING visits 1", "WRITING visits 1");
        assertThat(events(events, "Upload"))
                .extracting(event -> event.getString("step") + " " + event.getString("path") + " to "
                        + event.getString("delivery") + ", failed: " + event.getBoolean("failed"))
                .containsExactly(
                        "UPLOADING visits-1.csv to lakeside, failed: true",
                        "UPLOADING visits-1.csv to lakeside, failed: false",
                        "PUBLISHING visits-1.csv to lakeside, failed: false",
                        "COPYING visits-1.csv to archive, failed: false");
        assertThat(events(events, "Run"))
                .singleElement()
                .satisfies(event -> assertThat(event.getString("status")).isEqualTo("COMMITTED"))
                .satisfies(event -> assertThat(event.getInt("attempts")).isEqualTo(2))
                .satisfies(event -> assertThat(event.getLong("rows")).isEqualTo(1));
        Set<String> calls = new TreeSet<>();
        events(events, "StoreCall").forEach(event -> calls.add(event.getString("operation")));
        assertThat(calls).contains("tryLock", "append", "commit");
    }

    @Test
    void should_record_nothing_by_default() throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            engine.job("visits").runNow();
            recording.stop();
            Path file = directory.resolve("recording.jfr");
            recording.dump(file);

            assertThat(RecordingFile.readAllEvents(file))
                    .extracting(event -> event.getEventType().getName())
                    .noneMatch(name -> name.startsWith("io.outfeed."));
        }
    }

    private static List<RecordedEvent> events(List<RecordedEvent> all, String name) {
        return all.stream()
                .filter(event -> event.getEventType().getName().equals("io.outfeed." + name))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
    }

    @Test
    void should_say_whether_the_engine_can_work() {
        assertThat(engine.stopped()).isEmpty();
        engine.start();
        assertThat(engine.stopped()).isEmpty();

        engine.close();

        assertThat(engine.stopped()).isEqualTo(Optional.of("it is closed"));
    }
}
