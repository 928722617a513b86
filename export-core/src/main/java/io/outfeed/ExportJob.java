package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileName;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Parameters;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Export definitions for somebody: when they run, where the files go, and with which parameters.
 *
 * <p>Code is the truth about a job: build it at each start of the host. What code can't know, such as positions and runs,
 * is kept in the store under the job's name. Immutable and thread-safe.
 */
public final class ExportJob {

    private final String name;
    private final List<ExportDefinition<?>> definitions;
    private final @Nullable Schedule schedule;
    private final List<Delivery> deliveries;
    private final Parameters parameters;
    private final List<RunGuard> guards;
    private final List<Delivery> copies;
    private final StartFrom startFrom;
    private final @Nullable DeliveredFileWatch watch;
    private final @Nullable Duration retention;
    private final @Nullable Schedule expectation;
    private final Map<String, String> ownParameters;
    private final String description;
    private final @Nullable String disabled;
    private final int pauseAfterFailures;
    private final @Nullable FileName archive;
    private final @Nullable FileName manifest;
    private final @Nullable String doneFile;
    private final MisfirePolicy misfirePolicy;
    private final OverlapPolicy overlapPolicy;
    private final int priority;
    private final Duration jitter;
    private final @Nullable Duration maxDuration;

    private ExportJob(Builder builder, Map<String, String> parameters) {
        this.name = builder.name;
        this.definitions = List.copyOf(builder.definitions);
        this.schedule = builder.schedule;
        this.deliveries = List.copyOf(builder.deliveries);
        this.parameters = Parameters.of(parameters);
        this.guards = List.copyOf(builder.guards);
        this.copies = List.copyOf(builder.copies);
        this.startFrom = builder.startFrom;
        this.watch = builder.watch;
        this.retention = builder.retention;
        this.expectation = builder.expectation;
        this.ownParameters = Map.copyOf(builder.parameters);
        this.description = builder.description;
        this.disabled = builder.disabled;
        this.pauseAfterFailures = builder.pauseAfterFailures;
        this.archive = builder.archive;
        this.manifest = builder.manifest;
        this.doneFile = builder.doneFile;
        this.misfirePolicy = builder.misfirePolicy;
        this.overlapPolicy = builder.overlapPolicy;
        this.priority = builder.priority;
        this.jitter = builder.jitter;
        this.maxDuration = builder.maxDuration;
    }

    /**
     * Starts a job.
     *
     * @param name its name: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}; its runs and positions are kept
     *     under it
     * @param definition what it exports
     * @return a builder with the defaults
     */
    public static Builder builder(String name, ExportDefinition<?> definition) {
        return new Builder(name, definition);
    }

    /**
     * Starts a changed copy, to be added in place of this job: {@code engine.add(job.toBuilder().schedule(…).build())}. What is not
     * changed stays; so do runs, positions and a pause, which are the store's.
     *
     * @return a builder with everything that this job has
     */
    public Builder toBuilder() {
        return toBuilder(name);
    }

    /**
     * Starts a copy under another name, which has positions and runs of its own.
     *
     * @param name the name of the copy
     * @param startFrom where the copy begins if it has never exported; it does not go on where this job is
     * @return a builder with everything else that this job has
     */
    public Builder toBuilder(String name, StartFrom startFrom) {
        return toBuilder(name).startFrom(startFrom);
    }

    private Builder toBuilder(String newName) {
        Builder builder = new Builder(newName, definitions.get(0))
                .definitions(definitions)
                .deliveries(deliveries)
                .copies(copies)
                .parameters(ownParameters)
                .guards(guards)
                .startFrom(startFrom)
                .description(description);
        builder.schedule = schedule;
        builder.watch = watch;
        builder.retention = retention;
        builder.expectation = expectation;
        builder.disabled = disabled;
        builder.pauseAfterFailures = pauseAfterFailures;
        builder.archive = archive;
        builder.manifest = manifest;
        builder.doneFile = doneFile;
        builder.misfirePolicy = misfirePolicy;
        builder.overlapPolicy = overlapPolicy;
        builder.priority = priority;
        builder.jitter = jitter;
        builder.maxDuration = maxDuration;
        return builder;
    }

    /**
     * Returns the name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns what it exports.
     *
     * @return one definition or more, in order
     */
    public List<ExportDefinition<?>> definitions() {
        return definitions;
    }

    /**
     * Returns when it runs.
     *
     * @return the schedule; empty if it runs only when asked
     */
    public Optional<Schedule> schedule() {
        return Optional.ofNullable(schedule);
    }

