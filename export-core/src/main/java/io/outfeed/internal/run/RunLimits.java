package io.outfeed.internal.run;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How many runs this node has at a time that share something. Immutable.
 *
 * @param perServer at one server
 * @param perDefinition of one definition; empty for any number
 * @param perParameter with one value of a parameter, by the name of the parameter
 * @param backfills that export a chunk of a backfill
 */
public record RunLimits(int perServer, OptionalInt perDefinition, Map<String, Integer> perParameter, int backfills) {

    /** Copies the map. */
    public RunLimits {
        perParameter = Map.copyOf(perParameter);
    }

    /** What runs share. Two kinds may have the same name. */
    public record Shared(Kind kind, String name, String value) {

        /** What it is. */
        public enum Kind {
            SERVER,
            DEFINITION,
            PARAMETER,
            BACKFILL
        }
    }

    /** Returns what the chunk of a backfill shares with others, and how many of them there may be. */
    public Map<Shared, Integer> ofChunk(ExportJob job) {
        Map<Shared, Integer> limits = of(job);
        limits.put(new Shared(Shared.Kind.BACKFILL, "", ""), backfills);
        return limits;
    }

    /** Returns what a run of a job shares with others, and how many of them there may be. */
    public Map<Shared, Integer> of(ExportJob job) {
        Map<Shared, Integer> limits = new HashMap<>();
        Stream.concat(job.deliveries().stream(), job.copies().stream())
                .map(Delivery::server)
                .forEach(server -> limits.put(new Shared(Shared.Kind.SERVER, server, ""), perServer));
        perDefinition.ifPresent(most -> {
            for (ExportDefinition<?> definition : job.definitions()) {
                limits.put(new Shared(Shared.Kind.DEFINITION, definition.name(), ""), most);
            }
        });
        perParameter.forEach((name, most) -> {
            String value = job.parameters().asMap().get(name);
            if (value != null) {
                limits.put(new Shared(Shared.Kind.PARAMETER, name, value), most);
            }
        });
        return limits;
    }
}
