package io.outfeed.console.internal.part;

import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.html.Text;
import io.outfeed.incident.Incident;
import io.outfeed.notification.Notice;
import java.util.List;

/**
 * An incident in a list.
 *
 * @param incident the incident
 * @param headline what is wrong
 * @param facts what is known of it, and what to do
 * @param jobs some of its jobs that the person sees
 * @param moreJobs how many more there are that the person sees
 * @param acknowledge the page to acknowledge it; empty if the person may not
 */
public record IncidentItem(
        Incident incident,
        String headline,
        List<Notice.Fact> facts,
        List<String> jobs,
        int moreJobs,
        String acknowledge) {

    private static final int SHOWN = 5;

    public static String headline(Context context, Incident incident) {
        return new Notice(Notice.Kind.OPENED, context.access().visible(incident)).headline();
    }

    public static IncidentItem of(Context context, Incident incident) {
        Incident visible = context.access().visible(incident);
        Notice notice = new Notice(visible.end().isEmpty() ? Notice.Kind.OPENED : Notice.Kind.ENDED, visible);
        return new IncidentItem(
                visible,
                notice.headline(),
                notice.facts(context.times().now(), context.times().zone()).stream()
                        .filter(fact -> !fact.label().startsWith("Job"))
                        .toList(),
                visible.jobs().stream().limit(SHOWN).toList(),
                Math.max(0, visible.jobs().size() - SHOWN),
                visible.end().isEmpty() && context.access().may(ConsoleAction.ACKNOWLEDGE, incident)
                        ? Text.link("action", "do", "acknowledge-incident", "incident", incident.id())
                        : "");
    }
}
