package io.outfeed.internal.document;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.FailureCode;
import io.outfeed.file.FileRole;
import io.outfeed.file.IfExists;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.LayoutsText;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.state.Document;
import io.outfeed.run.Attempt;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLayout;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.run.file.Litter;
import io.outfeed.run.file.PublicationRequest;
import io.outfeed.run.file.Sidecar;
import io.outfeed.run.file.WatchRecord;
import io.outfeed.run.file.WatchState;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Writes and reads runs, and what changes in them, as documents. */
public final class RunDocument {

    /** A part of a run: a change has it only if it differs. */
    private interface Part {

        void write(Document document, ExportRun run);

        void writeChange(Document change, ExportRun before, ExportRun after);
    }

    /** A value, which may be one that is not there. */
    private record Value<T>(Function<ExportRun, T> value, BiConsumer<Document, T> writer) implements Part {

        @Override
        public void write(Document document, ExportRun run) {
            writer.accept(document, value.apply(run));
        }

        @Override
        public void writeChange(Document change, ExportRun before, ExportRun after) {
            T old = value.apply(before);
            T next = value.apply(after);
            if (differ(old, next)) {
                change.putChange(document(old), document(next));
            }
        }

        private Document document(T of) {
            Document document = new Document();
            writer.accept(document, of);
            return document;
        }
    }

    /** A list: its elements are written by index, and only those that differ in a change. */
    private record Elements<T>(String name, Function<ExportRun, List<T>> elements, Writer<T> writer) implements Part {

        @Override
        public void write(Document document, ExportRun run) {
            List<T> list = elements.apply(run);
            for (int i = 0; i < list.size(); i++) {
                writer.write(document, name + "." + i, list.get(i));
            }
        }

        @Override
        public void writeChange(Document change, ExportRun before, ExportRun after) {
            List<T> old = elements.apply(before);
            List<T> list = elements.apply(after);
            if (old == list) {
                return;
            }
            for (int i = 0; i < Math.max(old.size(), list.size()); i++) {
                if (i >= old.size() || i >= list.size() || differ(old.get(i), list.get(i))) {
                    change.putChange(document(old, i), document(list, i));
                }
            }
        }

        /** Returns an element in a document of its own, or an empty one. */
        private Document document(List<T> list, int i) {
            Document document = new Document();
            if (i < list.size()) {
                writer.write(document, name + "." + i, list.get(i));
            }
            return document;
        }
    }

    /** Writes a value, all of whose keys are or begin with the given one. */
    private interface Writer<T> {

        void write(Document document, String key, T value);
    }

    private static final List<Part> PARTS = List.of(
            value("number", ExportRun::number),
            value("trigger", ExportRun::trigger),
            optional("fire", ExportRun::fireTime),
            value("startedAt", ExportRun::startedAt),
            optional("endedAt", ExportRun::endedAt),
            value("status", ExportRun::status),
            value("token", ExportRun::token),
            flag("publishing", ExportRun::publishing),
            flag("released", ExportRun::released),
            flag("unconfirmed", ExportRun::unconfirmed),
            text("fingerprint", ExportRun::fingerprint),
            optional("clockOrigin", ExportRun::clockOrigin),
            optional("skipReason", ExportRun::skipReason),
            optional("waiting", ExportRun::waiting, RunDocument::writeWaiting),
            optional("fires", ExportRun::coveredFires, RunDocument::writeFires),
            optional("failingSince", ExportRun::failingSince),
            optional("expected.", ExportRun::expectedPositions, PositionsDocument::write),
            value("attempts", ExportRun::attemptCount),
            value("sequence", run -> run.sequence().orElse(0)),
            new Value<>(
                    ExportRun::dailySequence, (document, daily) -> PositionsDocument.writeDaily(document, "", daily)),
            optional("existing", ExportRun::existing),
            text("note", ExportRun::note),
            new Value<>(ExportRun::layouts, RunDocument::writeLayouts),
            count("rejected", ExportRun::rejected),
            flag("sensitive", ExportRun::sensitive),
            count("spoolToken", ExportRun::spoolToken),
            optional("failure", ExportRun::failure, RunDocument::writeFailure),
            new Elements<>("delivery", ExportRun::deliveryIds, Document::put),
            new Elements<>("window", run -> List.copyOf(run.windows().entrySet()), RunDocument::writeWindow),
            new Elements<>("file", ExportRun::files, RunDocument::writeFile),
            new Elements<>("sidecar", ExportRun::sidecars, RunDocument::writeSidecar),
            new Elements<>("step", ExportRun::deliveries, RunDocument::writeStep),
            new Elements<>("attempt", ExportRun::attempts, RunDocument::writeAttempt),
            new Elements<>("litter", ExportRun::litter, RunDocument::writeLitter),
            new Elements<>("log", ExportRun::log, RunDocument::writeLogEntry));

