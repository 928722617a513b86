package io.outfeed.internal.operation;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.backfill.Backfill;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.backfill.BackfillProgress.Status;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.delivery.KnownDirectories;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.execution.RunOperations;
import io.outfeed.layout.Layout;
import io.outfeed.operation.JobCheck;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RecordPreview;
import io.outfeed.operation.RecordSearch;
import io.outfeed.operation.RecordTrace;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.schedule.ExplainedFire;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handle of a job, by name: each call finds the job anew, so that a replaced job is used. Thread-safe. */
public record JobControl(String name, OperationServices services) implements JobHandle {

    private static final Logger log = LoggerFactory.getLogger(JobControl.class);

    @Override
    public ExportJob job() {
        return services.jobs().get(name).job();
    }

    @Override
    public JobSummary summary() {
        ExportJob job = job();
        return JobSummaries.of(
                job,
                services.runs().store().jobRecords(List.of(name)).get(0),
                services.runs().meters(),
                services.runs().clock().instant());
    }

    @Override
    public void pause(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("say why the job is paused: the reason is shown with the pause");
        }
        services.runs().states().pause(job(), reason);
    }

    @Override
    public void resume() {
        if (services.runs().states().resume(job())) {
            services.executor().rearm(services.jobs().get(name));
        }
    }

    @Override
    public boolean acceptDirectory(String delivery) {
        ExportJob job = job();
        List<Delivery> deliveries =
                Stream.concat(job.deliveries().stream(), job.copies().stream()).toList();
        Delivery chosen = deliveries.stream()
                .filter(each -> each.id().equals(delivery))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(job + " has no delivery '" + delivery + "', only "
                        + deliveries.stream().map(Delivery::id).toList()));
        boolean known = KnownDirectories.forget(services.runs().states(), job, chosen);
        log.info("The next directory at delivery '{}' of job '{}' is accepted", delivery, name);
        return known;
    }

    @Override
    public ExportRun runNow() {
        return services.executor().runNow(services.jobs().get(name));
    }

    @Override
    public RunHandle startNow() {
        return new RunControl(services.executor().startNow(services.jobs().get(name)), services);
    }

    @Override
    public JobCheck check() {
        return LogContext.of(name).call(() -> services.checker().check(job()));
    }

    @Override
    public List<RecordPreview> preview(String definition, String... keys) {
        return preview(job(), definition, keys);
    }

    @Override
    public List<RecordPreview> preview(String definition, Layout layout, String... keys) {
        return preview(with(definition, layout), definition, keys);
    }

    private List<RecordPreview> preview(ExportJob job, String definition, String... keys) {
        return services.previewer().preview(job, definition(job, definition), List.of(keys));
    }

    /** Returns the job with a layout that is not saved. */
    private ExportJob with(String definition, Layout layout) {
        return job().toBuilder()
                .layout(definition(job(), definition).name(), layout)
                .build();
    }

    @Override
    public RecordTrace findRecord(String definition, String key) {
        return findRecord(definition, key, RecordSearch.all());
    }

    @Override
    public RecordTrace findRecord(String definition, String key, RecordSearch search) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("the key of a record must not be empty: empty cells would be found");
        }
        return LogContext.of(name).call(() -> services.tracer().trace(job(), definition(definition), key, search));
    }

    @Override
    public ExportRun sendTestRecord(String definition, String key) {
        return sendTestRecord(job(), definition, key);
    }

    @Override
    public ExportRun sendTestRecord(String definition, Layout layout, String key) {
        return sendTestRecord(with(definition, layout), definition, key);
    }

    private ExportRun sendTestRecord(ExportJob job, String definition, String key) {
        ExportDefinition<?> chosen = definition(job, definition);
        return services.executor()
                .locked(
                        services.jobs().get(name),
                        lock -> services.operations().sendTestRecord(job, lock, chosen, key));
    }

    @Override
    public ExportRun backfill(String definition, Position from, Position until) {
        ExportJob job = job();
        ExportDefinition<?> chosen = definition(definition);
        Window window = new Window(from, until);
        return services.executor().locked(services.jobs().get(name), lock -> {
            checkBackfill(
                    chosen, window, services.runs().store().positions(name).position(definition));
            return services.operations().backfill(job, lock, definition, window);
        });
    }

    @Override
    public BackfillProgress startBackfill(Backfill backfill) {
        ExportJob job = job();
        ExportDefinition<?> chosen = definition(backfill.definition());
        checkBackfill(
                chosen,
                backfill.window(),
                services.runs().store().positions(name).position(chosen.name()));
        RunOperations.checkCanBeReadAgain(job, Set.of(chosen.name()));
        BackfillProgress begun =
                BackfillProgress.begin(backfill, services.runs().clock().instant());
        if (!services.runs().states().startBackfill(name, begun)) {
            throw new IllegalStateException("the last backfill of " + job + " is not over: "
                    + backfillProgress().map(BackfillProgress::toString).orElse("another one has begun")
                    + "; wait until it has ended, or cancel it");
        }
        log.info("A {} of job '{}' begins", backfill, name);
        services.executor().rearmForBackfill(services.jobs().get(name));
        return begun;
    }

    @Override
    public BackfillProgress resumeBackfill() {
        return changeBackfill("stopped", EnumSet.of(Status.STOPPED), BackfillProgress::toResumed);
    }

    @Override
    public BackfillProgress cancelBackfill(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("say why the backfill is cancelled: the reason is shown with it");
        }
        return changeBackfill(
                "in progress or stopped",
                EnumSet.of(Status.IN_PROGRESS, Status.STOPPED),
                progress -> progress.toCancelled(reason));
    }

    private BackfillProgress changeBackfill(
            String wanted, Set<Status> allowed, UnaryOperator<BackfillProgress> change) {
        ExportJob job = job();
        Optional<BackfillProgress> known = backfillProgress().filter(progress -> allowed.contains(progress.status()));
        Optional<BackfillProgress> changed = known.flatMap(progress -> services.runs()
                .states()
                .updateBackfill(name, progress, now -> allowed.contains(now.status()) ? change.apply(now) : now));
        services.executor().rearmForBackfill(services.jobs().get(name));
        return changed.orElseThrow(() -> new IllegalStateException("no backfill of " + job + " is " + wanted
                + backfillProgress()
                        .map(progress -> ": the last one is " + progress.status())
                        .orElse("")));
    }

    @Override
    public Optional<BackfillProgress> backfillProgress() {
        return services.runs().states().backfill(job().name());
    }

    @Override
    public ExportRun resetPosition(String definition, Position position, String reason) {
        ExportJob job = job();
        ExportDefinition<?> chosen = definition(definition);
        if (!position.kind().equals(chosen.watermark().kind())) {
            throw new IllegalArgumentException("the watermark of " + chosen + " makes positions of kind '"
                    + chosen.watermark().kind() + "', not '" + position.kind() + "'");
        }
        checkReadable(chosen, position);
        if (reason.isBlank()) {
            throw new IllegalArgumentException("say why the position is reset: it is kept in the history");
        }
        return services.executor()
                .locked(
                        services.jobs().get(name),
                        lock -> services.positions().resetPosition(job, lock, chosen, position, reason));
    }

    /** A position that the watermark can't read would fail the next run. */
    private static void checkReadable(ExportDefinition<?> definition, Position position) {
        Position beginning = definition.watermark().beginning();
        try {
            definition.watermark().compare(position, beginning);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "the watermark of " + definition + " can't read the position " + position
                            + ": write it as the runs of the job have it, or as " + beginning,
                    e);
        }
    }

    @Override
    public Optional<Instant> nextFire() {
        return summary().nextFire();
    }

    @Override
    public List<ExplainedFire> explain(int n) {
        return services.executor().explain(job(), n);
    }

    @Override
    public Optional<Position> position(String definition) {
        return services.runs()
                .store()
                .positions(name)
                .position(definition(definition).name());
    }

    private ExportDefinition<?> definition(String wanted) {
        return definition(job(), wanted);
    }

    private static ExportDefinition<?> definition(ExportJob job, String wanted) {
        List<ExportDefinition<?>> all = job.definitions();
        return all.stream()
                .filter(definition -> definition.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new InvalidDefinitionException(
                        job.toString(),
                        List.of("it has no definition '" + wanted + "', only "
                                + all.stream().map(ExportDefinition::name).toList())));
    }

    @Override
    public String toString() {
        return "job '" + name + "'";
    }

    private static <T> void checkBackfill(ExportDefinition<T> definition, Window window, Optional<Position> committed) {
        Watermark<T> watermark = definition.watermark();
        if (!window.from().kind().equals(watermark.kind())) {
            throw new IllegalArgumentException("the watermark of " + definition + " makes positions of kind '"
                    + watermark.kind() + "', not '" + window.from().kind() + "'");
        }
        boolean known = committed.isPresent() && watermark.compare(window.until(), committed.get()) <= 0;
        if (!known || watermark.compare(window.from(), window.until()) > 0) {
            throw new IllegalArgumentException("a backfill covers what has been exported: " + window
                    + " must end at or before the position of " + definition + ", "
                    + committed.map(Position::toString).orElse("which has none yet"));
        }
    }
}