    /**
     * Returns where its files go.
     *
     * @return the deliveries, in order; empty if the files are only kept
     */
    public List<Delivery> deliveries() {
        return deliveries;
    }

    /**
     * Returns where copies of its files go, at best effort.
     *
     * @return the deliveries, in order
     */
    public List<Delivery> copies() {
        return copies;
    }

    /**
     * Returns where it begins if it has never exported.
     *
     * @return the choice
     */
    public StartFrom startFrom() {
        return startFrom;
    }

    /**
     * Returns what it says to the sources.
     *
     * @return the parameters that it sets, and the defaults of its definitions for the others
     */
    public Parameters parameters() {
        return parameters;
    }

    /**
     * Returns what may hold a run before anything leaves.
     *
     * @return the guards, in order
     */
    public List<RunGuard> guards() {
        return guards;
    }

    /**
     * Returns how it looks after the files it has delivered.
     *
     * @return the watch; empty if it does not
     */
    public Optional<DeliveredFileWatch> watch() {
        return Optional.ofNullable(watch);
    }

    /**
     * Returns how long files stay at their destinations.
     *
     * @return how long after their delivery they are deleted there; empty if never
     */
    public Optional<Duration> retention() {
        return Optional.ofNullable(retention);
    }

    /**
     * Returns by when its receiver expects something.
     *
     * @return a daily schedule of deadlines; empty if nobody waits
     */
    public Optional<Schedule> expectation() {
        return Optional.ofNullable(expectation);
    }

    /**
     * Returns what it is for, for people.
     *
     * @return some words; empty if none were said
     */
    public String description() {
        return description;
    }

    /**
     * Returns why it does not run by its schedule, as the code has it. A pause by an operator is another matter: see
     * {@link io.outfeed.operation.JobSummary#pause}.
     *
     * @return the reason; empty if it is enabled
     */
    public Optional<String> disabled() {
        return Optional.ofNullable(disabled);
    }

    /**
     * Returns after how many failures in a row it is paused.
     *
     * @return the number; empty if it goes on whatever happens
     */
    public OptionalInt pauseAfterFailures() {
        return pauseAfterFailures == 0 ? OptionalInt.empty() : OptionalInt.of(pauseAfterFailures);
    }

    /**
     * Returns the name of the archive that a run's data files are delivered in.
     *
     * @return the name; empty if each is delivered by itself
     */
    public Optional<FileName> archive() {
        return Optional.ofNullable(archive);
    }

    /**
     * Returns the name of the file that lists a run's files.
     *
     * @return the name; empty if there is no such file
     */
    public Optional<FileName> manifest() {
        return Optional.ofNullable(manifest);
    }

    /**
     * Returns the name of the empty files that say that everything is there.
     *
     * @return the pattern; empty if there are no such files
     */
    public Optional<String> doneFile() {
        return Optional.ofNullable(doneFile);
    }

    /**
     * Returns what becomes of fires that the engine gets to late.
     *
     * @return the policy
     */
    public MisfirePolicy misfirePolicy() {
        return misfirePolicy;
    }

    /**
     * Returns what becomes of fires that come while a run is in progress.
     *
     * @return the policy
     */
    public OverlapPolicy overlapPolicy() {
        return overlapPolicy;
    }

    /**
     * Returns which of the jobs that are due at the same time begins first.
     *
     * @return the priority: the higher one begins first
     */
    public int priority() {
        return priority;
    }

    /**
     * Returns how much later than its fires the job may begin.
     *
     * @return the jitter; zero if it begins at its fires
     */
    public Duration jitter() {
        return jitter;
    }

    /**
     * Returns how long a run may take.
     *
     * @return the limit; empty if there is none
     */
    public Optional<Duration> maxDuration() {
        return Optional.ofNullable(maxDuration);
    }

    /** The name. */
    @Override
    public String toString() {
        return "job '" + name + "'";
    }

