package io.outfeed.internal.model;

import static java.util.Objects.requireNonNull;

import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.FileDelivery;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.source.Window;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Builds runs: new ones, changed copies, and those that a store reads back. Not thread-safe. */
public final class RunBuilder {

    private final long number;
    private final String job;
    private final Trigger trigger;
    private final Instant startedAt;
    private @Nullable Instant fireTime;
    private @Nullable Instant endedAt;
    private RunStatus status = RunStatus.PLANNED;
    private long token;
    private int attempts;
    private Map<String, Window> windows = Map.of();
    private List<String> deliveryIds = List.of();
    private OptionalLong sequence = OptionalLong.empty();
    private List<StagedFile> files = List.of();
    private List<FileDelivery> deliveries = List.of();
    private @Nullable RunFailure failure;
    private int rejected;
    private boolean sensitive;
    private String note = "";
    private List<RunLogEntry> log = List.of();

    private RunBuilder(long number, String job, Trigger trigger, Instant startedAt) {
        this.number = number;
        this.job = requireNonNull(job, "job");
        this.trigger = requireNonNull(trigger, "trigger");
        this.startedAt = requireNonNull(startedAt, "startedAt");
    }

    private RunBuilder(ExportRun run) {
        this(run.number(), run.job(), run.trigger(), run.startedAt());
        fireTime = run.fireTime().orElse(null);
        endedAt = run.endedAt().orElse(null);
        status = run.status();
        token = run.token();
        attempts = run.attempts();
        windows = Collections.unmodifiableMap(new LinkedHashMap<>(run.windows()));
        deliveryIds = List.copyOf(run.deliveryIds());
        sequence = run.sequence();
        files = List.copyOf(run.files());
        deliveries = List.copyOf(run.deliveries());
        failure = run.failure().orElse(null);
        rejected = run.rejected();
        sensitive = run.sensitive();
        note = run.note();
        log = List.copyOf(run.log());
    }

    /** Starts a run whose status is PLANNED. */
    public static RunBuilder planned(long number, String job, Trigger trigger, Instant startedAt) {
        return new RunBuilder(number, job, trigger, startedAt);
    }

    /** Starts a changed copy of a run. */
    public static RunBuilder of(ExportRun run) {
        return new RunBuilder(run);
    }

    public RunBuilder fireTime(Instant fireTime) {
        this.fireTime = requireNonNull(fireTime, "fireTime");
        return this;
    }

    public RunBuilder endedAt(Instant endedAt) {
        this.endedAt = requireNonNull(endedAt, "endedAt");
        return this;
    }

    public RunBuilder status(RunStatus status) {
        this.status = requireNonNull(status, "status");
        return this;
    }

    public RunBuilder token(long token) {
        this.token = token;
        return this;
    }

    public RunBuilder attempts(int attempts) {
        this.attempts = attempts;
        return this;
    }

    public RunBuilder windows(Map<String, Window> windows) {
        this.windows = requireNonNull(windows, "windows");
        return this;
    }

    public RunBuilder deliveryIds(List<String> deliveryIds) {
        this.deliveryIds = requireNonNull(deliveryIds, "deliveryIds");
        return this;
    }

    /** Sets the receiver's number: one or more; 0 for none. */
    public RunBuilder sequence(long sequence) {
        this.sequence = sequence == 0 ? OptionalLong.empty() : OptionalLong.of(sequence);
        return this;
    }

    public RunBuilder files(List<StagedFile> files) {
        this.files = requireNonNull(files, "files");
        return this;
    }

    public RunBuilder deliveries(List<FileDelivery> deliveries) {
        this.deliveries = requireNonNull(deliveries, "deliveries");
        return this;
    }

    public RunBuilder failure(@Nullable RunFailure failure) {
        this.failure = failure;
        return this;
    }

    public RunBuilder rejected(int rejected) {
        this.rejected = rejected;
        return this;
    }

    public RunBuilder sensitive(boolean sensitive) {
        this.sensitive = sensitive;
        return this;
    }

    public RunBuilder note(String note) {
        this.note = requireNonNull(note, "note");
        return this;
    }

    public RunBuilder log(List<RunLogEntry> log) {
        this.log = requireNonNull(log, "log");
        return this;
    }

    /** Builds the run. Later changes of this builder, or of the lists that it was given, do not affect it. */
    public ExportRun build() {
        return new Run(new RunBuilder(new Run(this)));
    }

    /** A run with the values of a private builder. */
    private static final class Run implements ExportRun {

        private final RunBuilder values;

        private Run(RunBuilder values) {
            this.values = values;
        }

        @Override
        public long number() {
            return values.number;
        }

        @Override
        public String job() {
            return values.job;
        }

        @Override
        public Trigger trigger() {
            return values.trigger;
        }

        @Override
        public Optional<Instant> fireTime() {
            return Optional.ofNullable(values.fireTime);
        }

        @Override
        public Instant startedAt() {
            return values.startedAt;
        }

        @Override
        public Optional<Instant> endedAt() {
            return Optional.ofNullable(values.endedAt);
        }

        @Override
        public RunStatus status() {
            return values.status;
        }

        @Override
        public long token() {
            return values.token;
        }

        @Override
        public int attempts() {
            return values.attempts;
        }

        @Override
        public Map<String, Window> windows() {
            return values.windows;
        }

        @Override
        public List<String> deliveryIds() {
            return values.deliveryIds;
        }

        @Override
        public OptionalLong sequence() {
            return values.sequence;
        }

        @Override
        public List<StagedFile> files() {
            return values.files;
        }

        @Override
        public List<FileDelivery> deliveries() {
            return values.deliveries;
        }

        @Override
        public Optional<RunFailure> failure() {
            return Optional.ofNullable(values.failure);
        }

        @Override
        public String note() {
            return values.note;
        }

        @Override
        public int rejected() {
            return values.rejected;
        }

        @Override
        public boolean sensitive() {
            return values.sensitive;
        }

        @Override
        public List<RunLogEntry> log() {
            return values.log;
        }

        /** Number, job and status. */
        @Override
        public String toString() {
            return "run " + values.number + " of job '" + values.job + "': " + values.status;
        }
    }
}
