package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import io.outfeed.file.StagedFile;
import io.outfeed.source.Window;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a job, as the ledger has it: trigger, windows, files, deliveries, outcome.
 *
 * <p>Immutable: a later look at the run is another value.
 */
public final class ExportRun {

    private final long number;
    private final String job;
    private final Trigger trigger;
    private final @Nullable Instant fireTime;
    private final Instant startedAt;
    private final @Nullable Instant endedAt;
    private final RunStatus status;
    private final long token;
    private final int attempts;
    private final Map<String, Window> windows;
    private final List<String> deliveryIds;
    private final long sequence;
    private final List<StagedFile> files;
    private final List<FileDelivery> deliveries;
    private final @Nullable RunFailure failure;
    private final int rejected;
    private final boolean sensitive;
    private final String note;
    private final List<RunLogEntry> log;

    private ExportRun(Builder builder) {
        this.number = builder.number;
        this.job = builder.job;
        this.trigger = builder.trigger;
        this.fireTime = builder.fireTime;
        this.startedAt = builder.startedAt;
        this.endedAt = builder.endedAt;
        this.status = builder.status;
        this.token = builder.token;
        this.attempts = builder.attempts;
        this.windows = Collections.unmodifiableMap(new LinkedHashMap<>(builder.windows));
        this.deliveryIds = List.copyOf(builder.deliveryIds);
        this.sequence = builder.sequence;
        this.files = List.copyOf(builder.files);
        this.deliveries = List.copyOf(builder.deliveries);
        this.failure = builder.failure;
        this.rejected = builder.rejected;
        this.sensitive = builder.sensitive;
        this.note = builder.note;
        this.log = List.copyOf(builder.log);
    }

    /**
     * Starts a run: for stores that read one back, and for tests.
     *
     * @param number the number of the run
     * @param job the name of the job
     * @param trigger why it was started
     * @param startedAt when it was started
     * @return a builder of a planned run
     */
    public static Builder builder(long number, String job, Trigger trigger, Instant startedAt) {
        return new Builder(number, job, trigger, startedAt);
    }

    /**
     * Starts a changed copy.
     *
     * @return a builder with everything that this run has
     */
    public Builder toBuilder() {
        Builder builder = new Builder(number, job, trigger, startedAt);
        builder.fireTime = fireTime;
        builder.endedAt = endedAt;
        builder.status = status;
        builder.token = token;
        builder.attempts = attempts;
        builder.windows = windows;
        builder.deliveryIds = deliveryIds;
        builder.sequence = sequence;
        builder.files = files;
        builder.deliveries = deliveries;
        builder.failure = failure;
        builder.rejected = rejected;
        builder.sensitive = sensitive;
        builder.note = note;
        builder.log = log;
        return builder;
    }

    /**
     * Returns the number, which no other run of the store has or will have.
     *
     * @return one or more
     */
    public long number() {
        return number;
    }

    /**
     * Returns whose run it is.
     *
     * @return the name of the job
     */
    public String job() {
        return job;
    }

    /**
     * Returns why it was started.
     *
     * @return the trigger
     */
    public Trigger trigger() {
        return trigger;
    }

    /**
     * Returns when the schedule said run.
     *
     * @return the fire time; empty unless the trigger is {@link Trigger#SCHEDULED}
     */
    public Optional<Instant> fireTime() {
        return Optional.ofNullable(fireTime);
    }

    /**
     * Returns when it was started, by the engine's clock.
     *
     * @return when it was started
     */
    public Instant startedAt() {
        return startedAt;
    }

    /**
     * Returns when it ended, by the engine's clock.
     *
     * @return when it ended; empty while it has not
     */
    public Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    /**
     * Returns how far it has come.
     *
     * @return the status
     */
    public RunStatus status() {
        return status;
    }

    /**
     * Returns the fencing token of the lock under which it was planned.
     *
     * @return the token
     */
    public long token() {
        return token;
    }

    /**
     * Returns how often its delivery was tried.
     *
     * @return zero or more
     */
    public int attempts() {
        return attempts;
    }

    /**
     * Returns what it covers.
     *
     * @return the window of each definition, by name, in the order of the job
     */
    public Map<String, Window> windows() {
        return windows;
    }

    /**
     * Returns where its files go, as planned: a later change of the job adds nothing.
     *
     * @return the ids of the deliveries, in order
     */
    public List<String> deliveryIds() {
        return deliveryIds;
    }

    /**
     * Returns the receiver's gap-free number.
     *
     * @return the last committed one and one more; empty if the run publishes no file
     */
    public OptionalLong sequence() {
        return sequence == 0 ? OptionalLong.empty() : OptionalLong.of(sequence);
    }

    /**
     * Returns the finished files.
     *
     * @return the files, in the order of the definitions; empty until the run is staged
     */
    public List<StagedFile> files() {
        return files;
    }

    /**
     * Returns how far each file has come at each destination.
     *
     * @return one for each pair of file and delivery; empty until the run is staged
     */
    public List<FileDelivery> deliveries() {
        return deliveries;
    }

    /**
     * Returns what went wrong last.
     *
     * @return the failure; empty if nothing did
     */
    public Optional<RunFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Returns what a person should know: why it is held, which run it repeats, who set a position and why.
     *
     * @return one line, often empty
     */
    public String note() {
        return note;
    }

    /**
     * Returns how many records were left out since they can't be mapped: {@link io.outfeed.operation.RunHandle#rejects()} names them.
     *
     * @return zero or more; more than zero only where a definition's {@link io.outfeed.RejectPolicy} allows it
     */
    public int rejected() {
        return rejected;
    }

