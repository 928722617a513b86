package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileName;
import io.outfeed.file.IfExists;
import io.outfeed.internal.check.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that announce a run's data files to a receiver: a manifest that lists them, checksum files, and done files,
 * whose presence shows that all files are there.
 *
 * <p>They are delivered as the data files are, and published after them: where one is visible, so are the files that it
 * stands for. A run without data files has none. If a name is taken, the most careful {@link IfExists} of the job's
 * definitions decides.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class ControlFiles {

    /** Stands for the name of a data file in the name of its checksum or done file. */
    static final String FILE = "{file}";

    private static final ControlFiles NONE = new ControlFiles(new Options());

    private final Options options;

    private ControlFiles(Options options) {
        this.options = options;
    }

    private static final class Options {

        private @Nullable FileName manifest;
        private @Nullable String checksumFile;
        private @Nullable String doneFile;

        private Options() {}

        private Options(Options other) {
            manifest = other.manifest;
            checksumFile = other.checksumFile;
            doneFile = other.doneFile;
        }
    }

    /**
     * Returns no control files.
     *
     * @return the control files, none
     */
    public static ControlFiles none() {
        return NONE;
    }

    /**
     * Starts with no control files.
     *
     * @return a builder
     */
    public static Builder builder() {
        return NONE.toBuilder();
    }

    /**
     * Starts a changed copy.
     *
     * @return a builder with the names of these control files
     */
    public Builder toBuilder() {
        return new Builder(new Options(options));
    }

    /**
     * Returns the name of the file that lists a run's files.
     *
     * @return the name; empty if there is no such file
     */
    public Optional<FileName> manifest() {
        return Optional.ofNullable(options.manifest);
    }

    /**
     * Returns the name of the checksum files.
     *
     * @return the pattern; empty if there are no such files
     */
    public Optional<String> checksumFile() {
        return Optional.ofNullable(options.checksumFile);
    }

    /**
     * Returns the name of the done files.
     *
     * @return the pattern; empty if there are no such files
     */
    public Optional<String> doneFile() {
        return Optional.ofNullable(options.doneFile);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ControlFiles that
                && manifest().equals(that.manifest())
                && checksumFile().equals(that.checksumFile())
                && doneFile().equals(that.doneFile());
    }

    @Override
    public int hashCode() {
        return Objects.hash(manifest(), checksumFile(), doneFile());
    }

    /** The names. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        manifest().ifPresent(name -> names.add("manifest '" + name + "'"));
        checksumFile().ifPresent(name -> names.add("checksum file '" + name + "'"));
        doneFile().ifPresent(name -> names.add("done file '" + name + "'"));
        return names.isEmpty() ? "no control files" : String.join(", ", names);
    }

    /** Collects the names of control files. Not thread-safe. */
    public static final class Builder {

        private final Options options;
        private final List<String> manifestProblems = new ArrayList<>();

        private Builder(Options options) {
            this.options = options;
        }

        /**
         * Adds a manifest, with times in GMT in its name; see {@link #manifest(FileName)}.
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
         * Adds a manifest: a JSON object with the job, the run, its trigger, the sequence in the names, the window of
         * each definition, and of each data file the path, definition, rows, bytes and SHA-256; or the archive, with
         * the same of its entries. Default: no manifest.
         *
         * <p>A re-export or test has its mark in this name too. With several definitions the name can't use
         * {@code {definition}} or the window.
         *
         * @param name its name; it lies in the destination's directory, outside of the data files' folders
         * @return this builder
         */
        public Builder manifest(FileName name) {
            options.manifest = requireNonNull(name, "name");
            manifestProblems.clear();
            return this;
        }

        /**
         * Adds checksum files, which {@code sha256sum -c} reads: a line for each file with its SHA-256 and its path.
         * They are published after the data files and the manifest. With {@code {file}} in the pattern there is one for
         * each data file, or for the archive, in its folder; else one for the run, of the data files or the archive,
         * and the manifest. Default: none.
         *
         * @param pattern such as {@code {file}.sha256}, or a name as for {@link #manifest(String)}
         * @return this builder
         */
        public Builder checksumFile(String pattern) {
            options.checksumFile = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Adds done files, which are empty: they are published after all data files, the manifest and the checksum
         * files. With
         * {@code {file}} in the pattern there is one for each data file, in its folder, else one for the run. Default:
         * none.
         *
         * @param pattern such as {@code {file}.done}, or a name as for {@link #manifest(String)}
         * @return this builder
         */
        public Builder doneFile(String pattern) {
            options.doneFile = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Builds the control files.
         *
         * @return the control files; later changes of this builder do not affect them
         * @throws InvalidDefinitionException if a name can't give a safe file name; all problems are listed
         */
        public ControlFiles build() {
            Problems problems = new Problems();
            ControlFiles files = build(problems);
            problems.throwIfAny("control files");
            return files;
        }

        /** Makes the choice as far as it can, so that a job reports its other problems too. */
        ControlFiles build(Problems problems) {
            problems.addAll(manifestProblems);
            check("checksumFile", options.checksumFile, problems);
            check("doneFile", options.doneFile, problems);
            return new ControlFiles(new Options(options));
        }

        private static void check(String option, @Nullable String pattern, Problems problems) {
            if (pattern != null) {
                try {
                    nameOf(pattern);
                } catch (InvalidDefinitionException e) {
                    e.problems().forEach(problem -> problems.add(option + " '" + pattern + "': " + problem));
                }
            }
        }
    }

    /** The name that a pattern gives, with any name in place of that of its data file. */
    private static FileName nameOf(String pattern) {
        return FileName.of(pattern.replace(FILE, "file"));
    }

    /** The name of the checksum files; empty if there are none, or if it is no name. */
    Optional<FileName> checksumFileName() {
        return name(checksumFile());
    }

    /** The name of the done files; empty if there are none, or if it is no name. */
    Optional<FileName> doneFileName() {
        return name(doneFile());
    }

    private static Optional<FileName> name(Optional<String> pattern) {
        try {
            return pattern.map(ControlFiles::nameOf);
        } catch (InvalidDefinitionException e) { // reported when they were built
            return Optional.empty();
        }
    }
}
