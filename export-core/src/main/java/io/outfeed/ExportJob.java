package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Parameters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private ExportJob(Builder builder) {
        this.name = builder.name;
        this.definitions = List.copyOf(builder.definitions);
        this.schedule = builder.schedule;
        this.deliveries = List.copyOf(builder.deliveries);
        this.parameters = Parameters.of(builder.parameters);
        this.guards = List.copyOf(builder.guards);
        this.copies = List.copyOf(builder.copies);
        this.startFrom = builder.startFrom;
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
     * @return the parameters
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
         * Adds destinations. Default: none, the files are only kept. All destinations of a job succeed together: those
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
         * Adds a parameter for the sources and the names of the files, such as {@code tenant=lakeside}.
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
                for (String parameter : definition.file().name().parameters()) {
                    problems.addIf(
                            !parameters.containsKey(parameter),
                            "parameter '" + parameter + "' is missing: the file name of definition '"
                                    + definition.name() + "' uses it");
                }
            }
            Set<String> ids = new HashSet<>();
            for (Delivery delivery :
                    Stream.concat(deliveries.stream(), copies.stream()).toList()) {
                String id = delivery.id();
                SafeName.problem(id)
                        .ifPresent(
                                problem -> problems.add("the id of delivery '" + id + "' is no safe name: " + problem));
                problems.addIf(!ids.add(SafeName.withoutCase(id)), "delivery '" + id + "' appears twice");
            }
            problems.addAll(parameterProblems);
            problems.throwIfAny("job '" + name + "'");
            return new ExportJob(this);
        }
    }
}
