package io.outfeed.internal.progress;

import io.outfeed.error.FailureCode;
import io.outfeed.event.RunObserver;
import io.outfeed.event.RunObserver.End;
import io.outfeed.event.RunObserver.Span;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the observers and the flight recorder of one attempt and its steps. Used by the thread of the run. */
final class RunTrace {

    private static final Logger log = LoggerFactory.getLogger(RunTrace.class);

    private final List<RunObserver> observers;
    private final AttemptFlightEvent attempt = new AttemptFlightEvent();
    private final List<Span> attemptSpans;
    private @Nullable Step step;
    private Optional<FailureCode> failure = Optional.empty();
    private Optional<RunStatus> reached = Optional.empty();

    /** Begins an attempt of a run. */
    RunTrace(ExportRun run, List<RunObserver> observers) {
        this.observers = observers;
        attempt.begin();
        attempt.job = run.job();
        attempt.run = run.number();
        attempt.number = run.attemptCount();
        this.attemptSpans = begin(observer -> observer.beginAttempt(run));
    }

    /** A step that has begun; one that sends a file is complete only if that is said. */
    private record Step(
            List<Span> spans,
            @Nullable StageFlightEvent stage,
            @Nullable UploadFlightEvent upload) {}

    private List<Span> begin(Function<RunObserver, Span> beginning) {
        List<Span> spans = new ArrayList<>();
        for (RunObserver observer : observers) {
            try {
                spans.add(beginning.apply(observer));
            } catch (RuntimeException e) {
                logFailure(e);
            }
        }
        Collections.reverse(spans); // the last one that was begun ends first
        return spans;
    }

    private static void end(List<Span> spans, End end) {
        for (Span span : spans) {
            try {
                span.end(end);
            } catch (RuntimeException e) {
                logFailure(e);
            }
        }
    }

    private static void logFailure(RuntimeException failure) {
        log.warn("An observer of runs has failed; the run is not affected", Redacted.of(failure));
    }

    /** Begins reading or writing a definition. The step before is complete. */
    void beginStage(RunProgress now) {
        completeStep(now);
        StageFlightEvent event = new StageFlightEvent();
        event.begin();
        event.job = now.job();
        event.run = now.run();
        event.step = now.step().name();
        event.definition = now.definition().orElse("");
        step = new Step(begin(observer -> observer.beginStep(now)), event, null);
    }

    /** Begins sending a file. A file before that was not completed has failed. */
    void beginFile(RunProgress now, long bytes) {
        endStep(step != null && step.upload() != null, now);
        UploadFlightEvent event = new UploadFlightEvent();
        event.begin();
        event.job = now.job();
        event.run = now.run();
        event.step = now.step().name();
        event.delivery = now.delivery().orElse("");
        event.path = now.path().orElse("");
        event.bytes = bytes;
        step = new Step(begin(observer -> observer.beginStep(now)), null, event);
    }

    /** Completes the current step, if there is one. */
    void completeStep(RunProgress now) {
        endStep(false, now);
    }

    private void endStep(boolean failed, RunProgress now) {
        Step ended = step;
        if (ended == null) {
            return;
        }
        step = null;
        String code = failed ? failure.map(Enum::name).orElse(null) : null;
        StageFlightEvent stage = ended.stage();
        if (stage != null && stage.shouldCommit()) {
            stage.rowsRead = now.rowsRead();
            stage.rowsWritten = now.rowsWritten();
            stage.failure = code;
            stage.commit();
        }
        UploadFlightEvent upload = ended.upload();
        if (upload != null && upload.shouldCommit()) {
            upload.failed = failed;
            upload.failure = code;
            upload.commit();
        }
        end(ended.spans(), new End(failed, failed ? failure : Optional.empty(), Optional.empty()));
    }

    /** Says why the attempt has failed. */
    void fail(FailureCode code) {
        failure = Optional.of(code);
    }

    /** Says what the run has reached. */
    void reach(RunStatus status) {
        reached = Optional.of(status);
    }

    /** Ends the attempt. */
    void end(RunProgress now) {
        boolean failed = failure.isPresent();
        endStep(failed || (step != null && step.upload() != null), now);
        if (attempt.shouldCommit()) {
            attempt.status = reached.map(Enum::name).orElse(null);
            attempt.failure = failure.map(Enum::name).orElse(null);
            attempt.commit();
        }
        end(attemptSpans, new End(failed, failure, reached));
    }
}
