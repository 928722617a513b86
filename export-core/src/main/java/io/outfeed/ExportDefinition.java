package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.file.FileSpec;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.layout.LaidOut;
import io.outfeed.internal.layout.LayoutResolver;
import io.outfeed.layout.Layout;
import io.outfeed.layout.LayoutChoices;
import io.outfeed.source.DeclaredParameter;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceOrder;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is exported: the source, the order of its records, the columns, and the file.
 *
 * <p>Immutable, and thread-safe if its functions are; shared by many jobs.
 *
 * @param <T> the record type
 */
public final class ExportDefinition<T> {

    private final String name;
    private final Class<T> recordType;
    private final Options<T> options;

    private ExportDefinition(String name, Class<T> recordType, Options<T> options) {
        this.name = name;
        this.recordType = recordType;
        this.options = options;
    }

    /** The options of a definition. Required ones are null until they are set, and never null in a definition. */
    static final class Options<T> {

        @Nullable
        RecordSource<T> source;

        @Nullable
        Function<? super T, ?> recordKey;

        @Nullable
        Watermark<T> watermark;

        Predicate<? super T> filter = record -> true;

        @Nullable
        Function<? super T, String> folderPer;

        @Nullable
        Function<? super T, String> filePer;

        @Nullable
        Duration lookback;

        RejectPolicy rejectPolicy = RejectPolicy.fail();
        boolean latestPerKey;
        SourceOrder sourceOrder = SourceOrder.ANY;

        @Nullable
        ChangeDetection changes;

        @Nullable
        Fields<T> fields;

        ValueTexts valueTexts = ValueTexts.defaults();

        @Nullable
        FileSpec file;

        @Nullable
        LayoutChoices<T> choices;

        List<DeclaredParameter> parameters = List.of();
        Schedulable schedulable = Schedulable.YES;
        String version = "";

        Options() {}

        Options(Options<T> other) {
            source = other.source;
            recordKey = other.recordKey;
            watermark = other.watermark;
            filter = other.filter;
            folderPer = other.folderPer;
            filePer = other.filePer;
            lookback = other.lookback;
            rejectPolicy = other.rejectPolicy;
            latestPerKey = other.latestPerKey;
            sourceOrder = other.sourceOrder;
            changes = other.changes;
            fields = other.fields;
            valueTexts = other.valueTexts;
            file = other.file;
            choices = other.choices;
            parameters = other.parameters;
            schedulable = other.schedulable;
            version = other.version;
        }
    }

