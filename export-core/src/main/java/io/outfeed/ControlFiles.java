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
 * The files that tell a receiver of a run's data files: a manifest that lists them, and done files that say by being there that
 * everything is there.
 *
 * <p>They are delivered as the data files are, and published after them: a destination that shows one has shown what it
 * stands for. A run without data files has none. If a name is taken, the most careful {@link IfExists} of the job's
 * definitions decides.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class ControlFiles {

    /** Stands for the name of a data file in the name of its done file. */
    static final String FILE = "{file}";

    private static final ControlFiles NONE = new ControlFiles(new Options());

    private final Options options;

    private ControlFiles(Options options) {
        this.options = options;
    }

    private static final class Options {

        private @Nullable FileName manifest;
        private @Nullable String doneFile;

        private Options() {}

        private Options(Options other) {
            manifest = other.manifest;
            doneFile = other.doneFile;
        }
    }

    /**
     * Returns no control files.
     *
     * @return the choice
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
     * Returns the name of the empty files that say that everything is there.
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
                && doneFile().equals(that.doneFile());
    }

    @Override
    public int hashCode() {
        return Objects.hash(manifest(), doneFile());
    }

    /** The names. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        manifest().ifPresent(name -> names.add("manifest '" + name + "'"));
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
         * Adds a manifest: a JSON object with the job, the run, what triggered it, the sequence in the names, the window of
         * each definition, and of each data file the path, definition, rows, bytes and SHA-256; or the archive, with the same
         * of its entries. Default: no manifest.
         *
         * <p>A re-export or test has its mark in this name too. With several definitions the name can't use {@code
         * {definition}} or the window.
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
         * Adds done files, which are empty: they are published after all data files and the manifest. With {@code {file}} in
         * the pattern there is one for each data file, in its folder, else one for the run. Default: none.
         *
         * @param pattern such as {@code {file}.done}, or a name as for {@link #manifest(String)}
         * @return this builder
         */
        public Builder doneFile(String pattern) {
            options.doneFile = requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Makes the choice.
         *
         * @return the control files, a copy of what was collected
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
            String pattern = options.doneFile;
            if (pattern != null) {
                try {
                    doneFileName(pattern);
                } catch (InvalidDefinitionException e) {
                    e.problems().forEach(problem -> problems.add("doneFile '" + pattern + "': " + problem));
                }
            }
            return new ControlFiles(new Options(options));
        }
    }

    /** The name of a done file, with any name in place of that of its data file. */
    private static FileName doneFileName(String pattern) {
        return FileName.of(pattern.replace(FILE, "file"));
    }

    /** The name of the done files; empty if there are none, or if it is no name. */
    Optional<FileName> doneFileName() {
        try {
            return doneFile().map(ControlFiles::doneFileName);
        } catch (InvalidDefinitionException e) { // reported when they were built
            return Optional.empty();
        }
    }
}
