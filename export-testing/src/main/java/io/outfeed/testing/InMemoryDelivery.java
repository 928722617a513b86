package io.outfeed.testing;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Protection;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.FileNames;
import io.outfeed.file.IfExists;
import io.outfeed.internal.text.NameAdvice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A destination in memory: records what arrived, and fails on demand.
 *
 * <p>It behaves as a real one does: files wait under temporary names, a rename makes them visible, and what happens to
 * a name that is taken is the file's choice.
 *
 * <p>It does not imitate time limits, partial uploads, a login, or servers that replace a file in two steps: an
 * operation works as a whole or not at all, and at once. Folders need not exist, names are compared with case, and
 * files are held in memory whole. The tests of a delivery of your own need its server.
 *
 * <p>Thread-safe. It may be shared by the jobs, engines and threads of a test.
 */
public final class InMemoryDelivery implements Delivery {

    /** What a delivery does, and where it can fail on demand. */
    public enum Operation {
        /** Connecting. */
        OPEN,
        /** Uploading under a temporary name. */
        PREPARE,
        /** Making visible. */
        PUBLISH,
        /** Removing a temporary file. */
        DISCARD,
        /** Checking whether a file is there. */
        INSPECT,
        /** Deleting a file whose time is over. */
        DELETE
    }

    /** How an operation fails. */
    public enum Failure {
        /** It does nothing, and trying again may help. */
        REFUSED,
        /** It does nothing, and an operator must fix something first. */
        REFUSED_FOR_GOOD,
        /** It works, and its answer gets lost. */
        ANSWER_LOST,
        /**
         * It does nothing, and the answer is "not said", as of a server that must not tell. For INSPECT and DELETE
         * only.
         */
        NOT_SAID
    }

    /** A failure of an operation to come; the code is that of its exception, if it throws one. */
    private record PlannedFailure(Failure failure, FailureCode code) {}

    private final String id;
    private final Map<String, DeliveredFile> temporary = new LinkedHashMap<>();
    private final Map<String, DeliveredFile> visible = new LinkedHashMap<>();

    /** What identifies a file whatever its name is. */
    private final IdentityHashMap<DeliveredFile, String> keys = new IdentityHashMap<>();

    private final List<DeliveredFile> arrivals = new ArrayList<>();
    private final Map<Operation, Deque<PlannedFailure>> failures = new EnumMap<>(Operation.class);
    private boolean directoryMissing;
    private Protection protection = Protection.PROTECTED;

    private final boolean renames;

    private InMemoryDelivery(String id, boolean renames) {
        this.id = requireNonNull(id, "id");
        this.renames = renames;
    }

    /**
     * Makes a destination without files.
     *
     * @param id what the ledger calls it
     * @return the delivery
     */
    public static InMemoryDelivery create(String id) {
        return new InMemoryDelivery(id, true);
    }

    /**
     * Makes a destination without rename, as a mailbox is: nothing waits under a temporary name, nothing proves what
     * was sent, and a name may come twice.
     *
     * @param id what the ledger calls it
     * @return the delivery
     */
    public static InMemoryDelivery withoutRename(String id) {
        return new InMemoryDelivery(id, false);
    }

    /**
     * Sets whether sensitive fields may leave by it. Default: {@link Protection#PROTECTED}, nothing leaves the
     * test's memory. Set it before a job is built with it.
     *
     * @param protection {@link Protection#PLAIN} to stand for email or another plain delivery
     * @return this delivery
     */
    public synchronized InMemoryDelivery protection(Protection protection) {
        this.protection = requireNonNull(protection, "protection");
        return this;
    }

    /**
     * Makes the next operation of a kind fail; called several times, the ones after it too.
     *
     * @param operation what fails
     * @param failure how
     * @return this delivery
     * @throws IllegalArgumentException if the operation can't fail like that
     */
    public synchronized InMemoryDelivery failNext(Operation operation, Failure failure) {
        boolean answers = operation == Operation.INSPECT || operation == Operation.DELETE;
        if (failure == Failure.NOT_SAID && !answers) {
            throw new IllegalArgumentException("only INSPECT and DELETE can be NOT_SAID, not " + operation);
        }
        boolean forGood = failure == Failure.REFUSED_FOR_GOOD;
        return failNext(
                operation,
                new PlannedFailure(
                        failure, forGood ? FailureCode.DESTINATION_REFUSED : FailureCode.DESTINATION_UNAVAILABLE));
    }

    /**
     * Makes the next operation of a kind do nothing, and fail with a code; called several times, the ones after it too.
     *
     * @param operation what fails
     * @param code the code of the exception, which decides what the engine does next: {@link FailureCode#LOGIN_REFUSED}
     *     for a wrong password, {@link FailureCode#DESTINATION_FULL} for a full disk
     * @return this delivery
     */
    public synchronized InMemoryDelivery failNext(Operation operation, FailureCode code) {
        return failNext(operation, new PlannedFailure(Failure.REFUSED, requireNonNull(code, "code")));
    }