    /**
     * Returns whether its files have sensitive fields, so that they may be sent by a protected way only, however the job has
     * changed since.
     *
     * @return whether a definition of its files had {@link io.outfeed.field.FieldMark#SENSITIVE} fields when it was staged
     */
    public boolean sensitive() {
        return sensitive;
    }

    /**
     * Returns what it did, phase by phase. Of failures that repeat, only the first and the last are kept.
     *
     * @return the entries, oldest first; empty for a run of a version that kept no log
     */
    public List<RunLogEntry> log() {
        return log;
    }

    /**
     * Tells whether a file of it {@linkplain FileDelivery#remains() remains} at a destination, as far as the ledger knows.
     *
     * @return whether there is one
     */
    public boolean filesRemain() {
        return deliveries.stream().anyMatch(FileDelivery::remains);
    }

    /**
     * Returns the number of records in all files.
     *
     * @return zero or more
     */
    public long rows() {
        return files.stream().mapToLong(StagedFile::rows).sum();
    }

    /**
     * Returns the size of all files.
     *
     * @return in bytes
     */
    public long bytes() {
        return files.stream().mapToLong(StagedFile::bytes).sum();
    }

    /** Number, job and status. */
    @Override
    public String toString() {
        return "run " + number + " of job '" + job + "': " + status;
    }

    /** Collects the parts of a run. Not thread-safe. */
    public static final class Builder {

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
        private long sequence;
        private List<StagedFile> files = List.of();
        private List<FileDelivery> deliveries = List.of();
        private @Nullable RunFailure failure;
        private int rejected;
        private boolean sensitive;
        private String note = "";
        private List<RunLogEntry> log = List.of();

        private Builder(long number, String job, Trigger trigger, Instant startedAt) {
            this.number = number;
            this.job = requireNonNull(job, "job");
            this.trigger = requireNonNull(trigger, "trigger");
            this.startedAt = requireNonNull(startedAt, "startedAt");
        }

        /**
         * Sets when the schedule said run.
         *
         * @param fireTime the fire time
         * @return this builder
         */
        public Builder fireTime(Instant fireTime) {
            this.fireTime = requireNonNull(fireTime, "fireTime");
            return this;
        }

        /**
         * Sets when the run ended.
         *
         * @param endedAt when it ended
         * @return this builder
         */
        public Builder endedAt(Instant endedAt) {
            this.endedAt = requireNonNull(endedAt, "endedAt");
            return this;
        }

        /**
         * Sets how far the run has come. Default: planned.
         *
         * @param status the status
         * @return this builder
         */
        public Builder status(RunStatus status) {
            this.status = requireNonNull(status, "status");
            return this;
        }

        /**
         * Sets the fencing token under which the run was planned.
         *
         * @param token the token
         * @return this builder
         */
        public Builder token(long token) {
            this.token = token;
            return this;
        }

        /**
         * Sets how often delivery was tried.
         *
         * @param attempts zero or more
         * @return this builder
         */
        public Builder attempts(int attempts) {
            this.attempts = attempts;
            return this;
        }

        /**
         * Sets what the run covers.
         *
         * @param windows the window of each definition
         * @return this builder
         */
        public Builder windows(Map<String, Window> windows) {
            this.windows = requireNonNull(windows, "windows");
            return this;
        }

        /**
         * Sets where the files go.
         *
         * @param deliveryIds the ids of the deliveries
         * @return this builder
         */
        public Builder deliveryIds(List<String> deliveryIds) {
            this.deliveryIds = requireNonNull(deliveryIds, "deliveryIds");
            return this;
        }

        /**
         * Sets the receiver's number.
         *
         * @param sequence one or more; 0 for none
         * @return this builder
         */
        public Builder sequence(long sequence) {
            this.sequence = sequence;
            return this;
        }

        /**
         * Sets the finished files.
         *
         * @param files the files
         * @return this builder
         */
        public Builder files(List<StagedFile> files) {
            this.files = requireNonNull(files, "files");
            return this;
        }

        /**
         * Sets how far each file has come at each destination.
         *
         * @param deliveries one for each pair
         * @return this builder
         */
        public Builder deliveries(List<FileDelivery> deliveries) {
            this.deliveries = requireNonNull(deliveries, "deliveries");
            return this;
        }

        /**
         * Sets what went wrong last.
         *
         * @param failure the failure, or null for none
         * @return this builder
         */
        public Builder failure(@Nullable RunFailure failure) {
            this.failure = failure;
            return this;
        }

        /**
         * Sets how many records were left out.
         *
         * @param rejected zero or more
         * @return this builder
         */
        public Builder rejected(int rejected) {
            this.rejected = rejected;
            return this;
        }

        /**
         * Sets whether its files have sensitive fields.
         *
         * @param sensitive whether they have; false by default
         * @return this builder
         */
        public Builder sensitive(boolean sensitive) {
            this.sensitive = sensitive;
            return this;
        }

        /**
         * Sets what a person should know.
         *
         * @param note one line
         * @return this builder
         */
        public Builder note(String note) {
            this.note = requireNonNull(note, "note");
            return this;
        }

        /**
         * Sets what the run did.
         *
         * @param log the entries, oldest first
         * @return this builder
         */
        public Builder log(List<RunLogEntry> log) {
            this.log = requireNonNull(log, "log");
            return this;
        }

        /**
         * Makes the run.
         *
         * @return the run
         */
        public ExportRun build() {
            return new ExportRun(this);
        }
    }
}
