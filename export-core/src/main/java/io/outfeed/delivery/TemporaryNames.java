package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.check.SafeName;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The names that uploads have until they are published. By default a dot comes first, and the file is in the directory
 * of its final name.
 *
 * <p>A file that a process has left under a temporary name is removed under the names that the delivery has then:
 * change them while no run is in progress.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class TemporaryNames {

    private static final int MAX_PREFIX = 20;
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._][A-Za-z0-9._-]*");
    private static final TemporaryNames HIDDEN = new TemporaryNames(".", "");

    private final String prefix;
    private final String directory;

    private TemporaryNames(String prefix, String directory) {
        this.prefix = prefix;
        this.directory = directory;
    }

    /**
     * Returns names such as {@code .visits.csv.r41-t97.part}, which most receivers and listings leave out.
     *
     * @return the default
     */
    public static TemporaryNames hidden() {
        return HIDDEN;
    }

    /**
     * Returns names with another prefix than a dot, for servers that refuse hidden files. The receiver must leave out
     * what begins with it, or ends with {@code .part}.
     *
     * @param prefix such as {@code tmp_}: 1 to 20 of A-Z, a-z, 0-9, '.', '_' and, after the first, '-'
     * @return the names
     * @throws IllegalArgumentException if it is another text
     */
    public static TemporaryNames prefixed(String prefix) {
        if (prefix.length() > MAX_PREFIX || !PREFIX.matcher(prefix).matches() || prefix.contains("..")) {
            throw new IllegalArgumentException("prefix '" + prefix + "' of temporary names must have 1 to " + MAX_PREFIX
                    + " of A-Z, a-z, 0-9, '.', '_' and, after the first, '-', such as tmp_");
        }
        return new TemporaryNames(prefix, "");
    }

    /**
     * Returns names in a directory of their own, for receivers that take whatever is in the directory of the final
     * name. It must be of the same file system, since a file is published by a rename. It is made if it is missing, and
     * so are the folders of files in it.
     *
     * @param path such as {@code incoming}, below the directory of the delivery; parts are separated by a slash
     * @return the names
     * @throws IllegalArgumentException if a part is no safe name; it may begin with a dot
     */
    public TemporaryNames inDirectory(String path) {
        for (String part : path.split("/", -1)) {
            SafeName.problem(part.startsWith(".") ? part.substring(1) : part).ifPresent(problem -> {
                throw new IllegalArgumentException("'" + part + "' of the directory '" + path
                        + "' of temporary names can't be used: " + problem + "; it is a path such as incoming");
            });
        }
        return new TemporaryNames(prefix, path);
    }

    /**
     * Returns the temporary path of an upload.
     *
     * @param file the file
     * @return below the directory of the delivery, with slashes
     */
    public String path(OutgoingFile file) {
        String folder = file.file().folder();
        return slash(directory) + slash(folder) + prefix + file.temporaryName().substring(1);
    }

    private static String slash(String folder) {
        return folder.isEmpty() ? "" : folder + "/";
    }

    /**
     * Tells whether a name is a temporary one of a file, whatever its prefix: of any upload of it by the same run. What
     * is stored of a run may be damaged, or forged: no other file may be moved.
     *
     * @param name the name, without folders
     * @param file the file
     * @return whether an upload of the file may have it
     */
    public static boolean isOf(String name, OutgoingFile file) {
        String start = file.file().name() + ".r" + file.run() + "-t";
        int found = requireNonNull(name, "name").indexOf(start);
        return found >= 0
                && found <= MAX_PREFIX
                && name.substring(found + start.length()).matches("[0-9]+(-[0-9]+)?\\.part");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TemporaryNames that && prefix.equals(that.prefix) && directory.equals(that.directory);
    }

    @Override
    public int hashCode() {
        return Objects.hash(prefix, directory);
    }

    @Override
    public String toString() {
        return slash(directory) + prefix + "*.part";
    }
}
