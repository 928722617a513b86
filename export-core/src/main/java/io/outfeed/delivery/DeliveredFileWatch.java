package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.check.SafeName;
import java.time.Duration;
import java.util.List;

/**
 * How a job watches its delivered files until the next run: how often it checks that each is still there with its exact
 * size, and how often it copies a vanished file again.
 *
 * <p>A file that the receiver has taken can't be distinguished from a lost one, and a second copy may be imported
 * twice: by default a file is copied again only once, and no longer watched when it vanishes after that. For receivers
 * that take files use {@code recopies(0)}, or no watch.
 *
 * <p>Immutable.
 *
 * @param interval how long after its delivery, and after each look, the next look comes; one second or more
 * @param recopies how often a file that vanished is copied again at most; zero or more
 * @param takenInto the folders, next to a file, to which the receiver moves it; a file that is there was taken
 */
public record DeliveredFileWatch(Duration interval, int recopies, List<String> takenInto) {

    /**
     * Checks the ranges.
     *
     * @param interval how long after its delivery, and after each look, the next look comes; one second or more
     * @param recopies how often a file that vanished is copied again at most; zero or more
     * @param takenInto the folders to which the receiver moves files
     * @throws IllegalArgumentException if a number is out of its range, or a folder is no safe name
     */
    public DeliveredFileWatch {
        requireNonNull(interval, "interval");
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("interval must be one second or more, not " + interval);
        }
        if (recopies < 0) {
            throw new IllegalArgumentException("recopies must be zero or more, not " + recopies);
        }
        takenInto = List.copyOf(takenInto);
        takenInto.forEach(folder -> SafeName.problem(folder).ifPresent(problem -> {
            throw new IllegalArgumentException("takenInto has the folder '" + folder + "': " + problem);
        }));
    }

    /**
     * Inspects files every ten minutes, and copies a vanished file again once.
     *
     * @return the watch
     */
    public static DeliveredFileWatch everyTenMinutes() {
        return every(Duration.ofMinutes(10));
    }

    /**
     * Inspects files at an interval, and copies a vanished file again once.
     *
     * @param interval one second or more
     * @return the watch
     */
    public static DeliveredFileWatch every(Duration interval) {
        return new DeliveredFileWatch(interval, 1, List.of());
    }

    /**
     * Changes how often a file is copied again.
     *
     * @param recopies how often at most, zero or more; with zero a missing file is reported and no longer watched
     * @return another watch
     */
    public DeliveredFileWatch recopies(int recopies) {
        return new DeliveredFileWatch(interval, recopies, takenInto);
    }

    /**
     * Copies a vanished file again however often it vanishes, until the next scheduled run has delivered. For receivers
     * that import a file at one time of the day, and take no copy twice.
     *
     * @return another watch
     */
    public DeliveredFileWatch recopyUntilNextExport() {
        return recopies(Integer.MAX_VALUE);
    }

    /**
     * Names the folders, next to a file, to which the receiver moves a file that it has taken: a missing file that is
     * in one of them, with its size, is no loss, and is no longer watched. While one of them can't be inspected, a
     * missing file is not copied again. Default: none.
     *
     * @param folders such as {@code done}; safe names without a separator
     * @return another watch
     * @throws IllegalArgumentException if a folder is no safe name
     */
    public DeliveredFileWatch takenInto(String... folders) {
        return new DeliveredFileWatch(interval, recopies, List.of(folders));
    }
}
