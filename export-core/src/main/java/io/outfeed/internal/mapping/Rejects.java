package io.outfeed.internal.mapping;

import io.outfeed.ExportDefinition;
import io.outfeed.error.MappingException;
import io.outfeed.internal.io.Durable;
import io.outfeed.internal.io.StringCodec;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.run.RejectedRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects the records of a definition that can't be mapped in a run. If there are more than allowed, the run fails,
 * but not before the first {@value #SHOWN} are known, so that they can be corrected together. Used by the thread of the
 * run.
 */
public final class Rejects {

    /** How many records a failure names. */
    private static final int SHOWN = 20;

    private final ExportDefinition<?> definition;
    private final String at;
    private final int limit;
    private final List<RejectedRecord> records = new ArrayList<>();
    private @Nullable MappingException first;

    public Rejects(ExportDefinition<?> definition, String at) {
        this.definition = definition;
        this.at = at;
        this.limit = definition.rejectPolicy().limit();
    }

    /**
     * Adds a record.
     *
     * @throws MappingException if there are more than allowed, and {@value #SHOWN} or more
     */
    public void add(MappedRecord.Rejected rejected) {
        if (records.isEmpty()) {
            first = rejected.failure();
        }
        records.add(rejected.record());
        if (records.size() >= SHOWN) {
            throwIfTooMany();
        }
    }

    /** Whether the run is going to fail, so that no further row needs to be written. */
    public boolean areTooMany() {
        return records.size() > limit;
    }

    /** Throws if there are more than allowed. */
    public void throwIfTooMany() {
        if (areTooMany()) {
            if (limit == 0 && records.size() == 1 && first != null) {
                throw first;
            }
            RejectedRecord named = records.get(0);
            throw new MappingException(message(), named.field(), named.recordKey(), named.reason(), first);
        }
    }

    private String message() {
        StringBuilder message = new StringBuilder(
                limit == 0
                        ? "records of " + definition + " can't be mapped, and nothing was published: "
                        : "more than " + limit + " records of " + definition
                                + " can't be mapped, no more may be left out, and nothing was published: ");
        int shown = Math.min(SHOWN, records.size());
        for (int i = 0; i < shown; i++) {
            RejectedRecord record = records.get(i);
            message.append("(%d) record '%s', field '%s': %s; "
                    .formatted(i + 1, record.recordKey(), record.field(), record.reason()));
        }
        message.append(records.size() < SHOWN ? "there are no more" : "there may be more");
        return message.append(at).toString();
    }

    /** Returns a note for the run; empty if no record was left out. */
    public Optional<String> note() {
        int count = records.size();
        return count == 0
                ? Optional.empty()
                : Optional.of(count + (count == 1 ? " record of '" : " records of '") + definition.name()
                        + "' can't be mapped and " + (count == 1 ? "was" : "were") + " left out: see rejects()");
    }

    public int count() {
        return records.size();
    }

    /** Writes the list to a file, unless it is empty. */
    public void write(Path file) throws IOException {
        if (records.isEmpty()) {
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(records.size());
            for (RejectedRecord record : records) {
                StringCodec.write(out, record.recordKey());
                StringCodec.write(out, record.field());
                StringCodec.write(out, record.reason());
            }
        }
        Durable.createDirectories(Durable.directoryOf(file));
        Durable.write(file, bytes.toByteArray());
    }

    /** Reads the list of a run. */
    public static List<RejectedRecord> read(Path file, String definition) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            int count = in.readInt();
            List<RejectedRecord> records = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                records.add(new RejectedRecord(
                        definition, StringCodec.read(in), StringCodec.read(in), StringCodec.read(in)));
            }
            return records;
        } catch (IOException e) {
            throw StoreFailures.ofFile("can't read " + file, "check permissions and the disk", e);
        }
    }
}