    private InMemoryDelivery failNext(Operation operation, PlannedFailure failure) {
        failures.computeIfAbsent(requireNonNull(operation, "operation"), key -> new ArrayDeque<>())
                .add(failure);
        return this;
    }

    /**
     * Returns everything that ever became visible, in order: a file that was sent twice is here twice.
     *
     * @return the files
     */
    public synchronized List<DeliveredFile> arrivals() {
        return List.copyOf(arrivals);
    }

    /**
     * Returns what a receiver would see now.
     *
     * @return the files, in the order in which their names appeared
     */
    public synchronized List<DeliveredFile> files() {
        return List.copyOf(visible.values());
    }

    /**
     * Returns a file that a receiver would see now.
     *
     * @param path its path
     * @return the file
     * @throws IllegalArgumentException if there is none; the message lists those that there are
     */
    public synchronized DeliveredFile file(String path) {
        DeliveredFile file = visible.get(path);
        if (file == null) {
            throw new IllegalArgumentException("no file '" + path + "', only " + visible.keySet());
        }
        return file;
    }

    /**
     * Takes all visible files away, as a receiver does that moves what it has read.
     *
     * @return the files
     */
    public synchronized List<DeliveredFile> takeAll() {
        List<DeliveredFile> taken = files();
        visible.clear();
        return taken;
    }

    /**
     * Takes one visible file away.
     *
     * @param path its path
     * @return the file
     * @throws IllegalArgumentException if there is none; the message lists those that there are
     */
    public synchronized DeliveredFile take(String path) {
        DeliveredFile file = file(path);
        visible.remove(path);
        return file;
    }

    /**
     * Puts a file there that no run delivered, in place of one of that name: run 0, no arrival.
     *
     * @param path its path
     * @param text its content, as UTF-8
     * @return this delivery
     */
    public synchronized InMemoryDelivery put(String path, String text) {
        visible.put(path, identified(new DeliveredFile(path, 0, text.getBytes(StandardCharsets.UTF_8))));
        return this;
    }

    /**
     * Takes the directory away with all files in it, as a file system that is not mounted any more. While it is away,
     * inspections find it missing, and uploads are refused.
     *
     * @return this delivery
     */
    public synchronized InMemoryDelivery removeDirectory() {
        visible.clear();
        directoryMissing = true;
        return this;
    }

    /**
     * Makes the directory again, empty.
     *
     * @return this delivery
     */
    public synchronized InMemoryDelivery makeDirectory() {
        directoryMissing = false;
        return this;
    }

