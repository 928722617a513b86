package io.outfeed.run;

import io.outfeed.source.Position;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The positions up to which a job has been delivered. They move together when a run commits.
 *
 * <p>Immutable.
 *
 * @param positions the position of each definition, by its name
 * @param run the number of the run that committed last, or 0
 * @param sequence the number of the last published run that the receiver counts, or 0
 * @param dailySequence the latest number among those of a day; empty if no run has published a file
 */
public record JobPositions(
        Map<String, Position> positions, long run, long sequence, Optional<DailySequence> dailySequence) {

    /** A job that has never committed. */
    public static final JobPositions NONE = new JobPositions(Map.of(), 0, 0);

    /**
     * Copies the map.
     *
     * @param positions the position of each definition, by its name
     * @param run the number of the run that committed last, or 0
     * @param sequence the number of the last published run that the receiver counts, or 0
     * @param dailySequence the latest number among those of a day; empty if no run has published a file
     */
    public JobPositions {
        positions = Collections.unmodifiableMap(new TreeMap<>(positions));
    }

    /**
     * Makes positions without a number of the day.
     *
     * @param positions the position of each definition, by its name
     * @param run the number of the run that committed last, or 0
     * @param sequence the number of the last published run that the receiver counts, or 0
     */
    public JobPositions(Map<String, Position> positions, long run, long sequence) {
        this(positions, run, sequence, Optional.empty());
    }

    /**
     * Returns the position of a definition.
     *
     * @param definition the name of the definition
     * @return its position; empty if it has never been committed
     */
    public Optional<Position> position(String definition) {
        return Optional.ofNullable(positions.get(definition));
    }
}
