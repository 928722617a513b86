package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.file.FileSpec;
import io.outfeed.internal.check.Problems;
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
 * What is exported: where records come from, how they are ordered, which columns they become, and the file.
 *
 * <p>Immutable and thread-safe as far as the functions are that it was built with; shared by many jobs.
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

    /** What a definition is made of. What has no default is null until it is set, and never in a definition. */
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

        List<DeclaredParameter> parameters = List.of();
        Schedulable schedulable = Schedulable.YES;

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
            parameters = other.parameters;
            schedulable = other.schedulable;
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
     * Returns where records come from.
     *
     * @return the source
     */
    public RecordSource<T> source() {
        return requireNonNull(options.source);
    }

    /**
     * Returns what tells records apart.
     *
     * @return reads the key off a record
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
     * Returns how far behind the position late records are looked for.
     *
     * @return the span; empty if they are not looked for
     */
    public Optional<Duration> lookback() {
        return Optional.ofNullable(options.lookback);
    }

    /**
     * Returns what names the folder of a record's file.
     *
     * @return reads the folder off a record; empty if there are no folders
     */
    public Optional<Function<? super T, String>> folderPer() {
        return Optional.ofNullable(options.folderPer);
    }

    /**
     * Returns what tells which file a record goes to.
     *
     * @return reads the value off a record; empty if one file takes all
     */
    public Optional<Function<? super T, String>> filePer() {
        return Optional.ofNullable(options.filePer);
    }

    /**
     * Returns whether only the latest version of a record is looked at.
     *
     * @return false, the default, if every record that the source gives is
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
     * @return how; empty if they are not
     */
    public Optional<ChangeDetection> changes() {
        return Optional.ofNullable(options.changes);
    }

    /**
     * Returns what becomes of a run that has records which can't be mapped.
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
     * Returns the texts of values.
     *
     * @return the texts; the default ones unless the definition has others
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
     * Returns the parameters that jobs set, or get the default of.
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

        private Builder(String name, Class<T> recordType) {
            this.name = requireNonNull(name, "name");
            this.recordType = requireNonNull(recordType, "recordType");
        }

        /**
         * Sets where records come from. Required.
         *
         * @param source the source
         * @return this builder
         */
        public Builder<T> source(RecordSource<T> source) {
            options.source = requireNonNull(source, "source");
            return this;
        }

        /**
         * Sets what tells records apart. Required: messages name a record by its key, never by its values.
         *
         * @param recordKey reads the key off a record
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
         * <p>A filter may depend only on what moves the watermark. A record that passes later, without a new position,
         * is in no window any more and is never exported: for "only approved records" let the watermark be the time of
         * approval.
         *
         * @param filter tells whether a record is exported
         * @return this builder
         */
        public Builder<T> filter(Predicate<? super T> filter) {
            options.filter = requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Looks at each run for records that came late: that became visible behind the position, because the settle
         * time of the timestamp watermark was too short for them. They are exported once, and the run's note says how
         * many there were and which settle time would have caught them. Default: none are looked for, and they are lost
         * in silence.
         *
         * <p>The source is asked for a window that begins earlier by this span; what the run before has seen of it is
         * left out, by the key and the timestamp. At most a million records may lie within the span. After a position
         * was set by hand there is nothing to compare with until the run after the next.
         *
         * @param lookback how far to look back: longer than the settle time, such as a few hours
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
         * Puts records into one folder each value below the destination's directory, such as one a school year.
         * Default: no folders. Each folder of a run has one file of the same name; a folder without records in the
         * window gets none, and keeps what it has.
         *
         * @param folder reads the folder off a record: a safe name, other characters than letters A-Z and a-z, digits,
         *     {@code .}, {@code _} and {@code -} become hyphens; at most 1000 files in a run
         * @return this builder
         */
        public Builder<T> folderPer(Function<? super T, String> folder) {
            options.folderPer = requireNonNull(folder, "folder");
            return this;
        }

        /**
         * Puts records into one file each value, such as one a school, with the value in the name:
         * {@code registrations-{partition}.csv}. Default: one file for all. A value without records in the window gets
         * no file, whatever {@code whenEmpty} says. With {@link #folderPer} each folder has such files.
         *
         * <p>File names are logged and kept: let the value be nothing personal. Values that are the same name but for
         * case fail the run, since one file would replace the other on some servers.
         *
         * @param partition reads the value off a record: a safe name, other characters than letters A-Z and a-z,
         *     digits, {@code .}, {@code _} and {@code -} become hyphens; at most 1000 files in a run
         * @return this builder
         */
        public Builder<T> filePer(Function<? super T, String> partition) {
            options.filePer = requireNonNull(partition, "partition");
            return this;
        }

        /**
         * Exports of each record only the latest version that the source gives in a window: the one with the last
         * position, or the one that comes last where positions are equal or records carry none. The filter is asked for
         * that version only: a record that was approved at ten and withdrawn at noon is not exported. Default: every
         * version is exported.
         *
         * <p>Rows are then in the order of their keys, as {@link SourceOrder#BY_KEY} says it. All versions are mapped
         * and sorted, what does not fit into a sixteenth of the heap in temporary files beside the run's, unless the
         * source gives them in that order. Only what is in the window is compared: a version that is older than one of
         * an earlier run is exported, as long as it lies in the window; with {@code lookback} a late version is left
         * out if a later one lies in the lookback or in the window.
         *
         * @return this builder
         */
        public Builder<T> latestPerKey() {
            options.latestPerKey = true;
            return this;
        }

        /**
         * Says in which order the source gives the records of a window. Default: {@link SourceOrder#ANY}. Ignored
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
         * Exports what differs from what was delivered before: rows that were added, changed or removed. For sources
         * without a watermark column: the watermark must be {@link Watermark#fullSnapshot()}. Default: every run
         * exports all rows.
         *
         * <p>Each run keeps the key, the cells of the key columns and a hash of each row beside its files; that counts
         * when the run commits. A row is what is delivered: another filter or mapping makes rows that are removed or
         * changed. A record that can't be mapped, and is left out, counts as unchanged. The first run, and the first
         * after {@code resetPosition}, delivers all rows as added, wherever the job starts from. Rows are in the order
         * of their keys; each key may come once, unless {@link #latestPerKey} is set.
         *
         * @param changes how, such as {@code ChangeDetection.keyedBy("student_id")}
         * @return this builder
         */
        public Builder<T> changes(ChangeDetection changes) {
            options.changes = requireNonNull(changes, "changes");
            return this;
        }

        /**
         * Sets what becomes of a run that has records which can't be mapped: a field, {@code folderPer},
         * {@code filePer} or the filter fails. Default: {@link RejectPolicy#fail()}, nothing is published. A record
         * whose key or position can't be read fails the run anyway. A test record and a preview have nothing to do with
         * it.
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
         * Default: as {@link ValueTexts} says.
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
         * Declares a parameter that every job must set.
         *
         * <p>As soon as a definition of a job declares parameters, the job may set only those that its definitions
         * declare or their file names use: a wrong name does not build. Default: none are declared, and a job may set
         * any.
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
         * @param defaultValue what source and file name get when the job does not set it
         * @return this builder
         */
        public Builder<T> parameter(String name, String defaultValue) {
            return declare(new DeclaredParameter(name, Optional.of(defaultValue)));
        }

        /**
         * Sets whether jobs may run by a schedule. Default: {@link Schedulable#YES}.
         *
         * @param schedulable {@link Schedulable#NO} for what a person starts, such as a full export
         * @return this builder
         */
        public Builder<T> schedulable(Schedulable schedulable) {
            options.schedulable = requireNonNull(schedulable, "schedulable");
            return this;
        }

        private Builder<T> declare(DeclaredParameter parameter) {
            List<DeclaredParameter> all = new ArrayList<>(options.parameters);
            all.add(parameter);
            options.parameters = List.copyOf(all);
            return this;
        }

        /**
         * Makes the definition.
         *
         * @return the definition, a copy of what was collected
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public ExportDefinition<T> build() {
            Problems problems = new Problems();
            DefinitionValidation.check(name, options, fieldProblems, textProblems, fileProblems, problems);
            problems.throwIfAny("export '" + name + "'");
            return new ExportDefinition<>(name, recordType, new Options<>(options));
        }
    }
}
