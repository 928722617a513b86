package io.outfeed.jdbc.internal.column;

/**
 * A value that its type has no room for, kept in the place of the value: it is a problem only where it is used.
 *
 * @param reason what it is, after the name of its column, and what to do
 */
public record OddValue(String reason) {

    private static final String CAST = ": correct the record, or make the column text in the query";

    static final OddValue INFINITE = new OddValue("is infinite" + CAST);
    static final OddValue NOT_A_NUMBER = new OddValue("is not a number" + CAST);
    static final OddValue YEAR = new OddValue("has a year that is not 1 to 9999" + CAST);
    static final OddValue NO_DATE = new OddValue("is no date of the calendar, such as the year, month or day 0" + CAST);

    static OddValue unreadable(String type) {
        return new OddValue("has a value that the driver can't read as " + type + CAST);
    }
}
