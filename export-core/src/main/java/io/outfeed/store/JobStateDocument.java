package io.outfeed.store;

import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.internal.document.RecipientDocument;
import io.outfeed.internal.model.BackfillText;
import io.outfeed.internal.model.LayoutsText;
import io.outfeed.internal.state.Document;
import io.outfeed.operation.JobPause;
import io.outfeed.run.RunLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes and reads the state of a job as a file of the store. */
final class JobStateDocument {

    private static final String DIRECTORY = "directory";

    private static final String REFUSED = "refused";

    private JobStateDocument() {}

    static Document write(JobState state) {
        Document document = new Document();
        document.put("failuresInARow", state.failuresInARow());
        state.pause().ifPresent(pause -> {
            document.put("pause.by", pause.by());
            document.put("pause.reason", pause.reason());
            document.put("pause.since", pause.since());
        });
        int index = 0;
        for (Map.Entry<String, String> directory : state.directories().entrySet()) {
            String key = DIRECTORY + "." + index++;
            document.put(key + ".place", directory.getKey());
            document.put(key + ".identity", directory.getValue());
        }
        writeRefused(document, state.refusedRecipients());
        state.deadline().ifPresent(deadline -> {
            document.put("deadline.checkedUntil", deadline.checkedUntil());
            document.put("deadline.overdue", deadline.overdue());
        });
        if (!state.layouts().isEmpty()) {
            document.put("layouts", LayoutsText.write(state.layouts().values()));
        }
        state.backfill().ifPresent(backfill -> document.put("backfill", BackfillText.write(backfill)));
        return document;
    }

    private static void writeRefused(Document document, Map<String, List<RecipientDelivery>> refused) {
        int index = 0;
        for (Map.Entry<String, List<RecipientDelivery>> delivery : refused.entrySet()) {
            for (RecipientDelivery recipient : delivery.getValue()) {
                String key = REFUSED + "." + index++;
                document.put(key + ".delivery", delivery.getKey());
                RecipientDocument.write(document, key, recipient);
            }
        }
    }

    static JobState read(Document document) {
        Optional<JobPause> pause = document.instant("pause.since")
                .map(since -> new JobPause(
                        JobPause.By.valueOf(document.text("pause.by")), document.text("pause.reason"), since));
        Optional<JobDeadline> deadline = document.instant("deadline.checkedUntil")
                .map(at -> new JobDeadline(at, Boolean.parseBoolean(document.text("deadline.overdue"))));
        Map<String, String> directories = new LinkedHashMap<>();
        for (int i = 0, count = document.count(DIRECTORY); i < count; i++) {
            String key = DIRECTORY + "." + i;
            directories.put(document.text(key + ".place"), document.text(key + ".identity"));
        }
        Map<String, RunLayout> layouts = new LinkedHashMap<>();
        document.find("layouts")
                .map(LayoutsText::read)
                .ifPresent(all -> all.forEach(layout -> layouts.put(layout.definition(), layout)));
        return JobState.of(
                pause,
                (int) document.number("failuresInARow"),
                directories,
                readRefused(document),
                deadline,
                layouts,
                document.find("backfill").map(BackfillText::read));
    }

    private static Map<String, List<RecipientDelivery>> readRefused(Document document) {
        Map<String, List<RecipientDelivery>> refused = new LinkedHashMap<>();
        for (int i = 0, count = document.count(REFUSED); i < count; i++) {
            String key = REFUSED + "." + i;
            refused.computeIfAbsent(document.text(key + ".delivery"), id -> new ArrayList<>())
                    .add(RecipientDocument.read(document, key));
        }
        return refused;
    }
}
