package io.outfeed.internal.mapping;

import io.outfeed.ExportDefinition;
import io.outfeed.error.MappingException;
import io.outfeed.run.RejectedRecord;
import org.jspecify.annotations.Nullable;

/** The result of filtering and mapping a record. */
public sealed interface MappedRecord {

    /**
     * A row to deliver.
     *
     * @param place the file that it is written to, as {@link FileKey#text} gives it
     * @param cells the cells of its fields
     */
    record Row(String place, RowCells cells) implements MappedRecord {

        /** Omits the cells, which may be personal. */
        @Override
        public String toString() {
            return "row";
        }
    }

    /** A record that does not pass the filter, or was delivered before. */
    record LeftOut() implements MappedRecord {

        public static final LeftOut INSTANCE = new LeftOut();
    }

    /**
     * A record that can't be mapped.
     *
     * @param failure the exception; null if it is no longer available
     */
    record Rejected(RejectedRecord record, @Nullable MappingException failure) implements MappedRecord {

        public static Rejected of(ExportDefinition<?> definition, MappingException failure) {
            return new Rejected(
                    new RejectedRecord(definition.name(), failure.recordKey(), failure.field(), failure.reason()),
                    failure);
        }
    }
}
