package io.outfeed.console.internal.page;

import io.outfeed.ExportJob;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.IncidentItem;
import io.outfeed.console.internal.part.Overview;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Protection;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentScope;
import io.outfeed.run.file.Litter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The destinations of jobs, and the temporary files that are left there.
 *
 * @param destinations the destinations, ordered by id
 * @param unlisted how many more there are
 * @param litter the temporary files, if the person asked for them
 */
public record DestinationsPage(List<Destination> destinations, int unlisted, Optional<List<LitterLine>> litter)
        implements Page {

    private static final int MOST = 100;

    private static final int MOST_LITTER = 100;

    /**
     * A destination.
     *
     * @param id the id of the delivery
     * @param address what it says of itself
     * @param server the server
     * @param protectedWay whether files are protected on the way
     * @param jobs how many jobs deliver to it
     * @param jobsLink the list of them
     * @param incidents the open incidents of the destination, its login or its server
     */
    public record Destination(
            String id,
            String address,
            String server,
            boolean protectedWay,
            int jobs,
            String jobsLink,
            List<IncidentItem> incidents) {}

    /**
     * A temporary file that is left at a destination.
     *
     * @param job the name of the job
     * @param litter the file
     */
    public record LitterLine(String job, Litter litter) {}

    public static DestinationsPage of(Context context, boolean withLitter) {
        Map<String, List<Delivery>> byId = new TreeMap<>();
        for (ExportJob job : context.access().jobs()) {
            job.deliveries()
                    .forEach(delivery -> byId.computeIfAbsent(delivery.id(), id -> new ArrayList<>())
                            .add(delivery));
        }
        List<Incident> incidents = Overview.incidents(context.engine(), context.access());
        return new DestinationsPage(
                byId.entrySet().stream()
                        .limit(MOST)
                        .map(entry -> destination(context, entry.getValue(), incidents))
                        .toList(),
                Math.max(0, byId.size() - MOST),
                withLitter ? Optional.of(litter(context)) : Optional.empty());
    }

    private static Destination destination(Context context, List<Delivery> deliveries, List<Incident> incidents) {
        Delivery delivery = deliveries.get(0);
        return new Destination(
                delivery.id(),
                delivery.toString(),
                delivery.server(),
                delivery.protection() == Protection.PROTECTED,
                deliveries.size(),
                Text.link("jobs", "destination", delivery.id()),
                incidents.stream()
                        .filter(incident -> isAbout(incident.scope(), delivery))
                        .map(incident -> IncidentItem.of(context, incident))
                        .toList());
    }

    private static boolean isAbout(IncidentScope scope, Delivery delivery) {
        return switch (scope.kind()) {
            case SERVER -> scope.name().equals(delivery.server());
            case LOGIN -> scope.name().equals(delivery.login());
            case DESTINATION -> scope.name().equals(delivery.id());
            default -> false;
        };
    }

    /** Reads the newest run of each job. */
    private static List<LitterLine> litter(Context context) {
        List<LitterLine> lines = new ArrayList<>();
        for (Litter litter : context.engine().litter()) {
            String job = context.engine().run(litter.run()).run().job();
            boolean visible =
                    context.access().find(job).map(context.access()::sees).orElseGet(context.access()::seesAll);
            if (visible && lines.size() < MOST_LITTER) {
                lines.add(new LitterLine(job, litter));
            }
        }
        return lines;
    }

    @Override
    public String template() {
        return "destinations";
    }

    @Override
    public String title() {
        return "Destinations";
    }

    @Override
    public String section() {
        return "destinations";
    }

    @Override
    public Object json() {
        return destinations.stream()
                .map(destination -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("id", destination.id());
                    json.put("server", destination.server());
                    json.put("protected", destination.protectedWay());
                    json.put("jobs", destination.jobs());
                    json.put(
                            "incidents",
                            destination.incidents().stream()
                                    .map(item -> item.incident().id())
                                    .toList());
                    return json;
                })
                .toList();
    }
}
