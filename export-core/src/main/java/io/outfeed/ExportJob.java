package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryWindow;
import io.outfeed.delivery.IfVanished;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileName;
import io.outfeed.file.PlainCopies;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.transform.TransformChain;
import io.outfeed.layout.Layout;
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
 * A job: export definitions with their schedule, destinations and parameters.
 *
 * <p>A job is defined in code: build it at each start of the host. Its positions and runs are kept in the store under
 * its name. Immutable and thread-safe.
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

    /** The options of a job. Its lists and maps are replaced, never changed. */
    static final class Options {

        /** As they were added. */
        List<ExportDefinition<?>> declared = List.of();

        /** As the layouts have chosen them. */
        List<ExportDefinition<?>> definitions = List.of();

        Map<String, Layout> layouts = Map.of();

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

        @Nullable
        Duration expectedWithin;

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

        Duration retryFor = Duration.ofHours(24);

        @Nullable
        DeliveryWindow deliveryWindow;

        IfVanished ifVanished = IfVanished.ASSUME_TAKEN;

        List<FileTransform> transforms = List.of();

        PlainCopies plainCopies = PlainCopies.NONE;

        Options() {}

        Options(Options other) {
            declared = other.declared;
            definitions = other.definitions;
            layouts = other.layouts;
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
            expectedWithin = other.expectedWithin;
            description = other.description;
            disabled = other.disabled;
            pauseAfterFailures = other.pauseAfterFailures;
            archive = other.archive;
            controlFiles = other.controlFiles;
            maxDuration = other.maxDuration;
            retryFor = other.retryFor;
            deliveryWindow = other.deliveryWindow;
            ifVanished = other.ifVanished;
            transforms = other.transforms;
            plainCopies = other.plainCopies;
        }

        /** Returns all transforms of the data files of a definition. */
        List<FileTransform> transforms(ExportDefinition<?> definition) {
            TransformChain ofFile = new TransformChain(definition.file().transforms());
            return ofFile.then(archive == null ? transforms : List.of()).transforms();
        }
    }

    /**
     * Starts a job.
     *
     * @param name its name: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}; its runs and positions are
     *     kept under it
     * @param definition what it exports
     * @return a builder with the defaults
     */
    public static Builder builder(String name, ExportDefinition<?> definition) {
        return new Builder(name, definition);
    }

    /**
     * Starts a changed copy, to be added in place of this job: {@code engine.add(job.toBuilder().schedule(…).build())}.
     * Options that are not set again stay; so do the runs, the positions and a pause, which are in the store.
     *
     * <p>The first definition, destination or guard that is set replaces those of this job, so that a copy for another
     * customer sends nothing to this one's destinations; a parameter replaces only the one of the same name. To leave
     * out an option, build a new job of that name.
     *
     * @return a builder with all options of this job
     */
    public Builder toBuilder() {
        return new Builder(name, this);
    }

    /**
     * Starts a copy under another name, with its own positions and runs.
     *
     * @param name the name of the copy
     * @param startFrom where the copy starts if it has never exported; it does not continue from this job's positions
     * @return a builder with all other options of this job
     */
    public Builder toBuilder(String name, StartFrom startFrom) {
        return new Builder(name, this).startFrom(startFrom);
    }

    /**
     * Returns this job under another name, for {@link ExportEngine#rename}.
     *
     * @param name the new name
     * @return a job with the same options
     * @throws InvalidDefinitionException if the name is no safe name of files
     */
    public ExportJob renamed(String name) {
        return new Builder(name, this).build();
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
     * @return one definition or more, in order, as their layouts have chosen them
     */
    public List<ExportDefinition<?>> definitions() {
        return options.definitions;
    }

    /**
     * Returns what it exports, before its layouts: what they may choose from.
     *
     * @return one definition or more, in order, as they were given to the builder
     */
    public List<ExportDefinition<?>> declaredDefinitions() {
        return options.declared;
    }

    /**
     * Returns the layout of a definition.
     *
     * @param definition the name of the definition
     * @return what the job has chosen; {@link Layout#none()} if all is as the definition says
     */
    public Layout layout(String definition) {
        return options.layouts.getOrDefault(definition, Layout.none());
    }

    /**
     * Returns when it runs.
     *
     * @return the schedule; empty if it runs on request only
     */
    public Optional<Schedule> schedule() {
        return Optional.ofNullable(options.schedule);
    }

    /**
     * Returns how fires are handled that can't run at their times.
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
     * Returns where it starts if it has never exported.
     *
     * @return the choice
     */
    public StartFrom startFrom() {
        return options.startFrom;
    }

    /**
     * Returns the parameters for its sources and file names.
     *
     * @return the parameters that it sets, and the defaults of its definitions for the others
     */
    public Parameters parameters() {
        return parameters;
    }

    /**
     * Returns the guards that may hold a run before it is delivered.
     *
     * @return the guards, in order
     */
    public List<RunGuard> guards() {
        return options.guards;
    }

    /**
     * Returns how delivered files are watched.
     *
     * @return the watch; empty if they are not watched
     */
    public Optional<DeliveredFileWatch> watch() {
        return Optional.ofNullable(options.watch);
    }

    /**
     * Returns how long files stay at their destinations.
     *
     * @return the time from the delivery to the deletion; empty if files are never deleted
     */
    public Optional<Duration> retention() {
        return Optional.ofNullable(options.retention);
    }

    /**
     * Returns the deadlines by which the receiver expects files.
     *
     * @return a daily schedule of deadlines; empty if there are none
     */
    public Optional<Schedule> expectation() {
        return Optional.ofNullable(options.expectation);
    }

    /**
     * Returns how soon after a fire time the receiver expects a file.
     *
     * @return the limit; empty if the engine's applies. Ignored with {@link #expectation}
     */
    public Optional<Duration> expectedWithin() {
        return Optional.ofNullable(options.expectedWithin);
    }

    /**
     * Returns the description of the job.
     *
     * @return the description; an empty text by default
     */
    public String description() {
        return options.description;
    }

    /**
     * Returns why the code has disabled it. For a pause by an operator see
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
     * @return the number; empty if it is never paused by failures
     */
    public OptionalInt pauseAfterFailures() {
        return options.pauseAfterFailures == null ? OptionalInt.empty() : OptionalInt.of(options.pauseAfterFailures);
    }

    /**
     * Returns the name of the archive that a run's data files are delivered in.
     *
     * @return the name; empty if each file is delivered separately
     */
    public Optional<FileName> archive() {
        return Optional.ofNullable(options.archive);
    }

    /**
     * Returns what compresses or encrypts the archive, or each data file where there is no archive.
     *
     * @return the job's own transforms, in the order in which they are applied; empty if there are none
     */
    public List<FileTransform> transforms() {
        return options.transforms;
    }

    /**
     * Returns what compresses or encrypts the data files of a definition: the transforms of its file, then those of the
     * job, unless they are applied to the archive.
     *
     * @param definition one of the job's definitions
     * @return the transforms, in the order in which they are applied
     */
    public List<FileTransform> transforms(ExportDefinition<?> definition) {
        return options.transforms(definition);
    }

    /**
     * Returns whether the plain bytes of encrypted files are kept.
     *
     * @return {@link PlainCopies#NONE} by default
     */
    public PlainCopies plainCopies() {
        return options.plainCopies;
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

    /**
     * Returns for how long a run is tried again that has published nothing.
     *
     * @return the time from its first failed attempt; zero or more
     */
    public Duration retryFor() {
        return options.retryFor;
    }

    /**
     * Returns the time of day in which files may become visible at the destinations.
     *
     * @return the window; empty for any time
     */
    public Optional<DeliveryWindow> deliveryWindow() {
        return Optional.ofNullable(options.deliveryWindow);
    }

    /**
     * Returns what becomes of a file that may have been published, and of which nothing is left at the destination.
     *
     * @return {@link IfVanished#ASSUME_TAKEN} by default
     */
    public IfVanished ifVanished() {
        return options.ifVanished;
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

        /** The copied lists that the first call of their setter replaces. */
        private final Set<Option> copied;

        private enum Option {
            DEFINITIONS,
            DELIVERIES,
            COPIES,
            GUARDS
        }

        /** The parameters that were set by this builder. */
        private final Set<String> parameterNames = new HashSet<>();

        /** The definitions whose layout was set by this builder. */
        private final Set<String> layoutNames = new HashSet<>();

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

        /** Returns the list with more elements, or only these if the list was copied. */
        private <T> List<T> add(Option option, List<T> list, List<? extends T> more) {
            List<T> next = copied.remove(option) ? new ArrayList<>() : new ArrayList<>(list);
            next.addAll(more);
            return List.copyOf(next);
        }

        /**
         * Adds another definition: one run writes the files of all definitions, delivers them together and moves all
         * positions at once.
         *
         * @param definition another definition
         * @return this builder
         */
        public Builder definition(ExportDefinition<?> definition) {
            requireNonNull(definition, "definition");
            options.declared = add(Option.DEFINITIONS, options.declared, List.of(definition));
            return this;
        }

        /**
         * Sets what the job chooses of its only definition; see {@link #layout(String, Layout)}.
         *
         * @param layout the layout
         * @return this builder
         * @throws IllegalStateException if the job has several definitions
         */
        public Builder layout(Layout layout) {
            if (options.declared.size() != 1) {
                throw new IllegalStateException("the job has " + options.declared.size()
                        + " definitions: say for which of them the layout is, .layout(\"name\", layout)");
            }
            return layout(options.declared.get(0).name(), layout);
        }

        /**
         * Sets what the job chooses of a definition: columns, records by values, format and name of the file, as far as
         * {@link ExportDefinition.Builder#choices} allows. Default: all is as the definition says. Positions, runs and
         * sequence stay when the layout of a job is edited; the first run with another layout says so in its note, and
         * {@link RunGuard#layoutChanged} holds it.
         *
         * @param definition the name of the definition
         * @param layout the layout; replaces one that was set before
         * @return this builder
         */
        public Builder layout(String definition, Layout layout) {
            Map<String, Layout> all = new HashMap<>(options.layouts);
            all.put(requireNonNull(definition, "definition"), requireNonNull(layout, "layout"));
            options.layouts = Map.copyOf(all);
            layoutNames.add(definition);
            return this;
        }

        /**
         * Sets when the job runs. Default: on request only.
         *
         * @param schedule the schedule
         * @return this builder
         */
        public Builder schedule(Schedule schedule) {
            options.schedule = requireNonNull(schedule, "schedule");
            return this;
        }

        /**
         * Sets what becomes of fires that can't be met at their times. Default: {@link SchedulePolicy#defaults()}.
         * Ignored without a schedule.
         *
         * @param policy sets options, such as {@code p -> p.misfires(MisfirePolicy.skip())}; the others stay
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
         * Sets what becomes of fires that can't be met at their times. Default: {@link SchedulePolicy#defaults()}.
         * Ignored without a schedule.
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
         * Adds destinations. Default: none, the files are only kept. Sensitive fields need protected ones. A run
         * commits when all destinations have its files: destinations that must not delay each other belong in separate
         * jobs.
         *
         * @param deliveries the destinations
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
         * Adds destinations that get a copy when the run has committed, at best effort: a failed copy neither fails nor
         * delays the run, and is not tried again after it. The run's deliveries have the result. Default: none.
         *
         * @param deliveries the destinations
         * @return this builder
         */
        public Builder copyTo(Delivery... deliveries) {
            options.copies = add(Option.COPIES, options.copies, checked(deliveries));
            return this;
        }

        /**
         * Sets where the job starts if it has never exported. Default: {@link StartFrom#beginning()}.
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
         * Adds a guard that may hold a scheduled or manual run before it is delivered. Default: none.
         *
         * @param guard inspects the finished files
         * @return this builder
         */
        public Builder holdIf(RunGuard guard) {
            options.guards = add(Option.GUARDS, options.guards, List.of(requireNonNull(guard, "guard")));
            return this;
        }

        /**
         * Watches the delivered files until the next run: a file that vanished is copied again, with the same bytes and
         * name, and nothing is ever overwritten. Default: no watch. Ignored for deliveries that can't inspect files,
         * such as email.
         *
         * <p>A file that the receiver has taken can't be distinguished from a lost one: for receivers that take files,
         * set no watch, or use {@code recopies(0)}.
         *
         * <p>Effects: file copied again at the destination, delivery its watch record, watermark none, history none.
         *
         * @param watch how often to inspect files, and how often to copy one again
         * @return this builder
         */
        public Builder watch(DeliveredFileWatch watch) {
            options.watch = requireNonNull(watch, "watch");
            return this;
        }

        /**
         * Deletes delivered files at their destinations after a time, by the engine's clock and its own record of the
         * delivery, and only files that still have the exact path and size, none that were assumed to be taken.
         * Default: files are never deleted. Ignored for deliveries that can't delete, such as email. Runs stay in the
         * history until the retention of their files has ended, beyond {@link ExportEngine.Builder#keepHistory} if
         * necessary.
         *
         * <p>Effects: file deleted at the destination, delivery its removal, watermark none, history kept longer.
         *
         * @param retention the time from the delivery to the deletion, more than zero, such as 90 days
         * @return this builder
         */
        public Builder retention(Duration retention) {
            options.retention = requireNonNull(retention, "retention");
            return this;
        }

        /**
         * Sets a daily deadline: if no run has committed since the previous deadline, the listeners get a
         * {@link io.outfeed.event.DeliveryOverdueEvent}. A run without records counts. A deadline is checked once, by
         * one node; of those that pass while no engine is open the latest. Default: that of {@link
         * ExportEngine.Builder#expectDeliveredWithin}.
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
         * Sets how soon after each fire time something must be delivered: if no run commits within the limit, the
         * listeners get a {@link io.outfeed.event.DeliveryOverdueEvent}, and another one a day later, until one does. A
         * run without records counts. Fire times before the schedule was set or changed don't count. Ignored without a
         * schedule, for a disabled job, and with {@link #expectDeliveredBy}. Default: that of
         * {@link ExportEngine.Builder#expectDeliveredWithin}.
         *
         * @param limit more than zero, such as two hours
         * @return this builder
         */
        public Builder expectDeliveredWithin(Duration limit) {
            options.expectedWithin = requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Describes the job for people. Default: an empty text.
         *
         * @param description the description; without personal data
         * @return this builder
         */
        public Builder description(String description) {
            options.description = requireNonNull(description, "description");
            return this;
        }

        /**
         * Disables the schedule of the job in code. The job can still be run on request, and still finishes a run that
         * is partly published. When it is enabled again, the fires that passed are handled as after a pause. Default:
         * enabled.
         *
         * @param reason why, for people
         * @return this builder
         */
        public Builder disabled(String reason) {
            options.disabled = requireNonNull(reason, "reason");
            return this;
        }

        /**
         * Enables the schedule of the job, unless an operator has paused it. The default.
         *
         * @return this builder
         */
        public Builder enabled() {
            options.disabled = null;
            return this;
        }

        /**
         * Pauses the job after a number of scheduled or manual runs in a row that failed before anything was published,
         * and notifies the listeners; {@link io.outfeed.operation.JobHandle#resume} resumes it. Runs count, however
         * many attempts each had; a partly published run is finished all the same. Default: failures never pause the
         * job.
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
         * Delivers all data files of a run in one zip archive, with times in GMT in its name; see
         * {@link #archive(FileName)}.
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
         * Delivers all data files of a run in one zip archive, in the order of the definitions, each under its path,
         * with the folder. The archive is the run's only data file: delivered, hashed, kept, watched, deleted and
         * redelivered. The same rows give the same bytes on the same build of the JDK. A run without data files has no
         * archive. Default: each file is delivered separately. Rejected together with
         * {@link io.outfeed.file.FileSpec.Builder#transforms transforms} of a file in it: those of the job are applied
         * to the archive.
         *
         * <p>If the name is taken, the most careful {@link io.outfeed.file.IfExists} of the definitions applies. A
         * re-export or test has its mark in this name too, and in those of the entries. With several definitions the
         * name can't use {@code {definition}} or the window. A manifest lists the archive with its entries;
         * {@code {file}} in a done file's name is the archive.
         *
         * @param name its name, which ends with {@code .zip}; it lies in the destination's directory, outside of
         *     folders
         * @return this builder
         */
        public Builder archive(FileName name) {
            options.archive = requireNonNull(name, "name");
            archiveProblems.clear();
            return this;
        }

        /**
         * Sets what compresses or encrypts what this job delivers: the archive if there is one, else each data file,
         * after the transforms of its definition. Default: nothing. The endings of the transforms are added to the
         * names of the delivered files: with {@link Gzip} {@code visits-1.csv} is delivered as {@code visits-1.csv.gz},
         * and {@code {file}} in a done file's name is that name. Control files are not transformed.
         *
         * <p>A file that a transform encrypts may have sensitive fields and be delivered in any way; its name, and the
         * control files, are not encrypted.
         *
         * @param transforms in the order in which they are applied; replaces those that were set before, none for none
         * @return this builder
         */
        public Builder transforms(FileTransform... transforms) {
            options.transforms = List.of(transforms);
            return this;
        }

        /**
         * Sets whether the plain bytes of encrypted files are kept in the directory of the engine, so that they can be
         * opened and searched. Default: {@link PlainCopies#NONE}. Ignored for files that no transform encrypts.
         *
         * @param plainCopies the choice
         * @return this builder
         */
        public Builder plainCopies(PlainCopies plainCopies) {
            options.plainCopies = requireNonNull(plainCopies, "plainCopies");
            return this;
        }

        /**
         * Sets which control files a run delivers with its data files. Default: none. Refused next to
         * {@link io.outfeed.file.IfExists#KEEP_BOTH}.
         *
         * @param files changes the names, such as
         *     {@code c -> c.manifest("{job}-{sequence}.json").doneFile("{file}.done")}; those that it does not name
         *     stay as they are
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
         * Sets which control files a run delivers with its data files. Default: none. Refused next to
         * {@link io.outfeed.file.IfExists#KEEP_BOTH}.
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
         * Sets how long an attempt of a run may take, by elapsed time. One that takes longer is interrupted, and its
         * stack trace is logged: it has failed, and the run is tried again as after other failures. Default: no limit.
         * Meant for attempts that hang: choose a generous limit.
         *
         * @param maxDuration the limit, more than zero
         * @return this builder
         */
        public Builder maxDuration(Duration maxDuration) {
            options.maxDuration = requireNonNull(maxDuration, "maxDuration");
            return this;
        }

        /**
         * Sets for how long a run is tried again that has published nothing, from the end of its first failed attempt.
         * Then it ends as failed, and the next run covers its window. A run that has published a part is tried until
         * every destination has its files. Default: 24 hours.
         *
         * @param retryFor zero or more; zero for one attempt only
         * @return this builder
         */
        public Builder retryFor(Duration retryFor) {
            options.retryFor = requireNonNull(retryFor, "retryFor");
            return this;
        }

        /**
         * Sets what becomes of a file whose publication was requested, but not acknowledged, and of which nothing is
         * left at the destination: a receiver may have taken it at once, or it may be lost. Default: {@link
         * IfVanished#ASSUME_TAKEN}, nothing is sent twice, and the run is unconfirmed.
         *
         * @param ifVanished the choice
         * @return this builder
         */
        public Builder ifVanished(IfVanished ifVanished) {
            options.ifVanished = requireNonNull(ifVanished, "ifVanished");
            return this;
        }

        /**
         * Sets the time of day in which files may become visible at the destinations. It is checked before the first
         * file of a run becomes visible at a destination; the files of that destination are then finished. A run that
         * waits for it is neither failed nor delayed. Copies by the watch wait for it too. A redelivery, a repeated
         * export, a backfill or a test record is refused while it is closed. Default: at any time.
         *
         * @param from when it opens, in local time
         * @param until when it closes, in local time; earlier than {@code from} for a window that spans midnight
         * @param zone the zone of both times
         * @return this builder
         * @throws IllegalArgumentException if both times are the same
         */
        public Builder deliverBetween(LocalTime from, LocalTime until, ZoneId zone) {
            options.deliveryWindow = new DeliveryWindow(from, until, zone);
            return this;
        }

        /**
         * Builds the job.
         *
         * @return the job; later changes of this builder do not affect it
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed
         */
        public ExportJob build() {
            Problems problems = new Problems();
            problems.addAll(policyProblems);
            Options built = new Options(options);
            built.definitions = laidOut(problems);
            Map<String, Layout> layouts = new HashMap<>(options.layouts);
            layouts.keySet().removeIf(definition -> !isDeclared(definition)); // the copied job had it
            built.layouts = Map.copyOf(layouts);
            Map<String, String> merged = JobValidation.check(name, built, problems);
            problems.addAll(archiveProblems);
            problems.addAll(controlFileProblems);
            problems.addAll(parameterProblems);
            problems.throwIfAny("job '" + name + "'");
            return new ExportJob(name, built, Parameters.of(merged));
        }

        /** Returns the definitions as their layouts have chosen them. */
        private List<ExportDefinition<?>> laidOut(Problems problems) {
            List<ExportDefinition<?>> laidOut = new ArrayList<>();
            for (ExportDefinition<?> definition : options.declared) {
                ExportDefinition<?> chosen = definition;
                try {
                    chosen = definition.with(options.layouts.getOrDefault(definition.name(), Layout.none()));
                } catch (InvalidDefinitionException e) {
                    e.problems()
                            .forEach(problem ->
                                    problems.add("layout of definition '" + definition.name() + "': " + problem));
                }
                laidOut.add(chosen);
            }
            layoutNames.stream()
                    .filter(name -> !isDeclared(name))
                    .sorted()
                    .forEach(name -> problems.add("there is a layout for definition '" + name
                            + "', which the job does not have: add the definition, or give its layout to another"));
            return List.copyOf(laidOut);
        }

        private boolean isDeclared(String definition) {
            return options.declared.stream()
                    .anyMatch(declared -> declared.name().equals(definition));
        }
    }
}
