package io.outfeed.internal.key;

import io.outfeed.internal.io.StringCodec;
import io.outfeed.internal.mapping.CellCodec;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.mapping.RowCells;
import io.outfeed.run.RejectedRecord;
import io.outfeed.source.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One version of a record as the source gave it, with the result of mapping it.
 *
 * @param key its key
 * @param position its position; null if records have none
 */
public record RecordVersion(RecordKey key, @Nullable Position position, MappedRecord outcome) {

    private static final int LEFT_OUT = 0;
    private static final int ROW = 1;
    private static final int REJECTED = 2;

    /** Compares the positions of two versions; a version without a position comes first. */
    static int compare(@Nullable Position one, @Nullable Position other, Comparator<Position> positions) {
        return one == null || other == null
                ? Boolean.compare(one != null, other != null)
                : positions.compare(one, other);
    }

    /** Serializes an outcome. */
    public static byte[] bytes(MappedRecord outcome) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (outcome instanceof MappedRecord.Row row) {
                out.writeByte(ROW);
                StringCodec.write(out, row.place());
                CellCodec.write(out, row.cells());
            } else if (outcome instanceof MappedRecord.Rejected rejected) {
                out.writeByte(REJECTED);
                StringCodec.write(out, rejected.record().definition());
                StringCodec.write(out, rejected.record().recordKey());
                StringCodec.write(out, rejected.record().field());
                StringCodec.write(out, rejected.record().reason());
            } else {
                out.writeByte(LEFT_OUT);
            }
        }
        return bytes.toByteArray();
    }

    static MappedRecord outcome(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int kind = in.readByte();
            return switch (kind) {
                case LEFT_OUT -> MappedRecord.LeftOut.INSTANCE;
                case ROW -> new MappedRecord.Row(StringCodec.read(in), new RowCells(CellCodec.read(in)));
                case REJECTED ->
                    new MappedRecord.Rejected(
                            new RejectedRecord(
                                    StringCodec.read(in),
                                    StringCodec.read(in),
                                    StringCodec.read(in),
                                    StringCodec.read(in)),
                            null);
                default -> throw new IOException("an outcome of kind " + kind);
            };
        }
    }
}
