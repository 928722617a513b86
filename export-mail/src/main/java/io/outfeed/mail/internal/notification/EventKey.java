package io.outfeed.mail.internal.notification;

import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.EngineStoppedEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.IncidentEvent;
import io.outfeed.event.JobDamagedEvent;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.RecipientsRefusedEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.run.ExportRun;

/**
 * What makes two events the same: the mail of a second one has the same Message-ID, and is not sent again by the same
 * process. An attempt that fails as the one before did is no news.
 */
public final class EventKey {

    private EventKey() {}

    /** @param sinceWhen since when the destination has not worked, for an event of one */
    public static String of(EventSummary summary, String sinceWhen) {
        ExportEvent event = summary.event();
        if (event instanceof RunEvent of) {
            return String.join("\n", "run", run(of.run()), of.kind().name());
        } else if (event instanceof DeliveredFilesEvent of) {
            return String.join("\n", "files", run(of.run()), of.kind().name(), of.delivery(), files(of));
        } else if (event instanceof DeliveryOverdueEvent of) {
            return String.join("\n", "overdue", of.job(), of.deadline().toString());
        } else if (event instanceof DestinationEvent of) {
            return String.join("\n", "destination", of.delivery(), summary.what(), sinceWhen);
        } else if (event instanceof EngineStoppedEvent of) {
            return String.join("\n", "stopped", of.problem().message());
        } else if (event instanceof IncidentEvent of) {
            return String.join(
                    "\n",
                    "incident",
                    of.incident().id(),
                    of.kind().name(),
                    of.incident().lastSignAt().toString());
        } else if (event instanceof JobDamagedEvent of) {
            return String.join("\n", "damaged", of.job(), of.damage().message());
        } else if (event instanceof JobPausedEvent of) {
            return String.join("\n", "paused", of.job(), of.pause().since().toString());
        } else if (event instanceof MisfireEvent of) {
            return String.join(
                    "\n",
                    "missed",
                    of.job(),
                    of.first() + " " + of.last(),
                    of.outcome().name());
        } else if (event instanceof RecipientsRefusedEvent of) {
            return String.join("\n", "recipients", run(of.run()), of.delivery());
        }
        throw new IllegalStateException("an unknown kind of event: " + event.getClass());
    }

    private static String files(DeliveredFilesEvent event) {
        return String.join(
                "\n",
                event.files().stream()
                        .map(file -> file.path() + " "
                                + file.watch()
                                        .map(watch -> watch.vanished() + " " + watch.recopied())
                                        .orElse(""))
                        .toList());
    }

    /** The numbers of runs start at 1 again when a store is lost. */
    private static String run(ExportRun run) {
        return run.job() + "\n" + run.number() + "\n" + run.startedAt();
    }
}