    /** Collects the parts of a job. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final List<ExportDefinition<?>> definitions = new ArrayList<>();
        private @Nullable Schedule schedule;
        private final List<Delivery> deliveries = new ArrayList<>();
        private final Map<String, String> parameters = new TreeMap<>();
        private final List<RunGuard> guards = new ArrayList<>();
        private final List<Delivery> copies = new ArrayList<>();
        private StartFrom startFrom = StartFrom.beginning();
        private @Nullable DeliveredFileWatch watch;
        private @Nullable Duration retention;
        private @Nullable Schedule expectation;
        private String description = "";
        private @Nullable String disabled;
        private int pauseAfterFailures;
        private @Nullable FileName archive;
        private final List<String> archiveProblems = new ArrayList<>();
        private @Nullable FileName manifest;
        private final List<String> manifestProblems = new ArrayList<>();
        private @Nullable String doneFile;
        private MisfirePolicy misfirePolicy = MisfirePolicy.runOnce();
        private OverlapPolicy overlapPolicy = OverlapPolicy.COALESCE;
        private int priority;
        private Duration jitter = Duration.ZERO;
        private @Nullable Duration maxDuration;
        private final List<String> parameterProblems = new ArrayList<>();

        private Builder(String name, ExportDefinition<?> definition) {
            this.name = requireNonNull(name, "name");
            definitions.add(requireNonNull(definition, "definition"));
        }

        /**
         * Adds another definition: one run makes the files of all, delivers them together and moves all positions at once.
         *
         * @param definition what is exported too
         * @return this builder
         */
        public Builder definition(ExportDefinition<?> definition) {
            definitions.add(requireNonNull(definition, "definition"));
            return this;
        }

        /**
         * Sets when the job runs. Default: only when asked.
         *
         * @param schedule the schedule
         * @return this builder
         */
        public Builder schedule(Schedule schedule) {
            this.schedule = requireNonNull(schedule, "schedule");
            return this;
        }

        /**
         * Adds destinations. Default: none, the files are only kept. Sensitive fields need protected ones. All destinations of a job succeed together: those
         * that should fail apart belong in two jobs.
         *
         * @param deliveries where the files go too
         * @return this builder
         */
        public Builder deliverTo(Delivery... deliveries) {
            for (Delivery delivery : deliveries) {
                this.deliveries.add(requireNonNull(delivery, "delivery"));
            }
            return this;
        }

        /**
         * Adds destinations that get a copy when the run has committed, at best effort: one that does not take it fails no run,
         * holds none, and is not tried again after the run. What became of it is in the run's deliveries. Default: none.
         *
         * @param deliveries where copies go too
         * @return this builder
         */
        public Builder copyTo(Delivery... deliveries) {
            for (Delivery delivery : deliveries) {
                copies.add(requireNonNull(delivery, "delivery"));
            }
            return this;
        }

        /**
         * Sets where the job begins if it has never exported. Default: {@link StartFrom#beginning()}.
         *
         * @param startFrom the choice
         * @return this builder
         */
        public Builder startFrom(StartFrom startFrom) {
            this.startFrom = requireNonNull(startFrom, "startFrom");
            return this;
        }

        /**
         * Adds a parameter for the sources and the names of the files, such as {@code tenant=lakeside}. If a definition
         * declares parameters, it must be one that a definition declares or a file name uses.
         *
         * @param name the parameter's name
         * @param value its value
         * @return this builder
         */
        public Builder parameter(String name, String value) {
            requireNonNull(name, "name");
            if (parameters.putIfAbsent(name, requireNonNull(value, "value")) != null) {
                parameterProblems.add("parameter '" + name + "' appears twice");
            }
            return this;
        }

        /**
         * Adds what may hold a scheduled or manual run before anything leaves. Default: nothing.
         *
         * @param guard looks at the finished files
         * @return this builder
         */
        public Builder holdIf(RunGuard guard) {
            guards.add(requireNonNull(guard, "guard"));
            return this;
        }

        /**
         * Looks after the delivered files until the next run: one that vanished is copied again, the same bytes under the
         * same name, and nothing is ever overwritten. Default: nobody looks. Ignored for deliveries that can't tell, such
         * as email.
         *
         * <p>A receiver that takes files looks exactly like a loss: for such a one leave this out, or use
         * {@code recopies(0)}.
         *
         * <p>Effects: file copied again at the destination, delivery its watch record, watermark none, history none.
         *
         * @param watch how often to look, and how often to copy again
         * @return this builder
         */
        public Builder watch(DeliveredFileWatch watch) {
            this.watch = requireNonNull(watch, "watch");
            return this;
        }

        /**
         * Deletes delivered files at their destinations when their time is over, by the engine's clock and its own record
         * of the delivery, and only files that still have the exact path and size. Default: they are never deleted. Ignored
         * for deliveries that can't delete, such as email. Runs stay in the history until their files are done with, beyond
         * {@link ExportEngine.Builder#keepHistory} if need be.
         *
         * <p>Effects: file deleted at the destination, delivery its removal, watermark none, history kept longer.
         *
         * @param retention how long after its delivery a file is deleted, such as 90 days; more than zero
         * @return this builder
         */
        public Builder retention(Duration retention) {
            this.retention = requireNonNull(retention, "retention");
            return this;
        }

