package io.outfeed.store;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.file.FileRole;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.DeliveryState;
import io.outfeed.run.ExportRun;
import io.outfeed.run.FileDelivery;
import io.outfeed.run.FileRemoval;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.WatchRecord;
import io.outfeed.run.WatchState;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes and reads a run as a file of the store. */
final class RunDocument {

    private RunDocument() {}

    static Document write(ExportRun run) {
        Document document = new Document();
        document.put("number", run.number());
        document.put("job", run.job());
        document.put("trigger", run.trigger());
        run.fireTime().ifPresent(at -> document.put("fire", at));
        document.put("startedAt", run.startedAt());
        run.endedAt().ifPresent(at -> document.put("endedAt", at));
        document.put("status", run.status());
        document.put("token", run.token());
        document.put("attempts", run.attempts());
        document.put("sequence", run.sequence().orElse(0));
        if (!run.note().isEmpty()) {
            document.put("note", run.note());
        }
        if (run.rejected() > 0) {
            document.put("rejected", run.rejected());
        }
        if (run.sensitive()) {
            document.put("sensitive", "yes");
        }
        run.failure().ifPresent(failure -> {
            document.put("failure.type", failure.type());
            document.put("failure.message", failure.message());
        });
        for (int i = 0; i < run.deliveryIds().size(); i++) {
            document.put("delivery." + i, run.deliveryIds().get(i));
        }
        int i = 0;
        for (Map.Entry<String, Window> entry : run.windows().entrySet()) {
            writeWindow(document, "window." + i++, entry.getKey(), entry.getValue());
        }
        for (int j = 0; j < run.files().size(); j++) {
            writeFile(document, "file." + j, run.files().get(j));
        }
        for (int j = 0; j < run.deliveries().size(); j++) {
            writeStep(document, "step." + j, run.deliveries().get(j));
        }
        for (int j = 0; j < run.log().size(); j++) {
            writeLogEntry(document, "log." + j, run.log().get(j));
        }
        return document;
    }

    static ExportRun read(Document document) {
        RunBuilder run = RunBuilder.planned(
                        document.number("number"),
                        document.text("job"),
                        Trigger.valueOf(document.text("trigger")),
                        document.instant("startedAt").orElseThrow())
                .status(RunStatus.valueOf(document.text("status")))
                .token(document.number("token"))
                .attempts((int) document.number("attempts"))
                .sequence(document.number("sequence"));
        document.find("note").ifPresent(run::note);
        if (document.find("rejected").isPresent()) {
            run.rejected((int) document.number("rejected"));
        }
        run.sensitive(document.find("sensitive").isPresent());
        document.instant("fire").ifPresent(run::fireTime);
        document.instant("endedAt").ifPresent(run::endedAt);
        readFailure(document, "failure").ifPresent(run::failure);
        List<String> ids = new ArrayList<>();
        for (int i = 0, count = document.count("delivery"); i < count; i++) {
            ids.add(document.text("delivery." + i));
        }
        Map<String, Window> windows = new LinkedHashMap<>();
        for (int i = 0, count = document.count("window"); i < count; i++) {
            windows.put(document.text("window." + i + ".definition"), readWindow(document, "window." + i));
        }
        List<StagedFile> files = new ArrayList<>();
        for (int i = 0, count = document.count("file"); i < count; i++) {
            files.add(readFile(document, "file." + i));
        }
        List<FileDelivery> steps = new ArrayList<>();
        for (int i = 0, count = document.count("step"); i < count; i++) {
            steps.add(readStep(document, "step." + i));
        }
        List<RunLogEntry> log = new ArrayList<>();
        for (int i = 0, count = document.count("log"); i < count; i++) { // none in files of older versions
            log.add(readLogEntry(document, "log." + i));
        }
        return run.deliveryIds(ids)
                .windows(windows)
                .files(files)
                .deliveries(steps)
                .log(log)
                .build();
    }

    private static void writeLogEntry(Document document, String key, RunLogEntry entry) {
        document.put(key + ".at", entry.at());
        document.put(key + ".phase", entry.phase());
        entry.delivery().ifPresent(delivery -> document.put(key + ".delivery", delivery));
        document.put(key + ".rows", entry.rows());
        document.put(key + ".bytes", entry.bytes());
        document.put(key + ".tries", entry.tries());
        entry.failure().ifPresent(failure -> {
            document.put(key + ".failure.type", failure.type());
            document.put(key + ".failure.message", failure.message());
        });
    }

    private static RunLogEntry readLogEntry(Document document, String key) {
        return new RunLogEntry(
                document.instant(key + ".at").orElseThrow(),
                RunPhase.valueOf(document.text(key + ".phase")),
                document.find(key + ".delivery"),
                document.number(key + ".rows"),
                document.number(key + ".bytes"),
                (int) document.number(key + ".tries"),
                readFailure(document, key + ".failure"));
    }

