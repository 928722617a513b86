package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.file.FileSpec;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import io.outfeed.source.DeclaredParameter;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceOrder;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private final RecordSource<T> source;
    private final Function<? super T, ?> recordKey;
    private final Watermark<T> watermark;
    private final Predicate<? super T> filter;
    private final @Nullable Function<? super T, String> folderPer;
    private final @Nullable Function<? super T, String> filePer;
    private final @Nullable Duration lookback;
    private final RejectPolicy rejectPolicy;
    private final boolean latestPerKey;
    private final SourceOrder sourceOrder;
    private final @Nullable ChangeDetection changes;
    private final Fields<T> fields;
    private final ValueTexts valueTexts;
    private final FileSpec file;
    private final List<DeclaredParameter> parameters;
    private final Schedulable schedulable;

    private ExportDefinition(
            Builder<T> builder,
            RecordSource<T> source,
            Function<? super T, ?> recordKey,
            Watermark<T> watermark,
            Fields<T> fields,
            FileSpec file) {
        this.name = builder.name;
        this.recordType = builder.recordType;
        this.source = source;
        this.recordKey = recordKey;
        this.watermark = watermark;
        this.filter = builder.filter;
        this.folderPer = builder.folderPer;
        this.filePer = builder.filePer;
        this.lookback = builder.lookback;
        this.rejectPolicy = builder.rejectPolicy;
        this.latestPerKey = builder.latestPerKey;
        this.sourceOrder = builder.sourceOrder;
        this.changes = builder.changes;
        this.fields = fields;
        this.valueTexts = builder.valueTexts;
        this.file = file;
        this.parameters = List.copyOf(builder.parameters);
        this.schedulable = builder.schedulable;
    }

    /**
     * Starts a definition.
     *
     * @param name its name: letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}; its positions are kept under it
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
        return source;
    }

    /**
     * Returns what tells records apart.
     *
     * @return reads the key off a record
     */
    public Function<? super T, ?> recordKey() {
        return recordKey;
    }

    /**
     * Returns how records are ordered.
     *
     * @return the watermark
     */
    public Watermark<T> watermark() {
        return watermark;
    }

    /**
     * Returns which records are exported.
     *
     * @return the filter; all records by default
     */
    public Predicate<? super T> filter() {
        return filter;
    }

    /**
     * Returns how far behind the position late records are looked for.
     *
     * @return the span; empty if they are not looked for
     */
    public Optional<Duration> lookback() {
        return Optional.ofNullable(lookback);
    }

    /**
     * Returns what names the folder of a record's file.
     *
     * @return reads the folder off a record; empty if there are no folders
     */
    public Optional<Function<? super T, String>> folderPer() {
        return Optional.ofNullable(folderPer);
    }

    /**
     * Returns what tells which file a record goes to.
     *
     * @return reads the value off a record; empty if one file takes all
     */
    public Optional<Function<? super T, String>> filePer() {
        return Optional.ofNullable(filePer);
    }

    /**
     * Returns whether only the latest version of a record is looked at.
     *
     * @return false, the default, if every record that the source gives is
     */
    public boolean latestPerKey() {
        return latestPerKey;
    }

    /**
     * Returns in which order the source gives records.
     *
     * @return the order; {@link SourceOrder#ANY} by default
     */
    public SourceOrder sourceOrder() {
        return sourceOrder;
    }

    /**
     * Returns how rows are compared with those that were delivered before.
     *
     * @return how; empty if they are not
     */
    public Optional<ChangeDetection> changes() {
        return Optional.ofNullable(changes);
    }

    /**
     * Returns what becomes of a run that has records which can't be mapped.
     *
     * @return the policy
     */
    public RejectPolicy rejectPolicy() {
        return rejectPolicy;
    }

    /**
     * Returns the columns.
     *
     * @return the fields
     */
    public Fields<T> fields() {
        return fields;
    }

    /**
     * Returns the texts of values.
     *
     * @return the texts; the default ones unless the definition has others
     */
    public ValueTexts valueTexts() {
        return valueTexts;
    }

    /**
     * Returns the file.
     *
     * @return the file's specification
     */
    public FileSpec file() {
        return file;
    }

    /**
     * Returns the parameters that jobs set, or get the default of.
     *
     * @return the declared parameters, in order
     */
    public List<DeclaredParameter> parameters() {
        return parameters;
    }

    /**
     * Returns whether its jobs may have a schedule.
     *
     * @return the choice
     */
    public Schedulable schedulable() {
        return schedulable;
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
        private @Nullable RecordSource<T> source;
        private @Nullable Function<? super T, ?> recordKey;
        private @Nullable Watermark<T> watermark;
        private Predicate<? super T> filter = record -> true;
        private @Nullable Function<? super T, String> folderPer;
        private @Nullable Function<? super T, String> filePer;
        private @Nullable Duration lookback;
        private RejectPolicy rejectPolicy = RejectPolicy.fail();
        private boolean latestPerKey;
        private SourceOrder sourceOrder = SourceOrder.ANY;
        private @Nullable ChangeDetection changes;
        private @Nullable Fields<T> fields;
        private ValueTexts valueTexts = ValueTexts.defaults();
        private @Nullable FileSpec file;
        private final List<DeclaredParameter> parameters = new ArrayList<>();
        private Schedulable schedulable = Schedulable.YES;
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
            this.source = requireNonNull(source, "source");
            return this;
        }

        /**
         * Sets what tells records apart. Required: messages name a record by its key, never by its values.
         *
         * @param recordKey reads the key off a record
         * @return this builder
         */
        public Builder<T> recordKey(Function<? super T, ?> recordKey) {
            this.recordKey = requireNonNull(recordKey, "recordKey");
            return this;
        }

        /**
         * Sets how records are ordered and how far a window may reach. Required.
         *
         * @param watermark the watermark, such as {@link Watermark#timestamp}
         * @return this builder
         */
        public Builder<T> watermark(Watermark<T> watermark) {
            this.watermark = requireNonNull(watermark, "watermark");
            return this;
        }

        /**
         * Sets which records of a window are exported. Default: all.
         *
         * <p>A filter may depend only on what moves the watermark. A record that passes later, without a new position, is
         * in no window any more and is never exported: for "only approved records" let the watermark be the time of
         * approval.
         *
         * @param filter tells whether a record is exported
         * @return this builder
         */
        public Builder<T> filter(Predicate<? super T> filter) {
            this.filter = requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Looks at each run for records that came late: that became visible behind the position, because the settle time of
         * the timestamp watermark was too short for them. They are exported once, and the run's note says how many there
         * were and which settle time would have caught them. Default: none are looked for, and they are lost in silence.
         *
         * <p>The source is asked for a window that begins earlier by this span; what the run before has seen of it is left
         * out, by the key and the timestamp. At most a million records may lie within the span. After a position was set by
         * hand there is nothing to compare with until the run after the next.
         *
         * @param lookback how far to look back: longer than the settle time, such as a few hours
         * @return this builder
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder<T> lookback(Duration lookback) {
            if (lookback.isZero() || lookback.isNegative()) {
                throw new IllegalArgumentException("lookback must be more than zero, not " + lookback);
            }
            this.lookback = lookback;
            return this;
        }

        /**
         * Puts records into one folder each value below the destination's directory, such as one a school year. Default: no
         * folders. Each folder of a run has one file of the same name; a folder without records in the window gets none, and
         * keeps what it has.
         *
         * @param folder reads the folder off a record: a safe name, other characters than letters A-Z and a-z, digits,
         *     {@code .}, {@code _} and {@code -} become hyphens; at most 1000 files in a run
         * @return this builder
         */
        public Builder<T> folderPer(Function<? super T, String> folder) {
            this.folderPer = requireNonNull(folder, "folder");
            return this;
        }

        /**
         * Puts records into one file each value, such as one a school, with the value in the name: {@code
         * registrations-{partition}.csv}. Default: one file for all. A value without records in the window gets no file, whatever
         * {@code whenEmpty} says. With {@link #folderPer} each folder has such files.
         *
         * <p>File names are logged and kept: let the value be nothing personal. Values that are the same name but for case
         * fail the run, since one file would replace the other on some servers.
         *
         * @param partition reads the value off a record: a safe name, other characters than letters A-Z and a-z, digits,
         *     {@code .}, {@code _} and {@code -} become hyphens; at most 1000 files in a run
         * @return this builder
         */
        public Builder<T> filePer(Function<? super T, String> partition) {
            this.filePer = requireNonNull(partition, "partition");
            return this;
        }

        /**
         * Exports of each record only the latest version that the source gives in a window: the one with the last position,
         * or the one that comes last where positions are equal or records carry none. The filter is asked for that version
         * only: a record that was approved at ten and withdrawn at noon is not exported. Default: every version is exported.
         *
         * <p>Rows are then in the order of their keys, as {@link SourceOrder#BY_KEY} says it. All versions are mapped and
         * sorted, what does not fit into a sixteenth of the heap in temporary files beside the run's, unless the source gives
         * them in that order. Only what is in the window is compared: a version that is older than one of an earlier run is
         * exported, as long as it lies in the window; with {@code lookback} a late version is left out if a later one lies in
         * the lookback or in the window.
         *
         * @return this builder
         */
        public Builder<T> latestPerKey() {
            this.latestPerKey = true;
            return this;
        }

        /**
         * Says in which order the source gives the records of a window. Default: {@link SourceOrder#ANY}. Ignored unless {@link
         * #latestPerKey} or {@link #changes} need an order.
         *
         * @param order the order
         * @return this builder
         */
        public Builder<T> sourceOrder(SourceOrder order) {
            this.sourceOrder = requireNonNull(order, "order");
            return this;
        }

        /**
         * Exports what differs from what was delivered before: rows that were added, changed or removed. For sources without
         * a watermark column: the watermark must be {@link Watermark#fullSnapshot()}. Default: every run exports all rows.
         *
         * <p>Each run keeps the key, the cells of the key columns and a hash of each row beside its files; that counts when
         * the run commits. A row is what is delivered: another filter or mapping makes rows that are removed or changed. A
         * record that can't be mapped, and is left out, counts as unchanged. The first run, and the first after {@code
         * resetPosition}, delivers all rows as added, wherever the job starts from. Rows are in the order of their keys; each
         * key may come once, unless {@link #latestPerKey} is set.
         *
         * @param changes how, such as {@code ChangeDetection.keyedBy("student_id")}
         * @return this builder
         */
        public Builder<T> changes(ChangeDetection changes) {
            this.changes = requireNonNull(changes, "changes");
            return this;
        }

        /**
         * Sets what becomes of a run that has records which can't be mapped: a field, {@code folderPer}, {@code filePer} or
         * the filter fails. Default: {@link RejectPolicy#fail()}, nothing is published. A record whose key or position can't be read
         * fails the run anyway. A test record and a preview have nothing to do with it.
         *
         * @param policy the policy, such as {@code RejectPolicy.skipUpTo(100)}
         * @return this builder
         */
        public Builder<T> rejectPolicy(RejectPolicy policy) {
            this.rejectPolicy = requireNonNull(policy, "policy");
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
                this.fields = builder.build();
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
            this.fields = requireNonNull(fields, "fields");
            return this;
        }

        /**
         * Sets the texts of values by their type, where they differ from the default. Replaces what was set before. Default:
         * as {@link ValueTexts} says.
         *
         * @param texts sets the texts, such as {@code v -> v.type(Boolean.class, yes -> yes ? "Y" : "N")}
         * @return this builder
         */
        public Builder<T> valueTexts(Consumer<ValueTexts.Builder> texts) {
            ValueTexts.Builder builder = ValueTexts.builder();
            texts.accept(builder);
            textProblems.clear();
            try {
                this.valueTexts = builder.build();
            } catch (InvalidDefinitionException e) {
                textProblems.addAll(e.problems());
            }
            return this;
        }

        /**
         * Sets the texts of values by their type, where they differ from the default. Replaces what was set before. Default:
         * {@link ValueTexts#defaults()}.
         *
         * @param texts the texts
         * @return this builder
         */
        public Builder<T> valueTexts(ValueTexts texts) {
            textProblems.clear();
            this.valueTexts = requireNonNull(texts, "texts");
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
                this.file = builder.build();
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
            this.file = requireNonNull(file, "file");
            return this;
        }

        /**
         * Declares a parameter that every job must set.
         *
         * <p>As soon as a definition of a job declares parameters, the job may set only those that its definitions declare or
         * their file names use: a wrong name does not build. Default: none are declared, and a job may set any.
         *
         * @param name the parameter's name, for {@code parameters.get(name)} in the source and {@code {parameter.name}} in the
         *     file's name
         * @return this builder
         */
        public Builder<T> parameter(String name) {
            parameters.add(new DeclaredParameter(name, Optional.empty()));
            return this;
        }

        /**
         * Declares a parameter that a job may set, such as {@code parameter("term", "current")}.
         *
         * @param name the parameter's name, as with {@link #parameter(String)}
         * @param defaultValue what source and file name get when the job does not set it
         * @return this builder
         */
        public Builder<T> parameter(String name, String defaultValue) {
            parameters.add(new DeclaredParameter(name, Optional.of(defaultValue)));
            return this;
        }

        /**
         * Sets whether jobs may run by a schedule. Default: {@link Schedulable#YES}.
         *
         * @param schedulable {@link Schedulable#NO} for what a person starts, such as a full export
         * @return this builder
         */
        public Builder<T> schedulable(Schedulable schedulable) {
            this.schedulable = requireNonNull(schedulable, "schedulable");
            return this;
        }

        private void checkParameters(Problems problems) {
            Set<String> names = new HashSet<>();
            for (DeclaredParameter parameter : parameters) {
                problems.addIf(parameter.name().isBlank(), "a parameter has a blank name");
                problems.addIf(!names.add(parameter.name()), "parameter '" + parameter.name() + "' appears twice");
            }
        }

        /**
         * Makes the definition.
         *
         * @return the definition, a copy of what was collected
         * @throws InvalidDefinitionException if anything is missing or wrong; all problems are listed
         */
        public ExportDefinition<T> build() {
            Problems problems = new Problems();
            SafeName.problem(name).ifPresent(problem -> problems.add("the name is no safe file name: " + problem));
            problems.addIfMissing(source, "source is missing: add .source(RecordSource.of(window -> ...))");
            problems.addIfMissing(recordKey, "recordKey is missing: add .recordKey(Record::id)");
            problems.addIfMissing(
                    watermark,
                    "watermark is missing: add .watermark(Watermark.timestamp(Record::updatedAt, settleTime)) or"
                            + " .watermark(Watermark.fullSnapshot())");
            problems.addAll(fieldProblems);
            problems.addIf(
                    fields == null && fieldProblems.isEmpty(), "fields are missing: add .fields(f -> f.field(...))");
            problems.addAll(textProblems);
            problems.addAll(fileProblems);
            problems.addIf(
                    file == null && fileProblems.isEmpty(), "file.name is missing: add .file(f -> f.name(\"...\"))");
            checkParameters(problems);
            problems.addIf(
                    lookback != null && watermark != null && !watermark.kind().equals(Position.TIMESTAMP),
                    "lookback is for timestamp watermarks: remove it, or use Watermark.timestamp");
            if (changes != null) {
                problems.addIf(
                        watermark != null && !watermark.kind().equals(Position.SNAPSHOT),
                        "changes compares all records with all that were delivered: use Watermark.fullSnapshot()");
                if (fields != null) {
                    problems.addAll(changes.problems(fields));
                }
            }
            if (file != null && fields != null) {
                List<String> headers = new ArrayList<>();
                Optional.ofNullable(changes).flatMap(ChangeDetection::column).ifPresent(headers::add);
                fields.mappings().forEach(mapping -> headers.add(mapping.header()));
                file.format().problems(headers).forEach(problem -> problems.add("file.format: " + problem));
            }
            if (file != null) {
                boolean used = file.name().uses("partition");
                problems.addIf(
                        filePer != null && !used,
                        "file.name '" + file.name() + "' must have {partition}, since filePer is set");
                problems.addIf(
                        filePer == null && used,
                        "file.name '" + file.name() + "' has {partition}, but there is no value for it: add"
                                + " .filePer(Record::value)");
            }
            if (file != null && watermark != null && file.name().needsWindowTimes()) {
                problems.addIf(
                        watermark.beginning().instant().isEmpty(),
                        "file.name '" + file.name() + "' has a date pattern for the window, whose bounds are of kind '"
                                + watermark.kind() + "': use {fire} for a time");
            }
            problems.throwIfAny("export '" + name + "'");
            return new ExportDefinition<>(
                    this,
                    requireNonNull(source),
                    requireNonNull(recordKey),
                    requireNonNull(watermark),
                    requireNonNull(fields),
                    requireNonNull(file));
        }
    }
}
