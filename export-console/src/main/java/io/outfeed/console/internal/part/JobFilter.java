package io.outfeed.console.internal.part;

import io.outfeed.ExportJob;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.schedule.Frequency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which jobs are listed, as the address says it.
 *
 * @param search a part of the name, the description or the customer
 * @param status the status
 * @param frequency how often they fire
 * @param destination the id of a delivery
 * @param definition the name of a definition
 * @param customer the customer
 * @param activity whether their schedule is over
 * @param after the name of the last job of the page before
 */
public record JobFilter(
        String search,
        Optional<JobStatus> status,
        Optional<Frequency> frequency,
        String destination,
        String definition,
        String customer,
        Optional<Activity> activity,
        String after) {

    /** Whether the schedule of a job is over. */
    public enum Activity {
        /** It fires again. */
        ACTIVE,
        /** It has a schedule, which never fires again. */
        COMPLETED
    }

    public static JobFilter of(Parameters parameters) {
        return new JobFilter(
                parameters.text("search"),
                parameters.constant("status", JobStatus.class),
                parameters.constant("frequency", Frequency.class),
                parameters.text("destination"),
                parameters.text("definition"),
                parameters.text("customer"),
                parameters.constant("activity", Activity.class),
                parameters.text("after"));
    }

    /** The jobs that pass all but the status, which only the store knows. */
    public List<ExportJob> candidates(Context context) {
        Instant now = context.times().now();
        return context.access().jobs().stream()
                .filter(job -> matches(context, job, now))
                .toList();
    }

    private boolean matches(Context context, ExportJob job, Instant now) {
        String text = search.toLowerCase(Locale.ROOT);
        String itsCustomer = context.settings().customer(job);
        return (text.isEmpty()
                        || Stream.of(job.name(), job.description(), itsCustomer)
                                .anyMatch(each -> each.toLowerCase(Locale.ROOT).contains(text)))
                && (frequency.isEmpty()
                        || job.schedule().map(schedule -> schedule.frequency()).equals(frequency))
                && (destination.isEmpty()
                        || job.deliveries().stream()
                                .anyMatch(delivery -> delivery.id().equals(destination)))
                && (definition.isEmpty()
                        || job.definitions().stream()
                                .anyMatch(each -> each.name().equals(definition)))
                && (customer.isEmpty() || customer.equals(itsCustomer))
                && (activity.isEmpty() || activity.get() == activity(job, now));
    }

    private static Activity activity(ExportJob job, Instant now) {
        return job.schedule().isEmpty() || job.schedule().get().next(now).isPresent()
                ? Activity.ACTIVE
                : Activity.COMPLETED;
    }

    /** Whether the store has to be asked for the state of all candidates. */
    public boolean readsState() {
        return status.isPresent();
    }

    public JobQuery query(Context context, List<ExportJob> candidates) {
        JobQuery query = JobQuery.all();
        boolean all =
                context.access().seesAll() && equals(none().withStatus(status).withAfter(after));
        if (!all) {
            query = query.among(candidates.stream().map(ExportJob::name).toList());
        }
        if (status.isPresent()) {
            query = query.status(status.get());
        }
        return after.isEmpty() ? query : query.after(after);
    }

    /** A query for all of them, on whatever page they are. */
    public JobQuery all(Context context) {
        JobFilter whole = withAfter("");
        return whole.query(context, whole.candidates(context)).limit(Integer.MAX_VALUE);
    }

    private static JobFilter none() {
        return of(Parameters.parse(""));
    }

    private JobFilter withStatus(Optional<JobStatus> other) {
        return new JobFilter(search, other, frequency, destination, definition, customer, activity, after);
    }

    private JobFilter withAfter(String other) {
        return new JobFilter(search, status, frequency, destination, definition, customer, activity, other);
    }

    /** A link that has the filter in its address. */
    public String link(String page, String afterJob, String... more) {
        List<String> parameters = new ArrayList<>(List.of(more));
        parameters.addAll(parameters());
        parameters.addAll(List.of("after", afterJob));
        return Text.link(page, parameters.toArray(String[]::new));
    }

    /** The names and values of the parameters of the filter. */
    public List<String> parameters() {
        return List.of(
                "search",
                search,
                "status",
                status.map(Enum::name).orElse(""),
                "frequency",
                frequency.map(Enum::name).orElse(""),
                "destination",
                destination,
                "definition",
                definition,
                "customer",
                customer,
                "activity",
                activity.map(Enum::name).orElse(""));
    }

    /** Whether it has more than a search and a status. */
    public boolean detailed() {
        return frequency.isPresent() || activity.isPresent() || !(destination + definition + customer).isEmpty();
    }

    public boolean empty() {
        return withAfter("").equals(none());
    }
}
