package io.outfeed.layout;

import static java.util.Objects.requireNonNull;

import io.outfeed.field.IfUnmatched;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The receiver's codes for the values of a column: those of a table that the definition declares, or the layout's own.
 *
 * <p>Immutable.
 *
 * @param table the name of the table; empty if the layout has codes of its own
 * @param codes the receiver's code for the text of each value; empty with a table
 * @param ifUnmatched how a value without a code is handled; a table has its own rule
 * @param unmatchedCode the code for all values without one, before {@code ifUnmatched}; empty for none
 * @param nullCode the code for null; empty for an empty cell
 */
public record LayoutCodes(
        Optional<String> table,
        Map<String, String> codes,
        IfUnmatched ifUnmatched,
        Optional<String> unmatchedCode,
        Optional<String> nullCode) {

    /**
     * Copies the codes.
     *
     * @param table the name of the table; empty if the layout has codes of its own
     * @param codes the receiver's code for the text of each value; empty with a table
     * @param ifUnmatched how a value without a code is handled; a table has its own rule
     * @param unmatchedCode the code for all values without one, before {@code ifUnmatched}; empty for none
     * @param nullCode the code for null; empty for an empty cell
     */
    public LayoutCodes {
        codes = Collections.unmodifiableMap(new LinkedHashMap<>(codes));
    }

    /**
     * Takes the codes of a table.
     *
     * @param name the name by which the definition declares it
     * @return codes
     */
    public static LayoutCodes table(String name) {
        return new LayoutCodes(Optional.of(name), Map.of(), IfUnmatched.FAIL, Optional.empty(), Optional.empty());
    }

    /**
     * Takes codes of the layout's own: a record with a value without a code is rejected, and null is an empty cell.
     *
     * @param codes the receiver's code for the text of each value
     * @return codes
     */
    public static LayoutCodes of(Map<String, String> codes) {
        return new LayoutCodes(Optional.empty(), codes, IfUnmatched.FAIL, Optional.empty(), Optional.empty());
    }

    /**
     * Sets how a value without a code is handled.
     *
     * @param choice the choice; {@link IfUnmatched#FAIL} by default
     * @return other codes
     */
    public LayoutCodes ifUnmatched(IfUnmatched choice) {
        return new LayoutCodes(table, codes, requireNonNull(choice, "choice"), Optional.empty(), nullCode);
    }

    /**
     * Sets a code for all values without one.
     *
     * @param code the receiver's code for any other value
     * @return other codes
     */
    public LayoutCodes ifUnmatched(String code) {
        return new LayoutCodes(table, codes, ifUnmatched, Optional.of(code), nullCode);
    }

    /**
     * Sets a code for null.
     *
     * @param code the receiver's code for a missing value
     * @return other codes
     */
    public LayoutCodes ifNull(String code) {
        return new LayoutCodes(table, codes, ifUnmatched, unmatchedCode, Optional.of(code));
    }

    /** The table, or the number of codes. */
    @Override
    public String toString() {
        return table.map(name -> "codes '" + name + "'").orElse(codes.size() + " codes");
    }
}