    /**
     * Starts a definition.
     *
     * @param name its name: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}; its positions are kept
     *     under it
     * @param recordType the type of the records
     * @param <T> the type of the records
     * @return a builder with the defaults
     */
    public static <T> Builder<T> builder(String name, Class<T> recordType) {
        return new Builder<>(name, recordType);
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
     * Returns the type of the records.
     *
     * @return the type
     */
    public Class<T> recordType() {
        return recordType;
    }

    /**
     * Returns the source of the records.
     *
     * @return the source
     */
    public RecordSource<T> source() {
        return requireNonNull(options.source);
    }

    /**
     * Returns the function that gives the key of a record.
     *
     * @return the function
     */
    public Function<? super T, ?> recordKey() {
        return requireNonNull(options.recordKey);
    }

    /**
     * Returns how records are ordered.
     *
     * @return the watermark
     */
    public Watermark<T> watermark() {
        return requireNonNull(options.watermark);
    }

    /**
     * Returns which records are exported.
     *
     * @return the filter; all records by default
     */
    public Predicate<? super T> filter() {
        return options.filter;
    }

    /**
     * Returns how far before the position late records are searched for.
     *
     * @return the lookback; empty if late records are not searched for
     */
    public Optional<Duration> lookback() {
        return Optional.ofNullable(options.lookback);
    }

    /**
     * Returns the function that gives the folder of a record's file.
     *
     * @return the function; empty if there are no folders
     */
    public Optional<Function<? super T, String>> folderPer() {
        return Optional.ofNullable(options.folderPer);
    }

    /**
     * Returns the function that gives the partition of a record.
     *
     * @return the function; empty if all records go to one file
     */
    public Optional<Function<? super T, String>> filePer() {
        return Optional.ofNullable(options.filePer);
    }

    /**
     * Returns whether only the latest version of each record is exported.
     *
     * @return false, the default, if every version is exported
     */
    public boolean latestPerKey() {
        return options.latestPerKey;
    }

    /**
     * Returns in which order the source gives records.
     *
     * @return the order; {@link SourceOrder#ANY} by default
     */
    public SourceOrder sourceOrder() {
        return options.sourceOrder;
    }

    /**
     * Returns how rows are compared with those that were delivered before.
     *
     * @return the change detection; empty if every run exports all rows
     */
    public Optional<ChangeDetection> changes() {
        return Optional.ofNullable(options.changes);
    }

    /**
     * Returns what happens to a run with records that can't be mapped.
     *
     * @return the policy
     */
    public RejectPolicy rejectPolicy() {
        return options.rejectPolicy;
    }

    /**
     * Returns the columns.
     *
     * @return the fields
     */
    public Fields<T> fields() {
        return requireNonNull(options.fields);
    }

    /**
     * Returns how values become text.
     *
     * @return the texts; {@link ValueTexts#defaults()} by default
     */
    public ValueTexts valueTexts() {
        return options.valueTexts;
    }

    /**
     * Returns the file.
     *
     * @return the file's specification
     */
    public FileSpec file() {
        return requireNonNull(options.file);
    }

    /**
     * Returns what the layout of a job may choose.
     *
     * @return the choices; empty if its jobs have no layouts
     */
    public Optional<LayoutChoices<T>> choices() {
        return Optional.ofNullable(options.choices);
    }

    /**
     * Returns this definition as a layout has chosen it.
     *
     * @param layout what is chosen; validated against {@link #choices()}
     * @return a definition of the same name, without choices
     * @throws InvalidDefinitionException if the layout does not fit; all problems are listed with their paths
     */
    public ExportDefinition<T> with(Layout layout) {
        if (layout.equals(Layout.none())) {
            return this;
        }
        Problems problems = new Problems();
        String subject = "layout of export '" + name + "'";
        if (options.choices == null) {
            problems.add("the definition lets a layout choose nothing: add .choices(c -> ...) to it");
            problems.throwIfAny(subject);
            return this;
        }
        LaidOut<T> chosen = new LayoutResolver<>(
                        recordType, fields(), file(), options.valueTexts, options.choices, layout, problems)
                .resolve();
        Options<T> next = new Options<>(options);
        next.fields = chosen.fields();
        next.file = chosen.file();
        Predicate<? super T> filter = options.filter;
        next.filter = record -> filter.test(record) && chosen.filter().test(record);
        next.choices = null;
        if (problems.all().isEmpty()) {
            DefinitionValidation.check(name, next, List.of(), List.of(), List.of(), problems);
        }
        problems.throwIfAny(subject);
        return new ExportDefinition<>(name, recordType, next);
    }

    /**
     * Returns the parameters that the definition declares for its jobs.
     *
     * @return the declared parameters, in order
     */
    public List<DeclaredParameter> parameters() {
        return options.parameters;
    }

    /**
     * Returns whether its jobs may have a schedule.
     *
     * @return the choice
     */
    public Schedulable schedulable() {
        return options.schedulable;
    }

    /**
     * Returns the version of the code of its fields and filter.
     *
     * @return a text that is compared only; often empty
     */
    public String version() {
        return options.version;
    }

    /** The name. */
    @Override
    public String toString() {
        return "export '" + name + "'";
    }

    /**
     * Collects the parts of a definition. Not thread-safe.
     *
     * @param <T> the type of the records
     */
    public static final class Builder<T> {

        private final String name;
        private final Class<T> recordType;
        private final Options<T> options = new Options<>();
        private final List<String> fieldProblems = new ArrayList<>();
        private final List<String> textProblems = new ArrayList<>();
        private final List<String> fileProblems = new ArrayList<>();
        private final List<String> choiceProblems = new ArrayList<>();

        private Builder(String name, Class<T> recordType) {
            this.name = requireNonNull(name, "name");
            this.recordType = requireNonNull(recordType, "recordType");
        }

        /**
         * Sets the source of the records. Required.
         *
         * @param source the source
         * @return this builder
         */
        public Builder<T> source(RecordSource<T> source) {
            options.source = requireNonNull(source, "source");
            return this;
        }

        /**
         * Sets the function that gives the key of a record. Required: messages name a record by its key, never by its
         * values.
         *
         * @param recordKey gives the key of a record
         * @return this builder
         */
        public Builder<T> recordKey(Function<? super T, ?> recordKey) {
            options.recordKey = requireNonNull(recordKey, "recordKey");
            return this;
        }

        /**
         * Sets how records are ordered and how far a window may reach. Required.
         *
         * @param watermark the watermark, such as {@link Watermark#timestamp}
         * @return this builder
         */
        public Builder<T> watermark(Watermark<T> watermark) {
            options.watermark = requireNonNull(watermark, "watermark");
            return this;
        }

        /**
         * Sets which records of a window are exported. Default: all.
         *
         * <p>A filter may depend only on what moves the watermark. A record that passes the filter later, without a new
         * position, is in no later window and is never exported: for "only approved records" use the time of approval
         * as the watermark.
         *
         * @param filter returns whether a record is exported
         * @return this builder
         */
        public Builder<T> filter(Predicate<? super T> filter) {
            options.filter = requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Searches at each run for late records: records that became visible before the position, because the settle
         * time of the timestamp watermark was too short for them. They are exported once, and the run's note has their
         * number and the settle time that would have caught them. Default: no search, and late records are never
         * exported.
         *
         * <p>The source is read from this much earlier; records that the previous run has seen there, by key and
         * timestamp, are left out. At most a million records may lie within the lookback. After a position was set by
         * hand there is nothing to compare with until the run after the next.
         *
         * @param lookback how far before the position to search, more than zero: longer than the settle time, such as a
         *     few hours
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder<T> lookback(Duration lookback) {
            if (lookback.isZero() || lookback.isNegative()) {
                throw new IllegalArgumentException("lookback must be more than zero, not " + lookback);
            }
            options.lookback = lookback;
            return this;
        }

        /**
         * Puts records into one folder for each value below the destination's directory, such as one for each school
         * year. Default: no folders. Each folder of a run has one file of the same name; a folder without records in
         * the window gets no file, and keeps its old ones.
         *
         * @param folder gives the folder of a record, a safe name: characters other than letters A-Z and a-z, digits,
         *     {@code .}, {@code _} and {@code -} become hyphens; at most 1000 files in a run
         * @return this builder
         */
        public Builder<T> folderPer(Function<? super T, String> folder) {
            options.folderPer = requireNonNull(folder, "folder");
            return this;
        }

        /**
         * Puts records into one file for each value, such as one for each school, with the value in the name:
         * {@code registrations-{partition}.csv}. Default: one file for all. A value without records in the window gets
         * no file, whatever {@code whenEmpty} is. With {@link #folderPer} each folder has such files.
         *
         * <p>File names are logged and stored: use no personal value. Values that differ only in case fail the run,
         * since one file would replace the other on some servers.
         *
         * @param partition gives the value of a record, a safe name: characters other than letters A-Z and a-z, digits,
         *     {@code .}, {@code _} and {@code -} become hyphens; at most 1000 files in a run
         * @return this builder
         */
        public Builder<T> filePer(Function<? super T, String> partition) {
            options.filePer = requireNonNull(partition, "partition");
            return this;
        }

        /**
         * Exports only the latest version of each record in a window: the one with the last position, or the one that
         * the source gives last if positions are equal or records have none. The filter is applied to that version
         * only: a record that was approved at ten and withdrawn at noon is not exported. Default: every version is
         * exported.
         *
         * <p>Rows are then in the order of {@link SourceOrder#BY_KEY}. Unless the source gives that order, all versions
         * are mapped and sorted, in temporary files next to the run's files if they take more than a sixteenth of the
         * heap. Only versions in the window are compared: a version in the window is exported even if an earlier run
         * has exported a later one. With {@code lookback} a late version is left out if a later one lies in the
         * lookback or in the window.
         *
         * @return this builder
         */
        public Builder<T> latestPerKey() {
            options.latestPerKey = true;
            return this;
        }

        /**
         * Sets the order in which the source gives the records of a window. Default: {@link SourceOrder#ANY}. Ignored
         * unless {@link #latestPerKey} or {@link #changes} need an order.
         *
         * @param order the order
         * @return this builder
         */
        public Builder<T> sourceOrder(SourceOrder order) {
            options.sourceOrder = requireNonNull(order, "order");
            return this;
        }

        /**
         * Exports only the rows that were added, changed or removed since the last delivery. For sources without a
         * watermark column: the watermark must be {@link Watermark#fullSnapshot()}. Default: every run exports all
         * rows.
         *
         * <p>Each run stores the key, the cells of the key columns and a hash of each row next to its files; they take
         * effect when the run commits. Rows are compared as delivered: another filter or mapping removes or changes
         * rows. A record that is left out since it can't be mapped counts as unchanged. The first run, and the first
         * after {@code resetPosition}, delivers all rows as added, wherever the job starts from. Rows are in the order
         * of their keys; a key may occur only once, unless {@link #latestPerKey} is set.
         *
         * @param changes the change detection, such as {@code ChangeDetection.keyedBy("student_id")}
         * @return this builder
         */
        public Builder<T> changes(ChangeDetection changes) {
            options.changes = requireNonNull(changes, "changes");
            return this;
        }

        /**
         * Sets what happens to a run with records that can't be mapped, since a field, {@code folderPer},
         * {@code filePer} or the filter fails. Default: {@link RejectPolicy#fail()}, nothing is published. A record
         * whose key or position can't be read always fails the run. Does not apply to test records and previews.
         *
         * @param policy the policy, such as {@code RejectPolicy.skipUpTo(100)}
         * @return this builder
         */
        public Builder<T> rejectPolicy(RejectPolicy policy) {
            options.rejectPolicy = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets the columns. Required; replaces what was set before.
         *
         * @param fields adds the fields
         * @return this builder
         */
        public Builder<T> fields(Consumer<Fields.Builder<T>> fields) {
            Fields.Builder<T> builder = Fields.builder(recordType);
            fields.accept(builder);
            fieldProblems.clear();
            try {
                options.fields = builder.build();
            } catch (InvalidDefinitionException e) {
                fieldProblems.addAll(e.problems());
            }
            return this;
        }

        /**
         * Sets the columns. Required; replaces what was set before.
         *
         * @param fields the fields
         * @return this builder
         */
        public Builder<T> fields(Fields<T> fields) {
            fieldProblems.clear();
            options.fields = requireNonNull(fields, "fields");
            return this;
        }

        /**
         * Sets the texts of values by their type, where they differ from the default. Replaces what was set before.
         * Default: see {@link ValueTexts}.
         *
         * @param texts sets the texts, such as {@code v -> v.type(Boolean.class, yes -> yes ? "Y" : "N")}
         * @return this builder
         */
        public Builder<T> valueTexts(Consumer<ValueTexts.Builder> texts) {
            ValueTexts.Builder builder = ValueTexts.builder();
            texts.accept(builder);
            textProblems.clear();
            try {
                options.valueTexts = builder.build();
            } catch (InvalidDefinitionException e) {
                textProblems.addAll(e.problems());
            }
            return this;
        }

        /**
         * Sets the texts of values by their type, where they differ from the default. Replaces what was set before.
         * Default: {@link ValueTexts#defaults()}.
         *
         * @param texts the texts
         * @return this builder
         */
        public Builder<T> valueTexts(ValueTexts texts) {
            textProblems.clear();
            options.valueTexts = requireNonNull(texts, "texts");
            return this;
        }

        /**
         * Sets the file. Required; replaces what was set before.
         *
         * @param file sets the options
         * @return this builder
         */
        public Builder<T> file(Consumer<FileSpec.Builder> file) {
            FileSpec.Builder builder = FileSpec.builder();
            file.accept(builder);
            fileProblems.clear();
            try {
                options.file = builder.build();
            } catch (InvalidDefinitionException e) {
                fileProblems.addAll(e.problems());
            }
            return this;
        }

        /**
         * Sets the file. Required; replaces what was set before.
         *
         * @param file the file's specification
         * @return this builder
         */
        public Builder<T> file(FileSpec file) {
            fileProblems.clear();
            options.file = requireNonNull(file, "file");
            return this;
        }

        /**
         * Declares what the layout of a job may choose: see {@link ExportJob.Builder#layout}. Default: jobs have no
         * layouts, and all are as the definition says. Replaces what was set before.
         *
         * @param choices adds the choices, such as
         *     {@code c -> c.standardTransformations().filter("grade", Student::grade)}
         * @return this builder
         */
        public Builder<T> choices(Consumer<LayoutChoices.Builder<T>> choices) {
            LayoutChoices.Builder<T> builder = LayoutChoices.builder(recordType);
            choices.accept(builder);
            choiceProblems.clear();
            try {
                options.choices = builder.build();
            } catch (InvalidDefinitionException e) {
                e.problems().forEach(problem -> choiceProblems.add("choices: " + problem));
            }
            return this;
        }

        /**
         * Declares a parameter that every job must set.
         *
         * <p>As soon as a definition of a job declares parameters, the job may set only those that its definitions
         * declare or their file names use: a job with a misspelled name does not build. Default: none are declared, and
         * a job may set any.
         *
         * @param name the parameter's name, for {@code parameters.get(name)} in the source and {@code {parameter.name}}
         *     in the file's name
         * @return this builder
         */
        public Builder<T> parameter(String name) {
            return declare(new DeclaredParameter(name, Optional.empty()));
        }

        /**
         * Declares a parameter that a job may set, such as {@code parameter("term", "current")}.
         *
         * @param name the parameter's name, as with {@link #parameter(String)}
         * @param defaultValue the value for the source and the file name if the job does not set it
         * @return this builder
         */
        public Builder<T> parameter(String name, String defaultValue) {
            return declare(new DeclaredParameter(name, Optional.of(defaultValue)));
        }

        /**
         * Sets whether jobs may run by a schedule. Default: {@link Schedulable#YES}.
         *
         * @param schedulable {@link Schedulable#NO} for exports that are started on request only, such as a full export
         * @return this builder
         */
        public Builder<T> schedulable(Schedulable schedulable) {
            options.schedulable = requireNonNull(schedulable, "schedulable");
            return this;
        }

        /**
         * Names the version of the code that maps and filters records. A run that has published nothing is planned anew
         * if the job has changed meanwhile; what a lambda does can't be compared, so that a host changes the version
         * when such a run must not be delivered as it is. Default: an empty text.
         *
         * @param version a text that is compared only, such as a release number
         * @return this builder
         */
        public Builder<T> version(String version) {
            options.version = requireNonNull(version, "version");
            return this;
        }

        private Builder<T> declare(DeclaredParameter parameter) {
            List<DeclaredParameter> all = new ArrayList<>(options.parameters);
            all.add(parameter);
            options.parameters = List.copyOf(all);
            return this;
        }

        /**
         * Builds the definition.
         *
         * @return the definition; later changes of this builder do not affect it
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public ExportDefinition<T> build() {
            Problems problems = new Problems();
            DefinitionValidation.check(name, options, fieldProblems, textProblems, fileProblems, problems);
            problems.addAll(choiceProblems);
            problems.throwIfAny("export '" + name + "'");
            return new ExportDefinition<>(name, recordType, new Options<>(options));
        }
    }
}