    /**
     * Returns the names of the temporary files, which a receiver does not see.
     *
     * @return the names
     */
    public synchronized List<String> temporaryNames() {
        return List.copyOf(temporary.keySet());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public FileNames fileNames() {
        return FileNames.UNICODE;
    }

    @Override
    public synchronized Protection protection() {
        return protection;
    }

    @Override
    public DeliverySession open() {
        call(Operation.OPEN, () -> true);
        return new Session();
    }

    /** The id and the number of visible files. */
    @Override
    public synchronized String toString() {
        return "in-memory delivery '" + id + "' with " + visible.size() + " files";
    }

    /** Removes a temporary file, as a cleaner does. */
    synchronized void removeTemporary(String name) {
        temporary.remove(name);
    }

    /** Takes a temporary file away, as a receiver does that takes every name. */
    synchronized void takeTemporary(String name) {
        arrivals.add(requireNonNull(temporary.remove(name), name));
    }

    /** Makes a temporary file visible, and keeps it. */
    synchronized void copyTemporary(String name, String path) {
        DeliveredFile copied = requireNonNull(temporary.get(name), name);
        visible.put(path, copied);
        arrivals.add(copied);
    }

    /** Receives a file that is taken when it is closed. */
    synchronized void receive(String path, OutgoingFile file) throws IOException {
        arrivals.add(new DeliveredFile(path, file.run(), Files.readAllBytes(file.content())));
    }

    private DeliveredFile identified(DeliveredFile file) {
        keys.put(file, "file-" + keys.size());
        return file;
    }

    private interface Effect<R> {
        R happen();
    }

    private synchronized <R> R call(Operation operation, Effect<R> effect) {
        return call(operation, nextFailure(operation), effect);
    }

    /** A call that may also say nothing. */
    private synchronized <R> R ask(Operation operation, R nothing, Effect<R> effect) {
        PlannedFailure planned = nextFailure(operation);
        boolean silent = planned != null && planned.failure() == Failure.NOT_SAID;
        return silent ? nothing : call(operation, planned, effect);
    }

    private @Nullable PlannedFailure nextFailure(Operation operation) {
        return failures.getOrDefault(operation, new ArrayDeque<>()).poll();
    }

    private <R> R call(Operation operation, @Nullable PlannedFailure planned, Effect<R> effect) {
        if (planned == null) {
            return effect.happen();
        }
        String what = operation + " is refused" + (planned.failure() == Failure.REFUSED_FOR_GOOD ? " for good" : "");
        if (planned.failure() == Failure.ANSWER_LOST) {
            effect.happen();
            what = "the answer of " + operation + " got lost";
        }
        throw DeliveryException.of(planned.code(), id, what + ", as the test wanted", null);
    }

    private final class Session implements DeliverySession {

        @Override
        public PreparedFile prepare(OutgoingFile file) throws IOException {
            byte[] content = Files.readAllBytes(file.content());
            if (!renames) {
                return call(
                        Operation.PREPARE, () -> PreparedFile.direct(file.file().path()));
            }
            return call(Operation.PREPARE, () -> {
                checkDirectory();
                String path = path(file);
                checkFree(path, file.ifExists());
                checkSize(file, content.length);
                temporary.put(name(file), identified(new DeliveredFile(path, file.run(), content)));
                file.sent(content.length);
                return PreparedFile.renamed(path, name(file));
            });
        }

        @Override
        public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws IOException {
            if (prepared.temporary().isEmpty()) {
                byte[] content = Files.readAllBytes(file.content());
                return call(Operation.PUBLISH, () -> {
                    DeliveredFile sent = identified(new DeliveredFile(prepared.location(), file.run(), content));
                    visible.put(prepared.location(), sent);
                    arrivals.add(sent);
                    file.sent(content.length);
                    return Optional.of(new DeliveryReceipt(prepared.location(), Publication.ACCEPTED));
                });
            }
            return call(Operation.PUBLISH, () -> {
                DeliveredFile waiting = temporary.get(prepared.temporary().orElseThrow());
                if (waiting == null) {
                    return Optional.empty();
                }
                checkFree(prepared.location(), file.ifExists());
                temporary.remove(prepared.temporary().orElseThrow());
                if (isHidden(prepared.location())) { // as that of a check
                    temporary.put(prepared.location(), waiting);
                } else {
                    visible.put(prepared.location(), waiting);
                    arrivals.add(waiting);
                }
                return Optional.of(new DeliveryReceipt(prepared.location(), Publication.ATOMIC));
            });
        }

        @Override
        public void discard(OutgoingFile file) {
            call(Operation.DISCARD, () -> Optional.ofNullable(temporary.remove(name(file))));
        }

        @Override
        public Inspection inspect(String location) {
            return ask(Operation.INSPECT, Inspection.notSaid(), () -> {
                DeliveredFile file = visible.getOrDefault(location, temporary.get(location));
                if (file != null) {
                    return Inspection.present(
                            file.bytes().length, Optional.empty(), Optional.ofNullable(keys.get(file)));
                }
                return directoryMissing ? Inspection.directoryMissing() : Inspection.missing();
            });
        }

        @Override
        public Deletion delete(String location, long expectedBytes) {
            return ask(Operation.DELETE, Deletion.NOT_SAID, () -> {
                Map<String, DeliveredFile> files = isHidden(location) ? temporary : visible;
                DeliveredFile file = files.get(location);
                if (file == null) {
                    return directoryMissing ? Deletion.NOT_SAID : Deletion.NOT_THERE;
                }
                if (file.bytes().length != expectedBytes) {
                    return Deletion.DIFFERENT;
                }
                files.remove(location);
                return Deletion.DELETED;
            });
        }

        @Override
        public void close() {
            // holds nothing
        }

        private static boolean isHidden(String path) {
            return path.startsWith(".", path.lastIndexOf('/') + 1);
        }

        private void checkDirectory() {
            if (directoryMissing) {
                throw DeliveryException.of(
                        FailureCode.DESTINATION_MISSING, id, "the directory is not there, as the test wanted", null);
            }
        }

        private String path(OutgoingFile file) {
            String path = file.file().path();
            boolean keepBoth = file.ifExists() == IfExists.KEEP_BOTH && visible.containsKey(path);
            return keepBoth ? file.keptBoth().path() : path;
        }

        private void checkFree(String path, IfExists ifExists) {
            if (ifExists != IfExists.REPLACE && visible.containsKey(path)) {
                throw DeliveryException.occupied(id, path + " exists already: " + NameAdvice.OCCUPIED);
            }
        }

        private void checkSize(OutgoingFile file, long size) {
            if (size != file.file().bytes()) {
                throw DeliveryException.retryable(
                        id,
                        name(file) + " has " + size + " bytes instead of "
                                + file.file().bytes(),
                        null);
            }
        }

        private static String name(OutgoingFile file) {
            String folder = file.file().folder();
            return (folder.isEmpty() ? "" : folder + "/") + file.temporaryName();
        }
    }
}
