package io.outfeed.directory;

import io.outfeed.internal.io.Durable;
import io.outfeed.internal.text.PathPart;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path below the directory of a delivery.
 *
 * @param path the whole path
 * @param folders the names of the folders between the directory and the file
 * @param name the name in the last of them
 */
record Place(Path path, List<String> folders, String name) {

    /** Parses a path; empty if the file system, in the locale of the process, can't have it. */
    static Optional<Path> path(String location) {
        try {
            return Optional.of(Path.of(location));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Returns the place of a stored location; empty if it is none below the directory. */
    static Optional<Place> below(Path directory, String location) {
        return path(location).flatMap(path -> below(directory, path));
    }

    /** Returns the place of a path; empty if it does not lead from the directory downwards, name by name. */
    static Optional<Place> below(Path directory, Path path) {
        Path top = directory.toAbsolutePath();
        Path whole = path.toAbsolutePath();
        int depth = top.getNameCount();
        if (!whole.startsWith(top) || whole.getNameCount() == depth) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        whole.subpath(depth, whole.getNameCount()).forEach(name -> names.add(name.toString()));
        if (!names.stream().allMatch(PathPart::isPlain)) {
            return Optional.empty();
        }
        return Optional.of(
                new Place(path, List.copyOf(names.subList(0, names.size() - 1)), names.get(names.size() - 1)));
    }

    /** The folder that has the name. */
    Path folder() {
        return Durable.directoryOf(path);
    }
}
