package io.outfeed.console.internal.page;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.part.Button;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.JobLine;
import io.outfeed.console.internal.part.RunState;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPage;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.ExplainedFire;
import io.outfeed.source.Position;
import io.outfeed.view.JobView;
import io.outfeed.view.RunView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A job: how it fares, when it runs, where it delivers, what it has done.
 *
 * @param line the job and its state
 * @param fires its next fires
 * @param positions up to where each definition was delivered
 * @param runs its runs, newest first
 * @param older the link to older runs; empty if there are none
 * @param usual how many records a run usually delivers: the median of those listed
 * @param buttons what the person may do now
 * @param editable the definitions whose layout the person may change
 * @param seesAudit whether the person may see its audit
 * @param mayCheck whether the person may check it
 */
public record JobPage(
        JobLine line,
        List<ExplainedFire> fires,
        List<DefinitionPosition> positions,
        List<ExportRun> runs,
        String older,
        OptionalLong usual,
        List<Button> buttons,
        List<String> editable,
        boolean seesAudit,
        boolean mayCheck)
        implements Page {

    private static final int PAGE = 25;

    private static final int FIRES = 5;

    private static final int ENOUGH = 3;

    /**
     * Up to where a definition was delivered.
     *
     * @param definition the name of the definition
     * @param position the position, or why there is none
     */
    public record DefinitionPosition(String definition, String position) {}

    public static JobPage of(Context context, ExportJob job, Parameters parameters) {
        OfJob subject = OfJob.of(context.engine(), job);
        RunQuery query = RunQuery.ofJob(job.name()).limit(PAGE);
        OptionalLong below = parameters.number("below");
        RunPage page = context.engine().runs(below.isPresent() ? query.below(below.getAsLong()) : query);
        List<ExportRun> runs = page.runs();
        return new JobPage(
                JobLine.of(context, subject.summary()),
                subject.handle().explain(FIRES),
                positions(subject),
                runs,
                page.next().isEmpty()
                        ? ""
                        : Text.link(
                                "job",
                                "name",
                                job.name(),
                                "below",
                                Long.toString(runs.get(runs.size() - 1).number())),
                usual(runs),
                Button.of(context.operations().of(subject, context.access()), subject),
                editable(context, job),
                context.access().may(ConsoleAction.VIEW_AUDIT, job),
                context.access().may(ConsoleAction.CHECK, job));
    }

    private static List<DefinitionPosition> positions(OfJob subject) {
        return subject.theJob().definitions().stream()
                .map(definition -> new DefinitionPosition(
                        definition.name(),
                        subject.handle()
                                .position(definition.name())
                                .map(Position::text)
                                .orElse("nothing was delivered yet")))
                .toList();
    }

    private static OptionalLong usual(List<ExportRun> runs) {
        long[] rows = runs.stream()
                .filter(run ->
                        run.status() == RunStatus.COMMITTED && run.trigger().movesPositions())
                .mapToLong(ExportRun::rows)
                .sorted()
                .toArray();
        return rows.length < ENOUGH ? OptionalLong.empty() : OptionalLong.of(rows[rows.length / 2]);
    }

    public static List<String> editable(Context context, ExportJob job) {
        boolean may =
                context.settings().editor().filter(editor -> editor.edits(job)).isPresent()
                        && context.access().may(ConsoleAction.EDIT, job);
        return may
                ? job.declaredDefinitions().stream()
                        .filter(definition -> definition.choices().isPresent())
                        .map(ExportDefinition::name)
                        .toList()
                : List.of();
    }

    public JobSummary summary() {
        return line.summary();
    }

    public ExportJob job() {
        return line.summary().job();
    }

    /** How the records of a run compare with the usual number; empty if they are about the same. */
    public String unusual(ExportRun run) {
        if (usual.isEmpty()
                || run.status() != RunStatus.COMMITTED
                || !run.trigger().movesPositions()) {
            return "";
        }
        long normal = usual.getAsLong();
        if (run.rows() > 3 * normal) {
            return "far more than usual";
        }
        return run.rows() * 3 < normal ? "far fewer than usual" : "";
    }

    @Override
    public String template() {
        return "job";
    }

    @Override
    public String title() {
        return job().name();
    }

    @Override
    public String section() {
        return "jobs";
    }

    @Override
    public String state() {
        return RunState.of(summary());
    }

    @Override
    public String poll() {
        return Text.link("state.json", "job", job().name());
    }

    @Override
    public Object json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", JobView.of(summary()));
        json.put("positions", positions);
        json.put("fires", fires.stream().map(fire -> fire.at().toString()).toList());
        json.put("runs", runs.stream().map(RunView::of).toList());
        if (!older.isEmpty()) {
            json.put("older", older.replaceFirst("^job", "job.json"));
        }
        return json;
    }
}
