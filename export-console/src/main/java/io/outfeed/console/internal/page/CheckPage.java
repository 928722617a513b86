package io.outfeed.console.internal.page;

import io.outfeed.ExportJob;
import io.outfeed.operation.JobCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a check of a job has found.
 *
 * @param job the job
 * @param check what was found
 */
public record CheckPage(ExportJob job, JobCheck check) implements Page {

    @Override
    public String template() {
        return "check";
    }

    @Override
    public String title() {
        return "Check of " + job.name();
    }

    @Override
    public String section() {
        return "jobs";
    }

    @Override
    public Object json() {
        List<Map<String, Object>> findings = check.findings().stream()
                .map(finding -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("subject", finding.subject().name());
                    json.put("name", finding.name());
                    finding.problem().ifPresent(problem -> json.put("problem", problem.toString()));
                    finding.note().ifPresent(note -> json.put("note", note));
                    return json;
                })
                .toList();
        return Map.of("job", job.name(), "ok", check.ok(), "findings", findings);
    }
}
