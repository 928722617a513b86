package io.outfeed.internal.mapping;

import io.outfeed.format.CellType;
import io.outfeed.internal.io.StringCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads cells in Outfeed's own files, which {@link RowCodec} writes. */
public final class CellCodec {

    private CellCodec() {}

    public static List<@Nullable Cell> read(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<@Nullable Cell> cells = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = StringCodec.readNullable(in);
            cells.add(text == null ? null : new Cell(text, type(in.readByte())));
        }
        return cells;
    }

    static int code(CellType type) {
        return switch (type) {
            case TEXT -> 0;
            case INTEGER -> 1;
            case DECIMAL -> 2;
            case BOOLEAN -> 3;
            case DATE -> 4;
            case TIME -> 5;
            case TIMESTAMP -> 6;
            case INSTANT -> 7;
        };
    }

    static CellType type(int code) throws IOException {
        return switch (code) {
            case 0 -> CellType.TEXT;
            case 1 -> CellType.INTEGER;
            case 2 -> CellType.DECIMAL;
            case 3 -> CellType.BOOLEAN;
            case 4 -> CellType.DATE;
            case 5 -> CellType.TIME;
            case 6 -> CellType.TIMESTAMP;
            case 7 -> CellType.INSTANT;
            default -> throw new IOException("a cell of type " + code);
        };
    }
}
