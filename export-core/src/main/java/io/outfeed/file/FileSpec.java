package io.outfeed.file;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.JsonFormat;
import io.outfeed.format.RecordFormat;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.transform.TransformChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file that a run writes for a definition: its name, its format, and its options.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class FileSpec {

    private final Options options;

    private FileSpec(Options options) {
        this.options = options;
    }

    /** The options of a file. The name is null until it is set, and never null in a specification. */
    private static final class Options {

        private @Nullable FileName name;
        private RecordFormat format = CsvFormat.rfc4180();
        private WhenEmpty whenEmpty = WhenEmpty.HEADER_ONLY;
        private IfExists ifExists = IfExists.FAIL;
        private List<FileTransform> transforms = List.of();
        private OptionalLong splitAfterRows = OptionalLong.empty();
        private OptionalLong splitAfterBytes = OptionalLong.empty();
        private List<String> sums = List.of();

        private Options() {}

        private Options(Options other) {
            name = other.name;
            format = other.format;
            whenEmpty = other.whenEmpty;
            ifExists = other.ifExists;
            transforms = other.transforms;
            splitAfterRows = other.splitAfterRows;
            splitAfterBytes = other.splitAfterBytes;
            sums = other.sums;
        }
    }

    /**
     * Starts a file.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder(new Options());
    }

    /**
     * Starts a changed copy.
     *
     * @return a builder with all options of this file
     */
    public Builder toBuilder() {
        return new Builder(new Options(options));
    }

    /**
     * Returns the file's name.
     *
     * @return the name
     */
    public FileName name() {
        return requireNonNull(options.name);
    }

    /**
     * Returns the format.
     *
     * @return the format
     */
    public RecordFormat format() {
        return options.format;
    }

    /**
     * Returns what a run does without records.
     *
     * @return the choice
     */
    public WhenEmpty whenEmpty() {
        return options.whenEmpty;
    }

    /**
     * Returns what a delivery does if the name is taken.
     *
     * @return the choice
     */
    public IfExists ifExists() {
        return options.ifExists;
    }

    /**
     * Returns what compresses or encrypts the file.
     *
     * @return the transforms, in the order in which they are applied; empty if the file is delivered as its format
     *     writes it
     */
    public List<FileTransform> transforms() {
        return options.transforms;
    }

    /**
     * Returns after how many rows another file begins.
     *
     * @return the number; empty if there is no limit
     */
    public OptionalLong splitAfterRows() {
        return options.splitAfterRows;
    }

    /**
     * Returns how large a file may become before another begins.
     *
     * @return the size in bytes, before transforms; empty if there is no limit
     */
    public OptionalLong splitAfterBytes() {
        return options.splitAfterBytes;
    }

    /**
     * Returns the fields that are added up in each file.
     *
     * @return their names, in order
     */
    public List<String> sums() {
        return options.sums;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileSpec that
                && name().equals(that.name())
                && format().equals(that.format())
                && whenEmpty() == that.whenEmpty()
                && ifExists() == that.ifExists()
                && transforms().equals(that.transforms())
                && splitAfterRows().equals(that.splitAfterRows())
                && splitAfterBytes().equals(that.splitAfterBytes())
                && sums().equals(that.sums());
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                name(), format(), whenEmpty(), ifExists(), transforms(), splitAfterRows(), splitAfterBytes(), sums());
    }

    /** The pattern of the name, and the options. */
    @Override
    public String toString() {
        return "file '" + name() + "' (" + format() + ", whenEmpty " + whenEmpty() + ", ifExists " + ifExists()
                + (transforms().isEmpty() ? "" : ", transforms " + transforms())
                + (splitAfterRows().isEmpty()
                        ? ""
                        : ", splitAfterRows " + splitAfterRows().getAsLong())
                + (splitAfterBytes().isEmpty()
                        ? ""
                        : ", splitAfterBytes " + splitAfterBytes().getAsLong())
                + (sums().isEmpty() ? "" : ", sums of " + sums()) + ")";
    }

    /** Collects the options of a file. Not thread-safe. */
    public static final class Builder {

        private final Options options;
        private final List<String> problems = new ArrayList<>();

        private Builder(Options options) {
            this.options = options;
        }

        /**
         * Sets the name, as a pattern with times in GMT. Required; replaces what was set before.
         *
         * @param pattern see {@link FileName}
         * @return this builder
         */
        public Builder name(String pattern) {
            try {
                return name(FileName.of(pattern));
            } catch (InvalidDefinitionException e) {
                problems.clear();
                e.problems().forEach(problem -> problems.add("file.name '" + pattern + "': " + problem));
                return this;
            }
        }

        /**
         * Sets the name. Required; replaces what was set before.
         *
         * @param name the name
         * @return this builder
         */
        public Builder name(FileName name) {
            options.name = requireNonNull(name, "name");
            problems.clear();
            return this;
        }

        /**
         * Sets the format. Default: {@link CsvFormat#rfc4180()}.
         *
         * @param format a {@link CsvFormat}, a {@link JsonFormat}, or a custom one
         * @return this builder
         */
        public Builder format(RecordFormat format) {
            options.format = requireNonNull(format, "format");
            return this;
        }

        /**
         * Sets what a run does without records. Default: {@link WhenEmpty#HEADER_ONLY}.
         *
         * @param whenEmpty the choice
         * @return this builder
         */
        public Builder whenEmpty(WhenEmpty whenEmpty) {
            options.whenEmpty = requireNonNull(whenEmpty, "whenEmpty");
            return this;
        }

        /**
         * Sets what a delivery does if the name is taken. Default: {@link IfExists#FAIL}.
         *
         * @param ifExists the choice
         * @return this builder
         */
        public Builder ifExists(IfExists ifExists) {
            options.ifExists = requireNonNull(ifExists, "ifExists");
            return this;
        }

        /**
         * Sets what compresses or encrypts the file, after its format. Default: nothing. A job may transform its files
         * further: {@link io.outfeed.ExportJob.Builder#transforms}. Rejected in a job with an archive, which compresses
         * its entries.
         *
         * @param transforms such as {@link Gzip#defaults()}, in the order in which they are applied; replaces those
         *     that were set before. The name must end with their endings, in this order
         * @return this builder
         */
        public Builder transforms(FileTransform... transforms) {
            options.transforms = List.of(transforms);
            return this;
        }

        /**
         * Begins another file after so many rows. The name must have {@code {part}}, which counts 1, 2, 3, …, also
         * where one file has all rows; each file begins with the header, and a run delivers all of them or none.
         * Default: one file has all rows. With {@link #splitAfterBytes} the limit that is reached first counts.
         *
         * @param rows the most rows of a file, the header not counted; a run may have 1000 files of a definition
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder splitAfterRows(long rows) {
            options.splitAfterRows = positive("splitAfterRows", rows);
            return this;
        }

        /**
         * Begins another file before one becomes larger than this, never within a row: a row that alone is larger gets
         * its own file. The name must have {@code {part}}, as with {@link #splitAfterRows}. Default: one file has all
         * rows. Each row is written twice, once to measure it. Refused for a format that does not {@linkplain
         * RecordFormat#measuresRecords measure records}, when the definition is built.
         *
         * @param bytes the most bytes of a file, the header counted, before transforms
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder splitAfterBytes(long bytes) {
            options.splitAfterBytes = positive("splitAfterBytes", bytes);
            return this;
        }

        /**
         * Adds up fields in each file, as control totals: the sums are in the manifest and in {@link
         * StagedFile#sums()}. A record with something else than a number or nothing in such a field is rejected.
         * Default: none; those that a format writes, such as a trailer, need not be named.
         *
         * @param fields the names of the fields; replaces those that were set before
         * @return this builder
         */
        public Builder sums(String... fields) {
            options.sums = List.of(fields);
            return this;
        }

        private static OptionalLong positive(String option, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(option + " must be at least 1, not " + value);
            }
            return OptionalLong.of(value);
        }

        /**
         * Builds the file's specification.
         *
         * @return the specification
         * @throws InvalidDefinitionException if the name is missing, can't give a safe file name, or does not fit the
         *     other options; all problems are listed
         */
        public FileSpec build() {
            Problems all = new Problems();
            all.addAll(problems);
            FileName given = options.name;
            if (given == null) {
                all.addIf(problems.isEmpty(), "file.name is missing");
                all.throwIfAny("file");
                throw new AssertionError("a missing name is a problem");
            }
            TransformChain chain = new TransformChain(options.transforms);
            all.addIf(
                    !given.toString().endsWith(chain.endings()),
                    "file.name '" + given + "' must end with " + chain.endings() + ", since its transforms are "
                            + options.transforms);
            chain.problems().forEach(problem -> all.add("file.transforms " + problem));
            boolean split = options.splitAfterRows.isPresent() || options.splitAfterBytes.isPresent();
            all.addIf(
                    split && !given.uses("part"),
                    "file.name '" + given + "' must have {part}, since the file is split");
            all.addIf(
                    !split && given.uses("part"),
                    "file.name '" + given
                            + "' has {part}, but the file is not split: add splitAfterRows or splitAfterBytes");
            all.addIf(
                    Set.copyOf(options.sums).size() < options.sums.size(), "sums names a field twice: " + options.sums);
            all.throwIfAny("file");
            return new FileSpec(new Options(options));
        }
    }
}
