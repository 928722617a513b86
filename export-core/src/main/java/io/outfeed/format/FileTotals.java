package io.outfeed.format;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a file has in all, for trailers and control records.
 *
 * <p>Immutable.
 *
 * @param rows the number of its records
 * @param sums the sums of the columns that the definition adds up, by their names, in the order in which it names them;
 *     empty cells are not added
 */
public record FileTotals(long rows, Map<String, BigDecimal> sums) {

    /**
     * Copies the sums.
     *
     * @param rows the number of its records
     * @param sums the sums of columns, by their names
     */
    public FileTotals {
        sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
    }

    /** The number of rows, without the sums. */
    @Override
    public String toString() {
        return rows + " rows";
    }
}
