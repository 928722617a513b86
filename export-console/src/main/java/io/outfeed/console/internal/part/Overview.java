package io.outfeed.console.internal.part;

import io.outfeed.ExportEngine;
import io.outfeed.console.internal.access.Access;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.RunProgress;
import java.util.List;

/** What a page that is loaded anew by itself depends on: open incidents, and what is in progress on this node. */
public final class Overview {

    private static final int MOST = 200;

    private Overview() {}

    /** The open incidents that a person sees. One statement. */
    public static List<Incident> incidents(ExportEngine engine, Access access) {
        return engine.incidents(IncidentQuery.open().limit(MOST)).stream()
                .filter(access::sees)
                .toList();
    }

    /** What is in progress on this node, of the jobs that a person sees. Reads memory only. */
    public static List<RunProgress> inProgress(ExportEngine engine, Access access) {
        return engine.inProgress().stream()
                .filter(progress ->
                        access.find(progress.job()).filter(access::sees).isPresent())
                .toList();
    }

    /** Identifies both. */
    public static String state(ExportEngine engine, Access access) {
        return state(incidents(engine, access), inProgress(engine, access));
    }

    public static String state(List<Incident> incidents, List<RunProgress> inProgress) {
        int hash = 1;
        for (Incident incident : incidents) {
            hash = 31 * hash
                    + (incident.id() + incident.status() + incident.jobs().size()).hashCode();
        }
        for (RunProgress progress : inProgress) {
            hash = 31 * hash + (progress.run() + progress.step().name()).hashCode();
        }
        return incidents.size() + "-" + inProgress.size() + "-" + Integer.toHexString(hash);
    }
}
