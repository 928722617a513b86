package io.outfeed.internal.model;

import static java.util.Objects.requireNonNull;

import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.run.Attempt;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLayout;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import io.outfeed.run.file.Sidecar;
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
    private String job;
    private final Trigger trigger;
    private final Instant startedAt;
    private @Nullable Instant fireTime;
    private @Nullable Instant endedAt;
    private RunStatus status = RunStatus.PLANNED;
    private long token;
    private boolean publishing;
    private @Nullable Waiting waiting;
    private @Nullable SkipReason skipReason;
    private boolean released;
    private boolean unconfirmed;
    private @Nullable CoveredFires coveredFires;
    private List<Attempt> attempts = List.of();
    private int attemptCount;
    private @Nullable Instant failingSince;
    private @Nullable JobPositions expectedPositions;
    private String fingerprint = "";
    private @Nullable Instant clockOrigin;
    private List<Litter> litter = List.of();
    private Map<String, Window> windows = Map.of();
    private List<String> deliveryIds = List.of();
    private @Nullable IfExists existing;
    private OptionalLong sequence = OptionalLong.empty();
    private @Nullable DailySequence dailySequence;
    private List<StagedFile> files = List.of();
    private List<Sidecar> sidecars = List.of();
    private long spoolToken;
    private List<FileDelivery> deliveries = List.of();
    private @Nullable RunFailure failure;
    private int rejected;
    private boolean sensitive;
    private String note = "";
    private List<RunLayout> layouts = List.of();
    private List<RunLogEntry> log = List.of();
    private StoredSteps storedSteps = StoredSteps.NONE;

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
        publishing = run.publishing();
        waiting = run.waiting().orElse(null);
        skipReason = run.skipReason().orElse(null);
        released = run.released();
        unconfirmed = run.unconfirmed();
        coveredFires = run.coveredFires().orElse(null);
        attempts = List.copyOf(run.attempts());
        attemptCount = run.attemptCount();
        failingSince = run.failingSince().orElse(null);
        expectedPositions = run.expectedPositions().orElse(null);
        fingerprint = run.fingerprint();
        clockOrigin = run.clockOrigin().orElse(null);
        litter = List.copyOf(run.litter());
        windows = Collections.unmodifiableMap(new LinkedHashMap<>(run.windows()));
        deliveryIds = List.copyOf(run.deliveryIds());
        existing = run.existing().orElse(null);
        sequence = run.sequence();
        dailySequence = run.dailySequence().orElse(null);
        files = List.copyOf(run.files());
        sidecars = List.copyOf(run.sidecars());
        spoolToken = run.spoolToken();
        deliveries = List.copyOf(run.deliveries());
        failure = run.failure().orElse(null);
        rejected = run.rejected();
        sensitive = run.sensitive();
        note = run.note();
        layouts = run.layouts();
        log = List.copyOf(run.log());
        storedSteps = storedSteps(run);
    }

    /** Starts a run whose status is PLANNED. */
    public static RunBuilder planned(long number, String job, Trigger trigger, Instant startedAt) {
        return new RunBuilder(number, job, trigger, startedAt);
    }

    /** Starts a changed copy of a run. */
    public static RunBuilder of(ExportRun run) {
        return new RunBuilder(run);
    }

    /** Sets the name that the job has now; called by stores. */
    public RunBuilder job(String job) {
        this.job = requireNonNull(job, "job");
        return this;
    }

    /** Sets the steps that the ledger has; called by what writes and reads them. */
    public RunBuilder storedSteps(StoredSteps storedSteps) {
        this.storedSteps = requireNonNull(storedSteps, "storedSteps");
        return this;
    }

    static StoredSteps storedSteps(ExportRun run) {
        return run instanceof Run known ? known.values.storedSteps : new StoredSteps(run.steps(), 0, 0);
    }

    public RunBuilder fireTime(Instant fireTime) {
        this.fireTime = requireNonNull(fireTime, "fireTime");
        return this;
    }

    public RunBuilder endedAt(Instant endedAt) {
        this.endedAt = requireNonNull(endedAt, "endedAt");
        return this;
    }

    /** Sets the status; one that is not WAITING ends the waiting, and PUBLISHING is remembered. */
    public RunBuilder status(RunStatus status) {
        this.status = requireNonNull(status, "status");
        publishing |= status == RunStatus.PUBLISHING;
        if (status != RunStatus.WAITING) {
            waiting = null;
        }
        return this;
    }

    public RunBuilder publishing(boolean publishing) {
        this.publishing = publishing;
        return this;
    }

    /** Sets the status to WAITING. */
    public RunBuilder waiting(Waiting waiting) {
        this.waiting = requireNonNull(waiting, "waiting");
        status = RunStatus.WAITING;
        return this;
    }

    /** Sets the status to SKIPPED. */
    public RunBuilder skipped(SkipReason reason) {
        skipReason = requireNonNull(reason, "reason");
        return status(RunStatus.SKIPPED);
    }

    public RunBuilder released(boolean released) {
        this.released = released;
        return this;
    }

    public RunBuilder unconfirmed(boolean unconfirmed) {
        this.unconfirmed = unconfirmed;
        return this;
    }

    public RunBuilder coveredFires(CoveredFires coveredFires) {
        this.coveredFires = requireNonNull(coveredFires, "coveredFires");
        return this;
    }

    /** Sets the attempts that are kept, and how many there were. */
    public RunBuilder attempts(List<Attempt> attempts, int attemptCount) {
        this.attempts = requireNonNull(attempts, "attempts");
        this.attemptCount = attemptCount;
        return this;
    }

    public RunBuilder failingSince(@Nullable Instant failingSince) {
        this.failingSince = failingSince;
        return this;
    }

    public RunBuilder expectedPositions(@Nullable JobPositions expectedPositions) {
        this.expectedPositions = expectedPositions;
        return this;
    }

    public RunBuilder fingerprint(String fingerprint) {
        this.fingerprint = requireNonNull(fingerprint, "fingerprint");
        return this;
    }

    public RunBuilder clockOrigin(@Nullable Instant clockOrigin) {
        this.clockOrigin = clockOrigin;
        return this;
    }

    public RunBuilder litter(List<Litter> litter) {
        this.litter = requireNonNull(litter, "litter");
        return this;
    }

    public RunBuilder token(long token) {
        this.token = token;
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

    public RunBuilder existing(IfExists existing) {
        this.existing = requireNonNull(existing, "existing");
        return this;
    }

    /** Sets the receiver's number: one or more; 0 for none. */
    public RunBuilder sequence(long sequence) {
        this.sequence = sequence == 0 ? OptionalLong.empty() : OptionalLong.of(sequence);
        return this;
    }

    /** Sets the number of the day; null for a run without files. */
    public RunBuilder dailySequence(@Nullable DailySequence dailySequence) {
        this.dailySequence = dailySequence;
        return this;
    }

    public RunBuilder files(List<StagedFile> files) {
        this.files = requireNonNull(files, "files");
        return this;
    }

    public RunBuilder sidecars(List<Sidecar> sidecars) {
        this.sidecars = requireNonNull(sidecars, "sidecars");
        return this;
    }

    /** Sets the token of the attempt that has saved the files and the sidecars in the spool; 0 for none. */
    public RunBuilder spoolToken(long spoolToken) {
        this.spoolToken = spoolToken;
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

    public RunBuilder layouts(List<RunLayout> layouts) {
        this.layouts = List.copyOf(layouts);
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
        public boolean publishing() {
            return values.publishing;
        }

        @Override
        public Optional<Waiting> waiting() {
            return Optional.ofNullable(values.waiting);
        }

        @Override
        public Optional<SkipReason> skipReason() {
            return Optional.ofNullable(values.skipReason);
        }

        @Override
        public boolean released() {
            return values.released;
        }

        @Override
        public boolean unconfirmed() {
            return values.unconfirmed;
        }

        @Override
        public Optional<CoveredFires> coveredFires() {
            return Optional.ofNullable(values.coveredFires);
        }

        @Override
        public List<Attempt> attempts() {
            return values.attempts;
        }

        @Override
        public int attemptCount() {
            return values.attemptCount;
        }

        @Override
        public Optional<Instant> failingSince() {
            return Optional.ofNullable(values.failingSince);
        }

        @Override
        public Optional<JobPositions> expectedPositions() {
            return Optional.ofNullable(values.expectedPositions);
        }

        @Override
        public String fingerprint() {
            return values.fingerprint;
        }

        @Override
        public Optional<Instant> clockOrigin() {
            return Optional.ofNullable(values.clockOrigin);
        }

        @Override
        public List<Litter> litter() {
            return values.litter;
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
        public Optional<IfExists> existing() {
            return Optional.ofNullable(values.existing);
        }

        @Override
        public OptionalLong sequence() {
            return values.sequence;
        }

        @Override
        public Optional<DailySequence> dailySequence() {
            return Optional.ofNullable(values.dailySequence);
        }

        @Override
        public List<StagedFile> files() {
            return values.files;
        }

        @Override
        public List<Sidecar> sidecars() {
            return values.sidecars;
        }

        @Override
        public long spoolToken() {
            return values.spoolToken;
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
        public List<RunLayout> layouts() {
            return values.layouts;
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

        @Override
        public int steps() {
            return values.storedSteps.count();
        }

        /** Number, job and status. */
        @Override
        public String toString() {
            return "run " + values.number + " of job '" + values.job + "': " + values.status;
        }
    }
}