    private static Optional<RunFailure> readFailure(Document document, String key) {
        return document.find(key + ".type").map(type -> new RunFailure(type, document.text(key + ".message")));
    }

    private static void writeWindow(Document document, String key, String definition, Window window) {
        document.put(key + ".definition", definition);
        document.put(key + ".kind", window.from().kind());
        document.put(key + ".from", window.from().text());
        document.put(key + ".until", window.until().text());
    }

    private static Window readWindow(Document document, String key) {
        String kind = document.text(key + ".kind");
        return new Window(
                new Position(kind, document.text(key + ".from")), new Position(kind, document.text(key + ".until")));
    }

    private static void writeFile(Document document, String key, StagedFile file) {
        if (file.role() != FileRole.DATA) {
            document.put(key + ".role", file.role());
        }
        document.put(key + ".definition", file.definition());
        document.put(key + ".folder", file.folder());
        document.put(key + ".name", file.name());
        document.put(key + ".rows", file.rows());
        document.put(key + ".bytes", file.bytes());
        document.put(key + ".sha256", file.sha256());
    }

    private static StagedFile readFile(Document document, String key) {
        return new StagedFile(
                document.find(key + ".role").map(FileRole::valueOf).orElse(FileRole.DATA),
                document.text(key + ".definition"),
                document.text(key + ".folder"),
                document.text(key + ".name"),
                document.number(key + ".rows"),
                document.number(key + ".bytes"),
                document.text(key + ".sha256"));
    }

    private static void writeStep(Document document, String key, FileDelivery step) {
        document.put(key + ".delivery", step.delivery());
        document.put(key + ".path", step.path());
        document.put(key + ".state", step.state());
        step.prepared().ifPresent(prepared -> {
            document.put(key + ".location", prepared.location());
            prepared.temporary().ifPresent(temporary -> document.put(key + ".temporary", temporary));
        });
        step.receipt().ifPresent(receipt -> {
            document.put(key + ".receipt.location", receipt.location());
            document.put(key + ".receipt.publication", receipt.publication());
        });
        step.publishedAt().ifPresent(at -> document.put(key + ".publishedAt", at));
        step.watch().ifPresent(watch -> writeWatch(document, key + ".watch", watch));
        step.removal().ifPresent(removal -> {
            document.put(key + ".removal.outcome", removal.outcome());
            document.put(key + ".removal.at", removal.at());
        });
    }

    private static void writeWatch(Document document, String key, WatchRecord watch) {
        document.put(key + ".state", watch.state());
        watch.lastLooked().ifPresent(at -> document.put(key + ".lastLooked", at));
        watch.lastSeen().ifPresent(at -> document.put(key + ".lastSeen", at));
        document.put(key + ".vanished", watch.vanished());
        document.put(key + ".recopied", watch.recopied());
    }

    private static FileDelivery readStep(Document document, String key) {
        FileDelivery step = FileDelivery.pending(document.text(key + ".delivery"), document.text(key + ".path"));
        if (document.find(key + ".location").isPresent()) {
            step = step.toPrepared(readPrepared(document, key));
        }
        return switch (DeliveryState.valueOf(document.text(key + ".state"))) {
            case PENDING, PREPARED -> step;
            case REMOVED -> step.toRemoved();
            case UNKNOWN -> step.toUnknown();
            case PUBLISHED -> readAfter(document, key, readPublished(document, key, step));
        };
    }

    private static FileDelivery readPublished(Document document, String key, FileDelivery step) {
        return step.toPublished(
                new DeliveryReceipt(
                        document.text(key + ".receipt.location"),
                        Publication.valueOf(document.text(key + ".receipt.publication"))),
                document.instant(key + ".publishedAt").orElseThrow());
    }

    /** Reads the watch and the removal of a published file; older versions have written neither. */
    private static FileDelivery readAfter(Document document, String key, FileDelivery published) {
        FileDelivery step = published;
        if (document.find(key + ".watch.state").isPresent()) {
            step = step.toWatched(readWatch(document, key + ".watch"));
        }
        if (document.find(key + ".removal.outcome").isPresent()) {
            step = step.toRetired(new FileRemoval(
                    FileRemoval.Outcome.valueOf(document.text(key + ".removal.outcome")),
                    document.instant(key + ".removal.at").orElseThrow()));
        }
        return step;
    }

    private static WatchRecord readWatch(Document document, String key) {
        return WatchRecord.of(
                WatchState.valueOf(document.text(key + ".state")),
                document.instant(key + ".lastLooked"),
                document.instant(key + ".lastSeen"),
                (int) document.number(key + ".vanished"),
                (int) document.number(key + ".recopied"));
    }

    private static PreparedFile readPrepared(Document document, String key) {
        String location = document.text(key + ".location");
        return document.find(key + ".temporary")
                .map(temporary -> PreparedFile.renamed(location, temporary))
                .orElseGet(() -> PreparedFile.direct(location));
    }
}
