package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileName;
import io.outfeed.internal.check.Problems;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Parameters;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
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
    private final Options options;
    private final Parameters parameters;

    private ExportJob(String name, Options options, Parameters parameters) {
        this.name = name;
        this.options = options;
        this.parameters = parameters;
    }

    /** What a job is made of. Its lists and maps are never changed, but replaced. */
    static final class Options {

        List<ExportDefinition<?>> definitions = List.of();

        @Nullable
        Schedule schedule;

        SchedulePolicy schedulePolicy = SchedulePolicy.defaults();
        List<Delivery> deliveries = List.of();
        List<Delivery> copies = List.of();
        Map<String, String> parameters = Map.of();
        List<RunGuard> guards = List.of();
        StartFrom startFrom = StartFrom.beginning();

        @Nullable
        DeliveredFileWatch watch;

        @Nullable
        Duration retention;

        @Nullable
        Schedule expectation;

        String description = "";

        @Nullable
        String disabled;

        @Nullable
        Integer pauseAfterFailures;

        @Nullable
        FileName archive;

        ControlFiles controlFiles = ControlFiles.none();

        @Nullable
        Duration maxDuration;

        Options() {}

        Options(Options other) {
            definitions = other.definitions;
            schedule = other.schedule;
            schedulePolicy = other.schedulePolicy;
            deliveries = other.deliveries;
            copies = other.copies;
            parameters = other.parameters;
            guards = other.guards;
            startFrom = other.startFrom;
            watch = other.watch;
            retention = other.retention;
            expectation = other.expectation;
            description = other.description;
            disabled = other.disabled;
            pauseAfterFailures = other.pauseAfterFailures;
            archive = other.archive;
            controlFiles = other.controlFiles;
            maxDuration = other.maxDuration;
        }
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
     * Starts a changed copy, to be added in place of this job: {@code engine.add(job.toBuilder().schedule(…).build())}. What is
     * not changed stays; so do runs, positions and a pause, which are the store's.
     *
     * <p>The first definition, destination or guard that is set replaces those of this job, so that a copy for another
     * customer sends nothing to this one's destinations; a parameter replaces that of the same name only. An option that is
     * to be left out needs a new job of that name.
     *
     * @return a builder with everything that this job has
     */
    public Builder toBuilder() {
        return new Builder(name, this);
    }

    /**
     * Starts a copy under another name, which has positions and runs of its own.
     *
     * @param name the name of the copy
     * @param startFrom where the copy begins if it has never exported; it does not continue where this job is
     * @return a builder with everything else that this job has
     */
    public Builder toBuilder(String name, StartFrom startFrom) {
        return new Builder(name, this).startFrom(startFrom);
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
        return options.definitions;
    }

    /**
     * Returns when it runs.
     *
     * @return the schedule; empty if it runs only when asked
     */
    public Optional<Schedule> schedule() {
        return Optional.ofNullable(options.schedule);
    }

    /**
     * Returns what becomes of fires that can't be met at their times.
     *
     * @return the policy
     */
    public SchedulePolicy schedulePolicy() {
        return options.schedulePolicy;
    }

    /**
     * Returns where its files go.
     *
     * @return the deliveries, in order; empty if the files are only kept
     */
    public List<Delivery> deliveries() {
        return options.deliveries;
    }

    /**
     * Returns where copies of its files go, at best effort.
     *
     * @return the deliveries, in order
     */
    public List<Delivery> copies() {
        return options.copies;
    }

    /**
     * Returns where it begins if it has never exported.
     *
     * @return the choice
     */
    public StartFrom startFrom() {
        return options.startFrom;
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
        return options.guards;
    }

    /**
     * Returns how it looks after the files it has delivered.
     *
     * @return the watch; empty if it does not
     */
    public Optional<DeliveredFileWatch> watch() {
        return Optional.ofNullable(options.watch);
    }

    /**
     * Returns how long files stay at their destinations.
     *
     * @return how long after their delivery they are deleted there; empty if never
     */
    public Optional<Duration> retention() {
        return Optional.ofNullable(options.retention);
    }

    /**
     * Returns by when its receiver expects something.
     *
     * @return a daily schedule of deadlines; empty if nobody waits
     */
    public Optional<Schedule> expectation() {
        return Optional.ofNullable(options.expectation);
    }

    /**
     * Returns what it is for, for people.
     *
     * @return some words; empty if none were said
     */
    public String description() {
        return options.description;
    }

    /**
     * Returns why it does not run by its schedule, as the code has it. A pause by an operator is another matter: see
     * {@link io.outfeed.operation.JobSummary#pause}.
     *
     * @return the reason; empty if it is enabled
     */
    public Optional<String> disabled() {
        return Optional.ofNullable(options.disabled);
    }

    /**
     * Returns after how many failures in a row it is paused.
     *
     * @return the number; empty if it goes on whatever happens
     */
    public OptionalInt pauseAfterFailures() {
        return options.pauseAfterFailures == null ? OptionalInt.empty() : OptionalInt.of(options.pauseAfterFailures);
    }

    /**
     * Returns the name of the archive that a run's data files are delivered in.
     *
     * @return the name; empty if each is delivered by itself
     */
    public Optional<FileName> archive() {
        return Optional.ofNullable(options.archive);
    }

    /**
     * Returns which control files a run delivers with its data files.
     *
     * @return the control files
     */
    public ControlFiles controlFiles() {
        return options.controlFiles;
    }

    /**
     * Returns how long a run may take.
     *
     * @return the limit; empty if there is none
     */
    public Optional<Duration> maxDuration() {
        return Optional.ofNullable(options.maxDuration);
    }

    /** The name. */
    @Override
    public String toString() {
        return "job '" + name + "'";
    }

    /** Collects the parts of a job. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final Options options;

        /** The options that a copied job has set: the first call replaces what they hold. */
        private final Set<Option> copied;

        private enum Option {
            DEFINITIONS,
            DELIVERIES,
            COPIES,
            GUARDS
        }

        /** The parameters that were set by this builder. */
        private final Set<String> parameterNames = new HashSet<>();

        private final List<String> archiveProblems = new ArrayList<>();
        private final List<String> parameterProblems = new ArrayList<>();
        private final List<String> policyProblems = new ArrayList<>();
        private final List<String> controlFileProblems = new ArrayList<>();

        private Builder(String name, ExportDefinition<?> definition) {
            this.name = requireNonNull(name, "name");
            this.options = new Options();
            this.copied = EnumSet.noneOf(Option.class);
            definition(definition);
        }

        private Builder(String name, ExportJob job) {
            this.name = requireNonNull(name, "name");
            this.options = new Options(job.options);
            this.copied = EnumSet.allOf(Option.class);
        }

        /** The list with more elements, or with these alone if what is there was copied. */
        private <T> List<T> add(Option option, List<T> list, List<? extends T> more) {
            List<T> next = copied.remove(option) ? new ArrayList<>() : new ArrayList<>(list);
            next.addAll(more);
            return List.copyOf(next);
        }

        /**
         * Adds another definition: one run makes the files of all, delivers them together and moves all positions at once.
         *
         * @param definition what is exported too
         * @return this builder
         */
        public Builder definition(ExportDefinition<?> definition) {
            requireNonNull(definition, "definition");
            options.definitions = add(Option.DEFINITIONS, options.definitions, List.of(definition));
            return this;
        }

        /**
         * Sets when the job runs. Default: only when asked.
         *
         * @param schedule the schedule
         * @return this builder
         */
        public Builder schedule(Schedule schedule) {
            options.schedule = requireNonNull(schedule, "schedule");
            return this;
        }

        /**
         * Sets what becomes of fires that can't be met at their times. Default: {@link SchedulePolicy#defaults()}. Ignored
         * without a schedule.
         *
         * @param policy changes the options, such as {@code p -> p.misfires(MisfirePolicy.skip())}; those that it does not
         *     name stay as they are
         * @return this builder
         */
        public Builder schedulePolicy(Consumer<SchedulePolicy.Builder> policy) {
            SchedulePolicy.Builder builder = options.schedulePolicy.toBuilder();
            policy.accept(builder);
            policyProblems.clear();
            try {
                options.schedulePolicy = builder.build();
            } catch (InvalidDefinitionException e) {
                policyProblems.addAll(e.problems());
            }
            return this;
        }

        /**
         * Sets what becomes of fires that can't be met at their times. Default: {@link SchedulePolicy#defaults()}. Ignored
         * without a schedule.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder schedulePolicy(SchedulePolicy policy) {
            policyProblems.clear();
            options.schedulePolicy = requireNonNull(policy, "policy");
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
            options.deliveries = add(Option.DELIVERIES, options.deliveries, checked(deliveries));
            return this;
        }

        private static List<Delivery> checked(Delivery... deliveries) {
            return Stream.of(deliveries)
                    .map(delivery -> requireNonNull(delivery, "delivery"))
                    .toList();
        }

        /**
         * Adds destinations that get a copy when the run has committed, at best effort: one that does not take it fails no run,
         * holds none, and is not tried again after the run. What became of it is in the run's deliveries. Default: none.
         *
         * @param deliveries where copies go too
         * @return this builder
         */
        public Builder copyTo(Delivery... deliveries) {
            options.copies = add(Option.COPIES, options.copies, checked(deliveries));
            return this;
        }

        /**
         * Sets where the job begins if it has never exported. Default: {@link StartFrom#beginning()}.
         *
         * @param startFrom the choice
         * @return this builder
         */
        public Builder startFrom(StartFrom startFrom) {
            options.startFrom = requireNonNull(startFrom, "startFrom");
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
            requireNonNull(value, "value");
            if (parameterNames.add(name)) {
                Map<String, String> all = new HashMap<>(options.parameters);
                all.put(name, value);
                options.parameters = Map.copyOf(all);
            } else {
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
            options.guards = add(Option.GUARDS, options.guards, List.of(requireNonNull(guard, "guard")));
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
            options.watch = requireNonNull(watch, "watch");
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
            options.retention = requireNonNull(retention, "retention");
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
            options.expectation = Schedule.daily(time, zone);
            return this;
        }

        /**
         * Says what the job is for, for people. Default: nothing.
         *
         * @param description some words; without personal data
         * @return this builder
         */
        public Builder description(String description) {
            options.description = requireNonNull(description, "description");
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
            options.disabled = requireNonNull(reason, "reason");
            return this;
        }

        /**
         * Lets the job run by its schedule, unless an operator has paused it. The default.
         *
         * @return this builder
         */
        public Builder enabled() {
            options.disabled = null;
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
            options.pauseAfterFailures = failures;
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
            options.archive = requireNonNull(name, "name");
            archiveProblems.clear();
            return this;
        }

        /**
         * Sets which control files a run delivers with its data files. Default: none. Refused next to {@link
         * io.outfeed.file.IfExists#KEEP_BOTH}.
         *
         * @param files changes the names, such as {@code c -> c.manifest("{job}-{sequence}.json").doneFile("{file}.done")};
         *     those that it does not name stay as they are
         * @return this builder
         */
        public Builder controlFiles(Consumer<ControlFiles.Builder> files) {
            ControlFiles.Builder builder = options.controlFiles.toBuilder();
            files.accept(builder);
            Problems problems = new Problems();
            options.controlFiles = builder.build(problems);
            controlFileProblems.clear();
            controlFileProblems.addAll(problems.all());
            return this;
        }

        /**
         * Sets which control files a run delivers with its data files. Default: none. Refused next to {@link
         * io.outfeed.file.IfExists#KEEP_BOTH}.
         *
         * @param files the control files, instead of those that were set; {@link ControlFiles#none()} for none
         * @return this builder
         */
        public Builder controlFiles(ControlFiles files) {
            controlFileProblems.clear();
            options.controlFiles = requireNonNull(files, "files");
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
            options.maxDuration = requireNonNull(maxDuration, "maxDuration");
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
            problems.addAll(policyProblems);
            Map<String, String> merged = JobValidation.check(name, options, problems);
            problems.addAll(archiveProblems);
            problems.addAll(controlFileProblems);
            problems.addAll(parameterProblems);
            problems.throwIfAny("job '" + name + "'");
            return new ExportJob(name, new Options(options), Parameters.of(merged));
        }
    }
}
