package io.outfeed.console.internal.page;

import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.web.ForbiddenException;
import io.outfeed.console.internal.web.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The audit.
 *
 * @param job the name of the job; empty for all
 * @param lines the lines, newest first
 * @param older the link to older lines; empty if there are none
 */
public record AuditPage(String job, List<AuditRecord> lines, String older) implements Page {

    private static final int PAGE = 50;

    public static AuditPage of(Context context, Parameters parameters) {
        String job = parameters.text("job");
        boolean may = context.access().mayAll(ConsoleAction.VIEW_AUDIT)
                || (!job.isEmpty()
                        && context.access()
                                .may(ConsoleAction.VIEW_AUDIT, context.access().job(job)));
        if (!may) {
            throw new ForbiddenException("you may not see this audit");
        }
        OptionalLong below = parameters.number("below");
        AuditQuery query = AuditQuery.all().limit(PAGE + 1).below(below.orElse(Long.MAX_VALUE));
        List<AuditRecord> found = context.engine().audit(job.isEmpty() ? query : query.job(job));
        List<AuditRecord> lines = found.subList(0, Math.min(PAGE, found.size()));
        return new AuditPage(
                job,
                lines,
                found.size() > PAGE
                        ? Text.link(
                                "audit",
                                "job",
                                job,
                                "below",
                                Long.toString(lines.get(PAGE - 1).number()))
                        : "");
    }

    @Override
    public String template() {
        return "audit";
    }

    @Override
    public String title() {
        return job.isEmpty() ? "Audit" : "Audit of " + job;
    }

    @Override
    public String section() {
        return job.isEmpty() ? "audit" : "jobs";
    }

    @Override
    public Object json() {
        return lines.stream()
                .map(line -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("number", line.number());
                    json.put("at", line.entry().at().toString());
                    json.put("principal", line.entry().principal());
                    json.put("action", line.entry().action());
                    json.put("job", line.entry().job().orElse(""));
                    json.put("subject", line.entry().subject());
                    json.put("reason", line.entry().reason());
                    json.put("outcome", line.entry().outcome().name());
                    json.put("detail", line.entry().detail());
                    return json;
                })
                .toList();
    }
}
