package io.outfeed.run;

import static java.util.Objects.requireNonNull;

/**
 * A record that a run left out, since it can't be mapped.
 *
 * <p>Immutable. Has no value of the record.
 *
 * @param definition the name of the definition
 * @param recordKey the key of the record
 * @param field the header of the first field that can't be mapped; {@code filter}, {@code folderPer} or {@code filePer}
 *     if it was one of these
 * @param reason what is wrong and what to do
 */
public record RejectedRecord(String definition, String recordKey, String field, String reason) {

    /**
     * Checks that nothing is missing.
     *
     * @param definition the name of the definition
     * @param recordKey the key of the record
     * @param field the header of the field
     * @param reason what is wrong and what to do
     */
    public RejectedRecord {
        requireNonNull(definition, "definition");
        requireNonNull(recordKey, "recordKey");
        requireNonNull(field, "field");
        requireNonNull(reason, "reason");
    }
}
