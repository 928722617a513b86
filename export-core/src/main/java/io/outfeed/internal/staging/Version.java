package io.outfeed.internal.staging;

import io.outfeed.RejectedRecord;
import io.outfeed.watermark.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A record as the source gave it, and what becomes of it if none of its key is later.
 *
 * @param key its key
 * @param position where it lies; null if records do not carry one
 */
record Version(RecordKey key, @Nullable Position position, Outcome outcome) {

    private static final int LEFT_OUT = 0;
    private static final int ROW = 1;
    private static final int REJECTED = 2;

    /** Orders where versions of a record lie: one without a position lies before those with one. */
    static int compare(@Nullable Position one, @Nullable Position other, Comparator<Position> positions) {
        return one == null || other == null
                ? Boolean.compare(one != null, other != null)
                : positions.compare(one, other);
    }

    /** The outcome, in bytes. */
    static byte[] bytes(Outcome outcome) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (outcome instanceof Outcome.Row row) {
                out.writeByte(ROW);
                Texts.write(out, row.place());
                Cells.write(out, row.cells());
            } else if (outcome instanceof Outcome.Rejected rejected) {
                out.writeByte(REJECTED);
                Texts.write(out, rejected.record().definition());
                Texts.write(out, rejected.record().recordKey());
                Texts.write(out, rejected.record().field());
                Texts.write(out, rejected.record().reason());
            } else {
                out.writeByte(LEFT_OUT);
            }
        }
        return bytes.toByteArray();
    }

    static Outcome outcome(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int kind = in.readByte();
            return switch (kind) {
                case LEFT_OUT -> Outcome.LeftOut.INSTANCE;
                case ROW -> new Outcome.Row(Texts.read(in), Cells.read(in));
                case REJECTED ->
                    new Outcome.Rejected(
                            new RejectedRecord(Texts.read(in), Texts.read(in), Texts.read(in), Texts.read(in)), null);
                default -> throw new IOException("an outcome of kind " + kind);
            };
        }
    }
}
