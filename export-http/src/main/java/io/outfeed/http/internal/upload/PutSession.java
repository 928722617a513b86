package io.outfeed.http.internal.upload;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.file.IfExists;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.io.ContentTypes;
import io.outfeed.internal.io.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts files into a folder. What became of a request whose answer got lost is found out by reading the file back: it is
 * this one, a part of it, or one of others.
 */
public final class PutSession implements DeliverySession {

    private static final int CREATED = 201;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final UploadSettings settings;
    private final UploadFailures failures;
    private final HttpCalls calls;

    private PutSession(UploadSettings settings) {
        this.settings = settings;
        this.failures = new UploadFailures(settings);
        this.calls = new HttpCalls(settings, failures);
    }

    /** Opens a session, and proves that the server is there. */
    public static PutSession open(UploadSettings settings) {
        PutSession session = new PutSession(settings);
        Reach.prove(session.calls, settings, session.failures);
        return session;
    }

    // ---- prepare

    @Override
    public PreparedFile prepare(OutgoingFile file) throws IOException {
        StagedContent.check(file, failures);
        String location = freeLocation(file);
        if (settings.webDav()) {
            settings.target().folders(file.file().path()).forEach(folder -> makeFolder(folder, file));
        }
        return PreparedFile.direct(location);
    }

    private String freeLocation(OutgoingFile file) {
        String location = settings.target().location(file.file().path());
        if (file.ifExists() == IfExists.REPLACE) {
            return location;
        }
        FoundFile found = look(URI.create(location), UploadFailures.at(file));
        if (file.ifExists() == IfExists.KEEP_BOTH && !found.isMissing()) {
            String beside = settings.target().location(file.keptBoth().path());
            requireNotPresent(look(URI.create(beside), UploadFailures.at(file)), beside, file);
            return beside;
        }
        requireNotPresent(found, location, file);
        return location;
    }

    private void requireNotPresent(FoundFile found, String location, OutgoingFile file) {
        if (found.isPresent()) {
            throw failures.occupied(location, file);
        }
    }

    private void makeFolder(URI folder, OutgoingFile file) {
        String doing = "can't make the folder " + folder;
        int status = calls.send("MKCOL", folder, Map.of(), doing, UploadFailures.at(file))
                .statusCode();
        if (status != CREATED && status != METHOD_NOT_ALLOWED) { // the second one: it is there
            throw failures.answered(doing, status, UploadAnswer.REFUSED, UploadFailures.at(file));
        }
    }

    /** Returns what has a name; not said where the login may not look. */
    private FoundFile look(URI address, String at) {
        return FoundFile.of(calls.send("HEAD", address, Map.of(), "can't look at " + address, at));
    }

    // ---- publish

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws IOException {
        URI address = settings.target()
                .below(prepared.location())
                .orElseThrow(() -> failures.outside(prepared.location(), file));
        Publication publication = prepared.touched() ? putAgain(address, file) : putFirst(address, file);
        file.sent(file.file().bytes());
        return Optional.of(new DeliveryReceipt(address.toString(), publication));
    }

    private Publication putFirst(URI address, OutgoingFile file) throws IOException {
        return put(address, condition(address, file), file) ? Publication.DIRECT : recognized(address, file);
    }

    /** Compares with what has refused a request: it may be the file, by an earlier request, or by one sent twice. */
    private Publication recognized(URI address, OutgoingFile file) throws IOException {
        if (compare(address, file).verdict() == Verdict.SAME) {
            return Publication.INFERRED;
        }
        throw file.ifExists() == IfExists.REPLACE
                ? failures.changed(address.toString(), file)
                : failures.occupied(address.toString(), file);
    }

    /** Returns the condition for a name that must be free, or whose file is replaced. */
    private Condition condition(URI address, OutgoingFile file) {
        boolean replaced = file.ifExists() == IfExists.REPLACE;
        if (!settings.conditional()) {
            if (!replaced && look(address, UploadFailures.at(file)).isPresent()) {
                throw failures.occupied(address.toString(), file);
            }
            return Condition.NONE;
        } else if (!replaced) {
            return Condition.ABSENT;
        }
        return replacing(look(address, UploadFailures.at(file)));
    }

    private Condition replacing(FoundFile found) {
        if (!settings.conditional()) {
            return Condition.NONE;
        } else if (found.isMissing()) {
            return Condition.ABSENT;
        }
        return found.etag().map(Condition::same).orElse(Condition.NONE);
    }

    /** Returns whether it is there now; if not, another file has the name. */
    private boolean put(URI address, Condition condition, OutgoingFile file) throws IOException {
        String doing = "can't put " + address;
        int status = request(address, condition, file, doing).statusCode();
        UploadAnswer meaning = settings.answer(status, condition.isStated());
        if (meaning == UploadAnswer.OCCUPIED) {
            return false;
        } else if (meaning != UploadAnswer.TAKEN) {
            throw failures.answered(doing, status, meaning, UploadFailures.at(file));
        }
        verifySize(address, file);
        return true;
    }

    private HttpResponse<String> request(URI address, Condition condition, OutgoingFile file, String doing)
            throws IOException {
        UploadBody body = UploadBody.of(file, contentType(file));
        Map<String, String> headers = new LinkedHashMap<>(condition.headers());
        headers.put("Content-Type", body.contentType());
        headers.put("Content-Digest", body.digest());
        headers.put(settings.keyHeader(), RequestKeys.of(settings.id(), file));
        return calls.send("PUT", address, headers, body, doing, UploadFailures.at(file));
    }

    private String contentType(OutgoingFile file) {
        return settings.contentType() == null ? ContentTypes.of(file.file().name()) : settings.contentType();
    }

