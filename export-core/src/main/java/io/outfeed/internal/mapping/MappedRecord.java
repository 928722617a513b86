package io.outfeed.internal.mapping;

import io.outfeed.ExportDefinition;
import io.outfeed.error.MappingException;
import io.outfeed.run.RejectedRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of a record. */
public sealed interface MappedRecord {

    /**
     * It is delivered.
     *
     * @param place which file it goes to, as {@link FileKey#text} gives it
     * @param cells the cells; null for an empty one
     */
    record Row(String place, List<@Nullable Cell> cells) implements MappedRecord {

        /** Says nothing of the cells. */
        @Override
        public String toString() {
            return "row";
        }
    }

    /** It does not pass the filter, or was delivered before. */
    record LeftOut() implements MappedRecord {

        public static final LeftOut INSTANCE = new LeftOut();
    }

    /**
     * It can't be mapped.
     *
     * @param failure what was thrown; null if that is no longer at hand
     */
    record Rejected(RejectedRecord record, @Nullable MappingException failure) implements MappedRecord {

        public static Rejected of(ExportDefinition<?> definition, MappingException failure) {
            return new Rejected(
                    new RejectedRecord(definition.name(), failure.recordKey(), failure.field(), failure.reason()),
                    failure);
        }
    }
}