    private RunDocument() {}

    private static <T> Part value(String key, Function<ExportRun, T> value) {
        return new Value<>(value, (document, of) -> document.put(key, of));
    }

    private static <T> Part optional(String key, Function<ExportRun, Optional<T>> value) {
        return optional(key, value, Document::put);
    }

    private static <T> Part optional(String key, Function<ExportRun, Optional<T>> value, Writer<T> writer) {
        return new Value<>(value, (document, of) -> of.ifPresent(there -> writer.write(document, key, there)));
    }

    private static Part text(String key, Function<ExportRun, String> value) {
        return optional(key, run -> Optional.of(value.apply(run)).filter(text -> !text.isEmpty()));
    }

    private static Part count(String key, ToLongFunction<ExportRun> value) {
        return optional(key, run -> Optional.of(value.applyAsLong(run)).filter(count -> count > 0));
    }

    private static Part flag(String key, Predicate<ExportRun> value) {
        return optional(key, run -> value.test(run) ? Optional.of("yes") : Optional.empty());
    }

    /** A step keeps most of a run: most are the same objects. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean differ(Object before, Object after) {
        return before != after && !before.equals(after);
    }

    /** Writes a run. The name of its job is where the document is stored. */
    public static Document write(ExportRun run) {
        Document document = new Document();
        PARTS.forEach(part -> part.write(document, run));
        return document;
    }

    /** Writes what makes the document of a run that of the same run later. */
    public static Document change(ExportRun before, ExportRun after) {
        Document change = new Document();
        PARTS.forEach(part -> part.writeChange(change, before, after));
        return change;
    }

    static ExportRun read(String job, Document document) {
        RunBuilder run = RunBuilder.planned(
                        document.number("number"),
                        job,
                        Trigger.valueOf(document.text("trigger")),
                        document.instant("startedAt").orElseThrow())
                .status(RunStatus.valueOf(document.text("status")))
                .token(document.number("token"))
                .sequence(document.number("sequence"));
        PositionsDocument.readDaily(document, "").ifPresent(run::dailySequence);
        document.find("note").ifPresent(run::note);
        document.find("layouts").map(LayoutsText::read).ifPresent(run::layouts);
        if (document.find("rejected").isPresent()) {
            run.rejected((int) document.number("rejected"));
        }
        run.sensitive(document.find("sensitive").isPresent());
        if (document.find("spoolToken").isPresent()) {
            run.spoolToken(document.number("spoolToken"));
        }
        document.find("existing").map(IfExists::valueOf).ifPresent(run::existing);
        document.instant("fire").ifPresent(run::fireTime);
        document.instant("endedAt").ifPresent(run::endedAt);
        readProgress(document, run);
        readFailure(document, "failure").ifPresent(run::failure);
        Map<String, Window> windows = new LinkedHashMap<>();
        for (int i = 0, count = document.count("window"); i < count; i++) {
            windows.put(document.text("window." + i + ".definition"), readWindow(document, "window." + i));
        }
        return run.deliveryIds(list(document, "delivery", Document::text))
                .windows(windows)
                .files(list(document, "file", RunDocument::readFile))
                .sidecars(list(document, "sidecar", RunDocument::readSidecar))
                .deliveries(list(document, "step", RunDocument::readStep))
                .attempts(list(document, "attempt", RunDocument::readAttempt), (int) document.number("attempts"))
                .litter(list(document, "litter", RunDocument::readLitter))
                .log(list(document, "log", RunDocument::readLogEntry))
                .build();
    }