        /**
         * Says by when the receiver expects something each day: if no run has committed since the same time the day before, the
         * listeners are told. A run without records counts. Default: nobody waits. Deadlines that pass while the engine is
         * down are not looked at.
         *
         * @param time the local time
         * @param zone the zone, such as {@code ZoneId.of("America/New_York")}
         * @return this builder
         */
        public Builder expectDeliveredBy(LocalTime time, ZoneId zone) {
            this.expectation = Schedule.daily(time, zone);
            return this;
        }

        /**
         * Says what the job is for, for people. Default: nothing.
         *
         * @param description some words; without personal data
         * @return this builder
         */
        public Builder description(String description) {
            this.description = requireNonNull(description, "description");
            return this;
        }

        /**
         * Keeps the job from running by its schedule, as the code has it. It can be run when asked, and finishes what it has begun
         * to publish. When it is enabled again, what it missed is made up for as after a pause. Default: enabled.
         *
         * @param reason why, for people
         * @return this builder
         */
        public Builder disabled(String reason) {
            this.disabled = requireNonNull(reason, "reason");
            return this;
        }

        /**
         * Lets the job run by its schedule, unless an operator has paused it. The default.
         *
         * @return this builder
         */
        public Builder enabled() {
            this.disabled = null;
            return this;
        }

        /**
         * Pauses the job after so many scheduled or manual runs in a row that failed before anything was published, and tells the
         * listeners; {@link io.outfeed.operation.JobHandle#resume} lets it go on. A run that is tried again after ten minutes counts each time; one
         * that a receiver has seen a part of is finished all the same. Default: it goes on whatever happens.
         *
         * @param failures one or more
         * @return this builder
         */
        public Builder pauseAfterFailures(int failures) {
            if (failures < 1) {
                throw new IllegalArgumentException("pauseAfterFailures must be one or more, not " + failures);
            }
            this.pauseAfterFailures = failures;
            return this;
        }

        /**
         * Delivers all data files of a run in one zip archive, with times in GMT in its name; see {@link #archive(FileName)}.
         *
         * @param pattern such as {@code {job}-{sequence}.zip}; see {@link FileName}
         * @return this builder
         */
        public Builder archive(String pattern) {
            try {
                return archive(FileName.of(pattern));
            } catch (InvalidDefinitionException e) {
                archiveProblems.clear();
                e.problems().forEach(problem -> archiveProblems.add("archive '" + pattern + "': " + problem));
                return this;
            }
        }

        /**
         * Delivers all data files of a run in one zip archive, in the order of the definitions, each under its path, with the
         * folder. The archive is the run's only data file: delivered, hashed, kept, watched, deleted and redelivered. The same rows give
         * the same bytes, on one build of the JDK. A run without data files has none. Default: each file is delivered by
         * itself. Refused beside {@link io.outfeed.file.Compression}, since the archive compresses.
         *
         * <p>Taken names are treated as by the most careful definition. A re-export or test has its mark in this name too, and
         * in those of the entries. With several definitions the name can't use {@code {definition}} or the window. A manifest
         * lists the archive with its entries; {@code {file}} in a done file's name is the archive.
         *
         * @param name its name, which ends with {@code .zip}; it lies in the destination's directory, outside of folders
         * @return this builder
         */
        public Builder archive(FileName name) {
            this.archive = requireNonNull(name, "name");
            archiveProblems.clear();
            return this;
        }

        /**
         * Adds a file that lists the data files of a run, with times in GMT in its name; see {@link #manifest(FileName)}.
         *
         * @param pattern such as {@code {job}-{sequence}.manifest.json}; see {@link FileName}
         * @return this builder
         */
        public Builder manifest(String pattern) {
            try {
                return manifest(FileName.of(pattern));
            } catch (InvalidDefinitionException e) {
                manifestProblems.clear();
                e.problems().forEach(problem -> manifestProblems.add("manifest '" + pattern + "': " + problem));
                return this;
            }
        }

