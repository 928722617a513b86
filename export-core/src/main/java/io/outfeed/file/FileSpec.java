package io.outfeed.file;

import static java.util.Objects.requireNonNull;

import io.outfeed.InvalidDefinitionException;
import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file that a run makes of a definition's records: its name, its format, and what happens in the special cases.
 *
 * <p>Immutable and comparable.
 */
public final class FileSpec {

    private final FileName name;
    private final RecordFormat format;
    private final WhenEmpty whenEmpty;
    private final IfExists ifExists;
    private final Compression compression;

    private FileSpec(FileName name, Builder builder) {
        this.name = name;
        this.format = builder.format;
        this.whenEmpty = builder.whenEmpty;
        this.ifExists = builder.ifExists;
        this.compression = builder.compression;
    }

    /**
     * Starts a file.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the file's name.
     *
     * @return the name
     */
    public FileName name() {
        return name;
    }

    /**
     * Returns how records become bytes.
     *
     * @return the format
     */
    public RecordFormat format() {
        return format;
    }

    /**
     * Returns what a run does without records.
     *
     * @return what a run does
     */
    public WhenEmpty whenEmpty() {
        return whenEmpty;
    }

    /**
     * Returns what a delivery does when the name is taken.
     *
     * @return what a delivery does
     */
    public IfExists ifExists() {
        return ifExists;
    }

    /**
     * Returns how the file is compressed.
     *
     * @return the compression
     */
    public Compression compression() {
        return compression;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileSpec that
                && name.equals(that.name)
                && format.equals(that.format)
                && whenEmpty == that.whenEmpty
                && ifExists == that.ifExists
                && compression == that.compression;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, format, whenEmpty, ifExists, compression);
    }

    /** The pattern of the name, and the options. */
    @Override
    public String toString() {
        return "file '" + name + "' (" + format + ", whenEmpty " + whenEmpty + ", ifExists " + ifExists
                + (compression == Compression.NONE ? "" : ", compression " + compression) + ")";
    }

    /** Collects the options of a file. Not thread-safe. */
    public static final class Builder {

        private @Nullable FileName name;
        private RecordFormat format = CsvFormat.rfc4180();
        private WhenEmpty whenEmpty = WhenEmpty.HEADER_ONLY;
        private IfExists ifExists = IfExists.FAIL;
        private Compression compression = Compression.NONE;
        private final List<String> problems = new ArrayList<>();

        private Builder() {}

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
            this.name = requireNonNull(name, "name");
            problems.clear();
            return this;
        }

        /**
         * Sets how records become bytes. Default: {@link CsvFormat#rfc4180()}.
         *
         * @param format the format: a {@link CsvFormat}, a {@link JsonLinesFormat}, or one of your own
         * @return this builder
         */
        public Builder format(RecordFormat format) {
            this.format = requireNonNull(format, "format");
            return this;
        }

        /**
         * Sets what a run does without records. Default: {@link WhenEmpty#HEADER_ONLY}.
         *
         * @param whenEmpty what a run does
         * @return this builder
         */
        public Builder whenEmpty(WhenEmpty whenEmpty) {
            this.whenEmpty = requireNonNull(whenEmpty, "whenEmpty");
            return this;
        }

        /**
         * Sets what a delivery does when the name is taken. Default: {@link IfExists#FAIL}.
         *
         * @param ifExists what a delivery does
         * @return this builder
         */
        public Builder ifExists(IfExists ifExists) {
            this.ifExists = requireNonNull(ifExists, "ifExists");
            return this;
        }

        /**
         * Sets how the file is compressed. Default: {@link Compression#NONE}.
         *
         * @param compression the compression; the name must have its ending
         * @return this builder
         */
        public Builder compression(Compression compression) {
            this.compression = requireNonNull(compression, "compression");
            return this;
        }

        /**
         * Makes the file's specification.
         *
         * @return the specification
         * @throws InvalidDefinitionException if the name is missing or can't give a safe file name
         */
        public FileSpec build() {
            Problems all = new Problems();
            all.addAll(problems);
            FileName given = name;
            if (given == null) {
                all.addIf(problems.isEmpty(), "file.name is missing");
                all.throwIfAny("file");
                throw new AssertionError("a missing name is a problem");
            }
            all.addIf(
                    !given.toString().endsWith(compression.ending()),
                    "file.name '" + given + "' must end with " + compression.ending() + ", since compression is "
                            + compression);
            all.throwIfAny("file");
            return new FileSpec(given, this);
        }
    }
}
