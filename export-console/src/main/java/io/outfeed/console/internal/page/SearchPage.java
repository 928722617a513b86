package io.outfeed.console.internal.page;

import io.outfeed.ExportJob;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.error.ExportException;
import io.outfeed.operation.RecordSearch;
import io.outfeed.operation.RecordTrace;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which run has sent a record: the key is in no address, and so in no log of a proxy.
 *
 * @param job the name of the job that was searched; empty before
 * @param definition the name of the definition; empty before
 * @param trace what was found
 * @param problem why nothing was searched; empty if there is nothing to say
 * @param jobs the names of the jobs that can be searched, if they are few
 * @param allowed whether there is one
 */
public record SearchPage(
        String job, String definition, Optional<RecordTrace> trace, String problem, List<String> jobs, boolean allowed)
        implements Page {

    private static final int MOST_CHOICES = 100;

    public static SearchPage of(Context context, Parameters parameters) {
        List<String> jobs = jobs(context);
        return new SearchPage(
                parameters.text("job"),
                parameters.text("definition"),
                Optional.empty(),
                "",
                few(jobs),
                !jobs.isEmpty());
    }

    /** Searches the files that were kept. */
    public static SearchPage found(Context context, ExportJob job, Parameters form) {
        String definition =
                form.find("definition").orElseGet(() -> job.definitions().get(0).name());
        MappingPage.definition(job.definitions(), definition);
        try {
            RecordTrace trace =
                    context.engine().job(job.name()).findRecord(definition, form.required("key"), RecordSearch.all());
            return new SearchPage(job.name(), definition, Optional.of(trace), "", few(jobs(context)), true);
        } catch (ExportException e) {
            return new SearchPage(
                    job.name(),
                    definition,
                    Optional.empty(),
                    e.code() + ": " + e.getMessage(),
                    few(jobs(context)),
                    true);
        }
    }

    private static List<String> jobs(Context context) {
        return context.access().jobs().stream()
                .filter(job -> context.access().may(ConsoleAction.VIEW_RECORDS, job))
                .map(ExportJob::name)
                .toList();
    }

    private static List<String> few(List<String> names) {
        return names.size() > MOST_CHOICES ? List.of() : names;
    }

    @Override
    public String template() {
        return "search";
    }

    @Override
    public String title() {
        return "Search a record";
    }

    @Override
    public String section() {
        return "search";
    }

    @Override
    public Object json() {
        return Map.of("jobs", jobs);
    }
}
