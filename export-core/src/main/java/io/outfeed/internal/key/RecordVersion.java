package io.outfeed.internal.key;

import io.outfeed.internal.io.ByteOutput;
import io.outfeed.internal.io.StringCodec;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.mapping.RowCodec;
import io.outfeed.run.RejectedRecord;
import io.outfeed.source.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    /** Writes the outcome. */
    void writeOutcome(ByteOutput out) {
        if (outcome instanceof MappedRecord.Row row) {
            out.putByte(ROW);
            out.put(row.place());
            RowCodec.writeValues(out, row.cells());
        } else if (outcome instanceof MappedRecord.Rejected rejected) {
            out.putByte(REJECTED);
            out.put(rejected.record().definition());
            out.put(rejected.record().recordKey());
            out.put(rejected.record().field());
            out.put(rejected.record().reason());
        } else {
            out.putByte(LEFT_OUT);
        }
    }

    static MappedRecord readOutcome(ByteBuffer in) throws IOException {
        int kind = in.get();
        return switch (kind) {
            case LEFT_OUT -> MappedRecord.LeftOut.INSTANCE;
            case ROW -> new MappedRecord.Row(StringCodec.read(in), RowCodec.readValues(in));
            case REJECTED ->
                new MappedRecord.Rejected(
                        new RejectedRecord(
                                StringCodec.read(in), StringCodec.read(in), StringCodec.read(in), StringCodec.read(in)),
                        null);
            default -> throw new IOException("an outcome of kind " + kind);
        };
    }
}