    private static <T> List<T> list(Document document, String name, BiFunction<Document, String, T> reader) {
        List<T> list = new ArrayList<>();
        for (int i = 0, count = document.count(name); i < count; i++) {
            list.add(reader.apply(document, name + "." + i));
        }
        return list;
    }

    private static void writeLogEntry(Document document, String key, RunLogEntry entry) {
        document.put(key + ".at", entry.at());
        document.put(key + ".phase", entry.phase());
        entry.delivery().ifPresent(delivery -> document.put(key + ".delivery", delivery));
        document.put(key + ".rows", entry.rows());
        document.put(key + ".bytes", entry.bytes());
        document.put(key + ".tries", entry.tries());
        entry.failure().ifPresent(failure -> writeFailure(document, key + ".failure", failure));
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

    private static void writeFailure(Document document, String key, RunFailure failure) {
        document.put(key + ".code", failure.code());
        document.put(key + ".type", failure.type());
        document.put(key + ".message", failure.message());
        failure.origin().ifPresent(origin -> document.put(key + ".origin", origin));
    }

    private static Optional<RunFailure> readFailure(Document document, String key) {
        return document.find(key + ".code")
                .map(code -> new RunFailure(
                        FailureCode.valueOf(code),
                        document.text(key + ".type"),
                        document.text(key + ".message"),
                        document.find(key + ".origin")));
    }

    private static void writeWaiting(Document document, String key, Waiting waiting) {
        document.put(key + ".cause", waiting.cause());
        document.put(key + ".until", waiting.until());
        waiting.incident().ifPresent(id -> document.put(key + ".incident", id));
    }

    private static void writeFires(Document document, String key, CoveredFires fires) {
        document.put(key + ".first", fires.first());
        document.put(key + ".last", fires.last());
        document.put(key + ".count", fires.count());
    }

    private static void writeLayouts(Document document, List<RunLayout> layouts) {
        if (!layouts.isEmpty()) {
            document.put("layouts", LayoutsText.write(layouts));
        }
    }

    private static void readProgress(Document document, RunBuilder run) {
        run.publishing(document.find("publishing").isPresent());
        run.released(document.find("released").isPresent());
        run.unconfirmed(document.find("unconfirmed").isPresent());
        document.find("fingerprint").ifPresent(run::fingerprint);
        document.instant("clockOrigin").ifPresent(run::clockOrigin);
        document.find("skipReason").map(SkipReason::valueOf).ifPresent(run::skipped);
        document.instant("waiting.until")
                .ifPresent(until -> run.waiting(new Waiting(
                        until,
                        Waiting.Cause.valueOf(document.text("waiting.cause")),
                        document.find("waiting.incident"))));
        document.instant("fires.first")
                .ifPresent(first -> run.coveredFires(new CoveredFires(
                        first, document.instant("fires.last").orElseThrow(), document.number("fires.count"))));
        document.instant("failingSince").ifPresent(run::failingSince);
        if (document.find("expected.run").isPresent()) {
            run.expectedPositions(PositionsDocument.read(document, "expected."));
        }
    }

    private static void writeAttempt(Document document, String key, Attempt attempt) {
        document.put(key + ".number", attempt.number());
        document.put(key + ".startedAt", attempt.startedAt());
        attempt.endedAt().ifPresent(at -> document.put(key + ".endedAt", at));
        document.put(key + ".reached", attempt.reached());
        document.put(key + ".outcome", attempt.outcome());
        attempt.failure().ifPresent(failure -> writeFailure(document, key + ".failure", failure));
    }

    private static Attempt readAttempt(Document document, String key) {
        return new Attempt(
                (int) document.number(key + ".number"),
                document.instant(key + ".startedAt").orElseThrow(),
                document.instant(key + ".endedAt"),
                RunStatus.valueOf(document.text(key + ".reached")),
                Attempt.Outcome.valueOf(document.text(key + ".outcome")),
                readFailure(document, key + ".failure"));
    }

    private static void writeLitter(Document document, String key, Litter litter) {
        document.put(key + ".delivery", litter.delivery());
        document.put(key + ".run", litter.run());
        document.put(key + ".path", litter.path());
        document.put(key + ".token", litter.token());
        document.put(key + ".upload", litter.upload());
        document.put(key + ".since", litter.since());
    }

    private static Litter readLitter(Document document, String key) {
        return new Litter(
                document.text(key + ".delivery"),
                document.number(key + ".run"),
                document.text(key + ".path"),
                document.number(key + ".token"),
                (int) document.number(key + ".upload"),
                document.instant(key + ".since").orElseThrow());
    }

    private static void writeRequest(Document document, String key, PublicationRequest request) {
        document.put(key + ".at", request.at());
        document.put(key + ".answer", request.answer());
        writeInspection(document, key + ".temporary", request.temporary());
        writeInspection(document, key + ".occupant", request.occupant());
    }

    private static PublicationRequest readRequest(Document document, String key) {
        return new PublicationRequest(
                document.instant(key + ".at").orElseThrow(),
                readInspection(document, key + ".temporary"),
                readInspection(document, key + ".occupant"),
                PublicationRequest.Answer.valueOf(document.text(key + ".answer")));
    }

    private static void writeInspection(Document document, String key, Inspection inspection) {
        document.put(key, inspection.presence());
        document.put(key + ".bytes", inspection.bytes());
        inspection.modifiedAt().ifPresent(at -> document.put(key + ".modifiedAt", at));
        inspection.fileKey().ifPresent(fileKey -> document.put(key + ".fileKey", fileKey));
    }

    private static Inspection readInspection(Document document, String key) {
        return new Inspection(
                Inspection.Presence.valueOf(document.text(key)),
                document.number(key + ".bytes"),
                document.instant(key + ".modifiedAt"),
                document.find(key + ".fileKey"));
    }

    private static void writeWindow(Document document, String key, Map.Entry<String, Window> entry) {
        Window window = entry.getValue();
        document.put(key + ".definition", entry.getKey());
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
        file.plain().ifPresent(plain -> writePlain(document, key + ".plain", plain));
        int number = 0;
        for (Map.Entry<String, BigDecimal> sum : file.sums().entrySet()) {
            document.put(key + ".sum." + number + ".field", sum.getKey());
            document.put(key + ".sum." + number++ + ".value", sum.getValue().toPlainString());
        }
    }

    private static StagedFile readFile(Document document, String key) {
        return new StagedFile(
                document.find(key + ".role").map(FileRole::valueOf).orElse(FileRole.DATA),
                document.text(key + ".definition"),
                document.text(key + ".folder"),
                document.text(key + ".name"),
                document.number(key + ".rows"),
                document.number(key + ".bytes"),
                document.text(key + ".sha256"),
                readSums(document, key),
                readPlain(document, key + ".plain"));
    }

    private static void writePlain(Document document, String key, PlainBytes plain) {
        document.put(key + ".bytes", plain.bytes());
        document.put(key + ".sha256", plain.sha256());
        if (plain.encrypted()) {
            document.put(key + ".encrypted", "yes");
        }
        if (plain.kept()) {
            document.put(key + ".kept", "yes");
        }
    }

    private static Optional<PlainBytes> readPlain(Document document, String key) {
        return document.find(key + ".sha256")
                .map(sha256 -> new PlainBytes(
                        document.number(key + ".bytes"),
                        sha256,
                        document.find(key + ".encrypted").isPresent(),
                        document.find(key + ".kept").isPresent()));
    }

    private static Map<String, BigDecimal> readSums(Document document, String key) {
        Map<String, BigDecimal> sums = new LinkedHashMap<>();
        for (int number = 0; document.find(key + ".sum." + number + ".field").isPresent(); number++) {
            String sum = key + ".sum." + number;
            sums.put(document.text(sum + ".field"), new BigDecimal(document.text(sum + ".value")));
        }
        return sums;
    }

    private static void writeSidecar(Document document, String key, Sidecar sidecar) {
        document.put(key + ".kind", sidecar.kind());
        document.put(key + ".definition", sidecar.definition());
        document.put(key + ".bytes", sidecar.bytes());
        document.put(key + ".sha256", sidecar.sha256());
    }

    private static Sidecar readSidecar(Document document, String key) {
        return new Sidecar(
                Sidecar.Kind.valueOf(document.text(key + ".kind")),
                document.text(key + ".definition"),
                document.number(key + ".bytes"),
                document.text(key + ".sha256"));
    }

    private static void writeStep(Document document, String key, FileDelivery step) {
        document.put(key + ".delivery", step.delivery());
        document.put(key + ".path", step.path());
        document.put(key + ".state", step.state());
        if (step.uploads() > 0) {
            document.put(key + ".token", step.token());
            document.put(key + ".uploads", step.uploads());
        }
        if (step.taken() > 0) {
            document.put(key + ".taken", step.taken());
        }
        if (step.repeated()) {
            document.put(key + ".repeated", "yes");
        }
        step.request().ifPresent(request -> writeRequest(document, key + ".request", request));
        step.prepared().ifPresent(prepared -> {
            document.put(key + ".location", prepared.location());
            prepared.temporary().ifPresent(temporary -> document.put(key + ".temporary", temporary));
        });
        step.receipt().ifPresent(receipt -> {
            document.put(key + ".receipt.location", receipt.location());
            document.put(key + ".receipt.publication", receipt.publication());
            if (receipt.repeated()) {
                document.put(key + ".receipt.repeated", "yes");
            }
        });
        if (!step.recipients().isEmpty()) {
            document.put(key + ".recipients", step.recipients().size());
        }
        for (int i = 0; i < step.recipients().size(); i++) {
            RecipientDocument.write(
                    document, key + ".recipient." + i, step.recipients().get(i));
        }
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
        watch.modifiedAt().ifPresent(at -> document.put(key + ".modifiedAt", at));
    }

    private static FileDelivery readStep(Document document, String key) {
        boolean uploaded = document.find(key + ".uploads").isPresent();
        FileDelivery step = FileDelivery.restored(
                document.text(key + ".delivery"),
                document.text(key + ".path"),
                uploaded ? document.number(key + ".token") : 0,
                uploaded ? (int) document.number(key + ".uploads") : 0,
                document.find(key + ".taken").isPresent() ? (int) document.number(key + ".taken") : 0,
                document.find(key + ".repeated").isPresent());
        if (document.find(key + ".location").isPresent()) {
            step = step.toPrepared(readPrepared(document, key));
        }
        if (document.find(key + ".request.at").isPresent()) {
            step = step.toRequested(readRequest(document, key + ".request"));
        }
        boolean hasRecipients = document.find(key + ".recipients").isPresent();
        for (int i = 0, count = hasRecipients ? (int) document.number(key + ".recipients") : 0; i < count; i++) {
            step = step.toRecipient(RecipientDocument.read(document, key + ".recipient." + i));
        }
        return switch (DeliveryState.valueOf(document.text(key + ".state"))) {
            case PENDING, UPLOADING, PREPARED -> step;
            case REMOVED -> step.toRemoved();
            case UNKNOWN -> step.toUnknown();
            case PUBLISHED -> readAfter(document, key, readPublished(document, key, step));
        };
    }

    private static FileDelivery readPublished(Document document, String key, FileDelivery step) {
        return step.toPublished(
                new DeliveryReceipt(
                        document.text(key + ".receipt.location"),
                        Publication.valueOf(document.text(key + ".receipt.publication")),
                        document.find(key + ".receipt.repeated").isPresent(),
                        step.recipients()),
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
                (int) document.number(key + ".recopied"),
                document.instant(key + ".modifiedAt"));
    }

    private static PreparedFile readPrepared(Document document, String key) {
        String location = document.text(key + ".location");
        return document.find(key + ".temporary")
                .map(temporary -> PreparedFile.renamed(location, temporary))
                .orElseGet(() -> PreparedFile.direct(location));
    }
}