    /** A receiver may have taken it away already, or not let it be seen: only another size is a failure. */
    private void verifySize(URI address, OutgoingFile file) {
        look(address, UploadFailures.at(file))
                .bytes()
                .filter(bytes -> bytes != file.file().bytes())
                .ifPresent(bytes -> {
                    throw failures.otherSizeThere(address.toString(), bytes, file);
                });
    }

    /** Puts a file whose request may have been carried out, as a whole or in part. */
    private Publication putAgain(URI address, OutgoingFile file) throws IOException {
        Compared compared = compare(address, file);
        if (compared.verdict() == Verdict.SAME) {
            return Publication.INFERRED;
        } else if (compared.verdict() == Verdict.OTHER && file.ifExists() != IfExists.REPLACE) {
            throw failures.occupied(address.toString(), file);
        }
        return put(address, replacing(compared.found()), file)
                ? Publication.DIRECT
                : recognized(address, file); // the first request may have been carried out late
    }

    private enum Verdict {
        SAME,
        PART,
        OTHER,
        MISSING,
        NOT_SAID
    }

    private record Compared(Verdict verdict, FoundFile found) {}

    private Compared compare(URI address, OutgoingFile file) throws IOException {
        try (FileComparison comparison = new FileComparison(file.content())) {
            FoundFile found = FoundFile.of(calls.read(
                    address, new ReadBack(comparison), "can't read " + address + " back", UploadFailures.at(file)));
            return new Compared(verdict(found, comparison), found);
        }
    }

    private static Verdict verdict(FoundFile found, FileComparison comparison) throws IOException {
        return switch (found.presence()) {
            case MISSING -> Verdict.MISSING;
            case NOT_SAID -> Verdict.NOT_SAID;
            case PRESENT ->
                comparison.isDifferent() ? Verdict.OTHER : comparison.isWhole() ? Verdict.SAME : Verdict.PART;
        };
    }

    // ---- afterwards

    @Override
    public void discard(OutgoingFile file) {
        // nothing is kept on the server before it is published
    }

    @Override
    public Inspection inspect(String location) {
        Optional<URI> address = settings.target().below(location);
        if (address.isEmpty()) { // of an earlier address of the delivery
            return Inspection.notSaid();
        }
        FoundFile found = look(address.get(), failures.at());
        return switch (found.presence()) {
            case MISSING -> Inspection.missing();
            case NOT_SAID -> Inspection.notSaid();
            case PRESENT ->
                found.bytes()
                        .map(bytes -> Inspection.present(bytes, found.modifiedAt(), Optional.empty()))
                        .orElse(Inspection.notSaid());
        };
    }

    @Override
    public Optional<String> sha256(String location) {
        Optional<URI> address = settings.target().below(location);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        MessageDigest digest = Sha256.newDigest();
        ReadBack.Sink sink = bytes -> {
            digest.update(bytes);
            return true;
        };
        FoundFile found = FoundFile.of(
                calls.read(address.get(), new ReadBack(sink), "can't read " + address.get() + " back", failures.at()));
        return found.isPresent() ? Optional.of(HexFormat.of().formatHex(digest.digest())) : Optional.empty();
    }

    @Override
    public Deletion delete(String location, long expectedBytes) {
        Optional<URI> address = settings.target().below(location);
        if (address.isEmpty() || !settings.deletes()) {
            return Deletion.NOT_SAID;
        }
        FoundFile found = look(address.get(), failures.at());
        if (found.isMissing()) {
            return Deletion.NOT_THERE;
        } else if (found.bytes().isEmpty()) {
            return Deletion.NOT_SAID;
        } else if (found.bytes().get() != expectedBytes) {
            return Deletion.DIFFERENT;
        }
        Map<String, String> headers = replacing(found).headers();
        String doing = "can't delete " + address.get();
        int status = calls.send("DELETE", address.get(), headers, doing, failures.at())
                .statusCode();
        return switch (status) {
            case 200, 204 -> Deletion.DELETED;
            case 404, 410 -> Deletion.NOT_THERE;
            case 412 -> Deletion.DIFFERENT;
            case 202, 403, 405, 501 -> Deletion.NOT_SAID;
            default -> throw failures.answered(doing, status, settings.answer(status, false), failures.at());
        };
    }

    /** Does what a delivery does, with a hidden file. */
    @Override
    public void check(OutgoingFile file) throws IOException {
        if (!settings.deletes()) {
            return;
        }
        String folder = file.file().folder().isEmpty() ? "" : file.file().folder() + "/";
        URI address = URI.create(settings.target().location(folder + file.temporaryName()));
        try {
            checkWrites(address, file);
        } catch (IOException | RuntimeException e) {
            HostCalls.closeAfter(e, () -> {
                Deletion unused = remove(address, file);
            });
            throw e;
        }
    }

    private void checkWrites(URI address, OutgoingFile file) throws IOException {
        if (!put(address, settings.conditional() ? Condition.ABSENT : Condition.NONE, file)) {
            throw failures.checkNotSeen(address.toString());
        }
        if (settings.conditional() && isWrittenTwice(address, file)) {
            throw failures.ignoresConditions(address.toString());
        }
        Deletion deletion = remove(address, file);
        if (deletion == Deletion.NOT_THERE) {
            throw failures.checkNotSeen(address.toString());
        } else if (deletion != Deletion.DELETED) {
            throw failures.checkNotRemoved(address.toString());
        }
    }

    private boolean isWrittenTwice(URI address, OutgoingFile file) throws IOException {
        int status =
                request(address, Condition.ABSENT, file, "can't put " + address).statusCode();
        return settings.answer(status, true) == UploadAnswer.TAKEN;
    }

    private Deletion remove(URI address, OutgoingFile file) {
        return delete(address.toString(), file.file().bytes());
    }

    @Override
    public void close() {
        // the client ends by itself
    }
}