        /**
         * Adds a file that lists the data files of a run: a JSON object with the job, the run, what triggered it, the sequence
         * in the names, the window of each definition, and of each file the path, definition, rows, bytes and SHA-256; or the archive, with the same of its entries. It is delivered as the data
         * files are and published after them: a destination that shows it has shown them. A run without data files has
         * none. Default: no such file. Refused beside {@link io.outfeed.file.IfExists#KEEP_BOTH}.
         *
         * <p>Taken names are treated as by the most careful definition. A re-export or test has its mark in this name too.
         * With several definitions the name can't use {@code {definition}} or the window.
         *
         * @param name its name; it lies beside the data files, outside of their folders
         * @return this builder
         */
        public Builder manifest(FileName name) {
            this.manifest = requireNonNull(name, "name");
            manifestProblems.clear();
            return this;
        }

        /**
         * Adds empty files that say by being there that everything is there: they are published after all data files and
         * the manifest. With {@code {file}} in the pattern there is one for each data file, in its folder, else one for the
         * run. A run without data files has none. Default: none. Refused beside
         * {@link io.outfeed.file.IfExists#KEEP_BOTH}.
         *
         * @param pattern such as {@code {file}.done}, or a name as for {@link #manifest(String)}
         * @return this builder
         */
        public Builder doneFile(String pattern) {
            this.doneFile = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Delivers each data file by itself, for a changed copy of a job.
         *
         * @return this builder
         */
        public Builder noArchive() {
            archive = null;
            archiveProblems.clear();
            return this;
        }

        /**
         * Removes the manifest, for a changed copy of a job.
         *
         * @return this builder
         */
        public Builder noManifest() {
            manifest = null;
            manifestProblems.clear();
            return this;
        }

        /**
         * Removes the done files, for a changed copy of a job.
         *
         * @return this builder
         */
        public Builder noDoneFile() {
            doneFile = null;
            return this;
        }

        /**
         * Replaces all definitions, for a changed copy of a job.
         *
         * @param definitions what is exported instead; one or more
         * @return this builder
         */
        public Builder definitions(List<ExportDefinition<?>> definitions) {
            this.definitions.clear();
            definitions.forEach(this::definition);
            return this;
        }

        /**
         * Replaces all destinations, for a changed copy of a job.
         *
         * @param deliveries where the files go instead; none to only keep them
         * @return this builder
         */
        public Builder deliveries(List<? extends Delivery> deliveries) {
            this.deliveries.clear();
            return deliverTo(deliveries.toArray(Delivery[]::new));
        }

        /**
         * Replaces all destinations of copies, for a changed copy of a job.
         *
         * @param deliveries where copies go instead
         * @return this builder
         */
        public Builder copies(List<? extends Delivery> deliveries) {
            copies.clear();
            return copyTo(deliveries.toArray(Delivery[]::new));
        }

        /**
         * Replaces all parameters, for a changed copy of a job.
         *
         * @param parameters the values by name
         * @return this builder
         */
        public Builder parameters(Map<String, String> parameters) {
            this.parameters.clear();
            parameterProblems.clear();
            parameters.forEach(this::parameter);
            return this;
        }

        /**
         * Replaces all guards, for a changed copy of a job.
         *
         * @param guards what may hold a run instead
         * @return this builder
         */
        public Builder guards(List<? extends RunGuard> guards) {
            this.guards.clear();
            guards.forEach(this::holdIf);
            return this;
        }

        /**
         * Removes the schedule, for a changed copy of a job: it runs only when asked.
         *
         * @return this builder
         */
        public Builder noSchedule() {
            schedule = null;
            return this;
        }

        /**
         * Removes the watch, for a changed copy of a job: nobody looks after delivered files.
         *
         * @return this builder
         */
        public Builder noWatch() {
            watch = null;
            return this;
        }

        /**
         * Removes the retention, for a changed copy of a job: delivered files are not deleted.
         *
         * @return this builder
         */
        public Builder noRetention() {
            retention = null;
            return this;
        }

        /**
         * Sets what becomes of fires that the engine gets to late. Default: {@link MisfirePolicy#runOnce()}. Ignored without a
         * schedule. What is skipped is on record as a dropped run, and told by a {@link
         * io.outfeed.event.MissedFiresEvent}.
         *
         * @param misfirePolicy the policy
         * @return this builder
         */
        public Builder misfirePolicy(MisfirePolicy misfirePolicy) {
            this.misfirePolicy = requireNonNull(misfirePolicy, "misfirePolicy");
            return this;
        }

        /**
         * Sets what becomes of fires that come while a run of the job is in progress. Default: {@link
         * FiresWhileRunning#COALESCE}. Ignored without a schedule. On record and told as for {@link #misfirePolicy}.
         *
         * @param overlapPolicy the policy
         * @return this builder
         */
        public Builder overlapPolicy(OverlapPolicy overlapPolicy) {
            this.overlapPolicy = requireNonNull(overlapPolicy, "overlapPolicy");
            return this;
        }

        /**
         * Sets which of the jobs that are due at the same time begins first, when workers are few. Default: 0.
         *
         * @param priority any number: the higher one begins first
         * @return this builder
         */
        public Builder priority(int priority) {
            this.priority = priority;
            return this;
        }

        /**
         * Lets the job begin a while after each of its fires, so that many jobs of the same minute are spread over a longer
         * time. The while is always the same for a job's name. The fire keeps its time: in names of files, in the history and in
         * {@link io.outfeed.operation.JobHandle#nextFire}. Default: none. Choose it shorter than the distance between fires: those that pass in the
         * while are covered by one run.
         *
         * @param jitter the longest while, exclusive: zero to one day
         * @return this builder
         */
        public Builder jitter(Duration jitter) {
            this.jitter = requireNonNull(jitter, "jitter");
            return this;
        }

        /**
         * Sets how long a run may take, by real time. One that takes longer is interrupted, and a stack trace in the log says where it
         * was. It ends as any interrupted run does: dropped, and tried again ten minutes later, if nothing was published; else
         * what is left is published later. Default: no limit. It is for what hangs, so let it be generous.
         *
         * @param maxDuration the limit, more than zero
         * @return this builder
         */
        public Builder maxDuration(Duration maxDuration) {
            this.maxDuration = requireNonNull(maxDuration, "maxDuration");
            return this;
        }

        /**
         * Makes the job.
         *
         * @return the job, a copy of what was collected
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed
         */
        public ExportJob build() {
            Problems problems = new Problems();
            SafeName.problem(name).ifPresent(problem -> problems.add("the name is no safe file name: " + problem));
            Set<String> names = new HashSet<>();
            for (ExportDefinition<?> definition : definitions) {
                problems.addIf(
                        !names.add(SafeName.withoutCase(definition.name())),
                        "definition '" + definition.name() + "' appears twice");
                startFrom
                        .position()
                        .ifPresent(position -> problems.addIf(
                                !position.kind().equals(definition.watermark().kind()),
                                "startFrom has a position of kind '" + position.kind()
                                        + "', and the watermark of definition '" + definition.name() + "' is of kind '"
                                        + definition.watermark().kind() + "'"));
                problems.addIf(
                        schedule != null && definition.schedulable() == Schedulable.NO,
                        "definition '" + definition.name()
                                + "' is not schedulable: remove the schedule, and start the job with runNow()");
            }
            ControlFileNames companions = ControlFileNames.of(archive, manifest, doneFile, problems);
            companions.check(definitions, problems);
            problems.addAll(archiveProblems);
            problems.addAll(manifestProblems);
            Map<String, String> merged = JobParameters.merge(definitions, companions, parameters, problems);
            Set<String> ids = new HashSet<>();
            List<Delivery> destinations =
                    Stream.concat(deliveries.stream(), copies.stream()).toList();
            SensitiveFields.check(definitions, destinations, problems);
            for (Delivery delivery : destinations) {
                String id = delivery.id();
                SafeName.problem(id)
                        .ifPresent(
                                problem -> problems.add("the id of delivery '" + id + "' is no safe name: " + problem));
                problems.addIf(!ids.add(SafeName.withoutCase(id)), "delivery '" + id + "' appears twice");
            }
            problems.addAll(parameterProblems);
            problems.addIf(definitions.isEmpty(), "definitions are missing: a job exports one or more");
            problems.addIf(
                    retention != null && (retention.isNegative() || retention.isZero()),
                    "retention must be more than zero, not " + retention);
            problems.addIf(watch != null && deliveries.isEmpty(), "watch is set, but the job delivers nowhere");
            problems.addIf(retention != null && deliveries.isEmpty(), "retention is set, but the job delivers nowhere");
            problems.addIf(
                    jitter.isNegative() || jitter.compareTo(Duration.ofDays(1)) > 0,
                    "jitter must be zero to one day, not " + jitter);
            problems.addIf(
                    maxDuration != null && (maxDuration.isNegative() || maxDuration.isZero()),
                    "maxDuration must be more than zero, not " + maxDuration);
            problems.throwIfAny("job '" + name + "'");
            return new ExportJob(this, merged);
        }
    }
}
