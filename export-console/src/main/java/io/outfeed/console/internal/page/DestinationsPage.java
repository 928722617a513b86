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
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.Litter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

    /** How many runs are looked through for the newest file of each destination. */
    public static final int NEWEST_RUNS = 200;

    /**
     * A destination.
     *
     * @param id the id of the delivery
     * @param address what it says of itself
     * @param server the server
     * @param protectedWay whether files are protected on the way
     * @param jobs how many jobs deliver to it
     * @param jobsLink the list of them
     * @param runsAtATime how many scheduled runs each node has at the server at most
     * @param runsNow how many this node has, of the jobs that the person sees
     * @param newestFile the newest file there, among the newest runs
     * @param incidents the open incidents of the destination, its login or its server
     */
    public record Destination(
            String id,
            String address,
            String server,
            boolean protectedWay,
            int jobs,
            String jobsLink,
            int runsAtATime,
            int runsNow,
            Optional<NewestFile> newestFile,
            List<IncidentItem> incidents) {}

    /**
     * The newest file at a destination.
     *
     * @param at when it was published
     * @param run the number of its run
     */
    public record NewestFile(Instant at, long run) {}

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
        List<ExportRun> newest = newest(context);
        return new DestinationsPage(
                byId.entrySet().stream()
                        .limit(MOST)
                        .map(entry -> destination(context, entry.getValue(), incidents, newest))
                        .toList(),
                Math.max(0, byId.size() - MOST),
                withLitter ? Optional.of(litter(context)) : Optional.empty());
    }

    private static Destination destination(
            Context context, List<Delivery> deliveries, List<Incident> incidents, List<ExportRun> newest) {
        Delivery delivery = deliveries.get(0);
        return new Destination(
                delivery.id(),
                delivery.toString(),
                delivery.server(),
                delivery.protection() == Protection.PROTECTED,
                deliveries.size(),
                Text.link("jobs", "destination", delivery.id()),
                context.engine().runsPerServer(),
                runsNow(context, delivery.server()),
                newestFile(newest, delivery.id()),
                incidents.stream()
                        .filter(incident -> isAbout(incident.scope(), delivery))
                        .map(incident -> IncidentItem.of(context, incident))
                        .toList());
    }

    /** The newest runs of jobs that the person sees. One statement. */
    private static List<ExportRun> newest(Context context) {
        return context.engine().runs(RunQuery.all().limit(NEWEST_RUNS)).runs().stream()
                .filter(run -> context.access()
                        .find(run.job())
                        .filter(context.access()::sees)
                        .isPresent())
                .toList();
    }

    private static Optional<NewestFile> newestFile(List<ExportRun> runs, String delivery) {
        return runs.stream()
                .flatMap(run -> run.deliveries().stream()
                        .filter(step -> step.delivery().equals(delivery))
                        .flatMap(step -> step.publishedAt().stream())
                        .map(at -> new NewestFile(at, run.number())))
                .max(Comparator.comparing(NewestFile::at));
    }

    private static int runsNow(Context context, String server) {
        return (int) Overview.inProgress(context.engine(), context.access()).stream()
                .flatMap(progress -> context.access().find(progress.job()).stream())
                .filter(job -> job.deliveries().stream()
                        .anyMatch(delivery -> delivery.server().equals(server)))
                .count();
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
                    json.put("runsAtATime", destination.runsAtATime());
                    json.put("runsNow", destination.runsNow());
                    destination.newestFile().ifPresent(file -> {
                        json.put("newestFile", file.at().toString());
                        json.put("newestRun", file.run());
                    });
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
